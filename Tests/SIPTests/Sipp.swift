// The real `sipp` as the other end: one process, one scenario from Fixtures, a verdict.

import Foundation
import Testing
import Timing

@testable import SIP

/// A run of sipp.
@Signalling
final class Sipp {
    nonisolated static let path = ["/usr/bin/sipp", "/usr/local/bin/sipp"].first(
        where: FileManager.default.isExecutableFile)
    nonisolated static let hint: Comment = "SKIPPED: sipp is not installed (Debian package sip-tester)."

    private let process = Process()
    private let exit = Inbox<Int32>()
    private let folder: URL
    /// Where it listens.
    let port: UInt16
    let scenario: String

    /// - Parameters:
    ///   - target: the user agent to be called; nil: sipp waits for our call.
    init(
        _ scenario: String, calling target: UInt16? = nil, calls: Int = 1, rate: Int = 10, transport: String = "u1",
        host: String = "127.0.0.1"
    ) throws {
        self.scenario = scenario
        port = try FreePort.take(host)
        folder = FileManager.default.temporaryDirectory.appending(path: "sipp-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        guard let path = Self.path,
            let file = Bundle.module.url(forResource: scenario, withExtension: "xml", subdirectory: "Fixtures")
        else { throw TestFailure("There is no \(scenario).xml, or no sipp.") }
        let address = host.contains(":") ? "[\(host)]" : host
        process.executableURL = URL(filePath: path)
        process.currentDirectoryURL = folder
        var arguments = ["-sf", file.path, "-i", address, "-p", String(port), "-t", transport]
        arguments += ["-m", String(calls), "-r", String(rate), "-l", "400", "-s", "+48221234567"]
        // sipp opens media ports that nobody uses, and gives up when one is taken: on an address of its own none is.
        let media = (0..<3).map { _ in String(Int.random(in: 1...254)) }.joined(separator: ".")
        arguments += ["-mi", "127.\(media)", "-cp", String(try FreePort.take(host))]
        arguments += ["-nostdin", "-timeout", "90s", "-timeout_error", "-trace_err", "-error_file", "errors.log"]
        if let target { arguments.append("\(address):\(target)") }
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.terminationHandler = { [exit] process in
            let status = process.terminationStatus
            Task { @Signalling in exit.put(status) }
        }
        try process.run()
    }

    /// A test that failed on its way leaves nothing behind. Because Foundation's child inherits a mask that blocks SIGTERM, it
    /// is SIGKILL.
    isolated deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// Waits until it listens: a packet that comes earlier is refused by the kernel.
    func listens() async throws {
        let wanted = ":" + String(port, radix: 16, uppercase: true) + " "
        let poll = Inbox<Void>()
        for _ in 0..<1_000 {
            if Self.boundSockets().contains(wanted) { return }
            Signalling.timer(at: Clock.monotonic() + .milliseconds(10)) { poll.put(()) }
            try await poll.next()
        }
        throw TestFailure("sipp does not listen.")
    }

    /// The kernel's table. It is read to its end by hand: Foundation takes its size of 0 for the truth.
    private static func boundSockets() -> String {
        let descriptor = open("/proc/net/udp", O_RDONLY)
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }

    /// Waits for the end; a scenario that did not go as written is a failed test with sipp's own words.
    func expectSuccess(_ place: SourceLocation = #_sourceLocation) async throws {
        let status = try await exit.next(within: .seconds(120))
        let log = folder.appending(path: "errors.log")
        let words = (try? String(contentsOf: log, encoding: .utf8)) ?? ""
        #expect(status == 0, "\(scenario): \(words.prefix(3000))", sourceLocation: place)
    }
}

/// Ports that nobody uses now.
enum FreePort {
    /// Free for UDP and TCP.
    static func take(_ host: String) throws -> UInt16 {
        let text = host.contains(":") ? "[\(host)]:0" : "\(host):0"
        guard let port = ListenAddress(text)?.withPort?.port else { throw TestFailure("No free port.") }
        return port
    }

    /// Binds the socket when it is not bound yet, and tells its port.
    static func bound<Address>(_ descriptor: Int32, _ address: inout Address, port: (Address) -> UInt16) -> UInt16 {
        var length = socklen_t(MemoryLayout<Address>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                _ = bind(descriptor, pointer, length)
                _ = getsockname(descriptor, pointer, &length)
            }
        }
        return port(address)
    }
}
