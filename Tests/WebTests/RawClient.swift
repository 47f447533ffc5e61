// A client that sends exactly the bytes that a test wants, and reads what comes.

import NIOCore
import NIOPosix

/// An answer, taken apart no further than tests need.
struct Answer: Sendable {
    var status: Int
    var headers: [(name: String, value: String)]
    var body: String

    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
    func all(_ name: String) -> [String] { headers.filter { $0.name == name }.map(\.value) }

    init(parsing bytes: ByteBuffer) {
        let text = String(buffer: bytes)
        let end = text.firstRange(of: "\r\n\r\n")
        let head = end.map { String(text[..<$0.lowerBound]) } ?? text
        let lines = head.split(separator: "\r\n")
        status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        headers = lines.dropFirst().compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            return (parts[0].lowercased(), String(parts[1].drop { $0 == " " }))
        }
        body = end.map { String(text[$0.upperBound...]) } ?? ""
    }
}

extension House {
    typealias Line = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    func connect() async throws -> Line {
        try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(host: "127.0.0.1", port: port) {
            channel in
            channel.eventLoop.makeCompletedFuture { try NIOAsyncChannel(wrappingChannelSynchronously: channel) }
        }
    }

    /// Sends these bytes and reads until the server closes.
    func exchange(_ request: String) async throws -> Answer { try await exchange(Array(request.utf8)) }

    func exchange(_ request: [UInt8]) async throws -> Answer {
        try await connect().executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(bytes: request))
            var all = ByteBuffer()
            for try await part in inbound { all.writeImmutableBuffer(part) }
            return Answer(parsing: all)
        }
    }

    var origin: String { "http://127.0.0.1:\(port)" }

    func get(_ path: String, cookie: String = "", headers: String = "") async throws -> Answer {
        let cookies = cookie.isEmpty ? "" : "Cookie: \(cookie)\r\n"
        return try await exchange(
            "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\(cookies)\(headers)\r\n")
    }

    /// - Parameter origin: nil sends our own.
    func post(_ path: String, _ body: String, cookie: String = "", origin: String? = nil) async throws -> Answer {
        let origins = origin == "" ? "" : "Origin: \(origin ?? self.origin)\r\n"
        let cookies = cookie.isEmpty ? "" : "Cookie: \(cookie)\r\n"
        return try await exchange(
            "POST \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n\(origins)\(cookies)"
                + "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
    }
}
