// How another process of this machine speaks to the running server: a socket in the data folder, for this user alone.

import Foundation
@preconcurrency import Glibc

/// One request is one line; one answer is a line with an exit status, then text, then the end of the connection. Who can open
/// the socket can also read the store: the folder's permissions guard both.
struct ControlSocket {
    private static let lineLimit = 256
    private static let answerLimit = 1 << 20

    private let path: String
    private let listener: Int32

    static func path(in dataDirectory: String) -> String { dataDirectory + "/control" }

    /// Serves on a thread of its own until `close`. Throws when the socket cannot be made.
    init(path: String, answer: @escaping @Sendable (_ request: String) async -> (status: Int32, text: String)) throws {
        self.path = path
        unlink(path)  // because it is left over after a crash; the lock on the folder says that nobody else uses it
        let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        self.listener = listener
        guard listener >= 0, Self.withAddress(path, { bind(listener, $0, $1) }) == 0, chmod(path, 0o600) == 0,
            listen(listener, 8) == 0
        else {
            let reason = String(cString: strerror(errno))
            Glibc.close(listener)
            throw ControlError(description: "the control socket \(path) cannot be opened: \(reason)")
        }
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    switch errno {
                    case EINTR, ECONNABORTED: continue
                    case EMFILE, ENFILE:
                        Thread.sleep(forTimeInterval: 0.1)  // no descriptor is free at the moment
                        continue
                    default: return
                    }
                }
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                Self.limit(connection, seconds: 5)
                guard let request = Self.line(from: connection) else {
                    Glibc.close(connection)
                    continue
                }
                Task.detached {
                    let (status, text) = await answer(request)
                    Self.write("\(status)\n\(text)\n", to: connection)
                    Glibc.close(connection)
                }
            }
        }
    }

    func close() {
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
        unlink(path)
    }

    /// Asks a running server. Throws when none answers.
    static func ask(_ request: String, at path: String) throws -> (status: Int32, text: String) {
        let connection = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { Glibc.close(connection) }
        guard connection >= 0, withAddress(path, { connect(connection, $0, $1) }) == 0 else {
            throw ControlError(description: "No server is running on this data folder (\(path) does not answer).")
        }
        write(request + "\n", to: connection)
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while received.count < answerLimit {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { break }
            received += buffer[..<count]
        }
        let answer = String(decoding: received, as: UTF8.self)
        let lines = answer.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard lines.count == 2, let status = Int32(lines[0]) else {
            throw ControlError(description: "The server gave no answer.")
        }
        return (status, lines[1].trimmingCharacters(in: .newlines))
    }

    private static func withAddress(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return -1
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    /// Whoever connects and says nothing is not waited for.
    private static func limit(_ connection: Int32, seconds: Int) {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(connection, SOL_SOCKET, option, &time, socklen_t(MemoryLayout<timeval>.size))
        }
    }

    private static func line(from connection: Int32) -> String? {
        var received: [UInt8] = []
        var byte: UInt8 = 0
        while received.count < lineLimit, recv(connection, &byte, 1, 0) == 1 {
            if byte == UInt8(ascii: "\n") { return String(decoding: received, as: UTF8.self) }
            received.append(byte)
        }
        return nil
    }

    private static func write(_ text: String, to connection: Int32) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let sent = bytes.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            bytes = bytes.dropFirst(sent)
        }
    }
}

struct ControlError: Error, CustomStringConvertible {
    let description: String
}
