// What strangers throw at port 5060: cut, bent and repeated requests. Nothing of it may stop the service.

import Foundation
import SIP
import TestTools
import Testing

@Suite(.serialized, .timeLimit(.minutes(3)))
@Signalling
struct HostileTests {
    /// Bytes without a protocol behind them.
    @Signalling
    private final class RawSocket {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        /// Where it sends to.
        let port: UInt16

        init(port: UInt16) { self.port = port }

        /// Where it hears answers.
        var localPort: UInt16 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
            return FreePort.bound(descriptor, &address) { UInt16(bigEndian: $0.sin_port) }
        }

        /// Says yes to every BYE, and gives out the To tag of every 200 to a first INVITE.
        func answer(_ tags: Inbox<String>) {
            while let message = receive() {
                let lines = message.split(separator: "\r\n")
                if message.hasPrefix("BYE ") {
                    let wanted = ["Via:", "From:", "To:", "Call-ID:", "CSeq:"]
                    let headers = lines.filter { line in wanted.contains { line.hasPrefix($0) } }
                    send(
                        Array(
                            (["SIP/2.0 200 OK"] + headers + ["Content-Length: 0", "", ""]).joined(separator: "\r\n")
                                .utf8))
                } else if message.hasPrefix("SIP/2.0 200"), message.contains("CSeq: 1 INVITE\r\n") {
                    let to = lines.first { $0.hasPrefix("To:") } ?? ""
                    if let tag = to.split(separator: ";tag=").dropFirst().first { tags.put(String(tag)) }
                }
            }
        }

        /// What came, without waiting.
        func receive() -> String? {
            var buffer = [UInt8](repeating: 0, count: 65_536)
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
        }

        func send(_ bytes: [UInt8]) {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    _ = sendto(descriptor, bytes, bytes.count, 0, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }

        deinit { close(descriptor) }
    }

    /// An INVITE with everything in it that we read.
    private func invite(_ number: Int, from port: UInt16) throws -> [UInt8] {
        let url = try #require(Bundle.module.url(forResource: "invite", withExtension: "txt", subdirectory: "Fixtures"))
        let text = try String(contentsOf: url, encoding: .utf8)
            .replacing("NUMBER", with: "\(number)").replacing("PORT", with: "\(port)")
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return Array(lines.joined(separator: "\r\n").utf8)
    }

    private func expectService(_ station: Station, _ place: SourceLocation = #_sourceLocation) async throws {
        let caller = try Station()
        station.userAgent.onIncoming = {
            $0.from.host == "127.0.0.1" ? $0.answer(sdp: SDP.audio(2)) : $0.reject(status: 480)
        }
        let call = try caller.call(station, sdp: SDP.audio(1))
        #expect(try await call.events.next() == .confirmed(sdp: SDP.audio(2)), sourceLocation: place)
        call.dialog.hangUp()
        #expect(try await call.events.next() == .ended(by: .local, cause: nil, reason: nil), sourceLocation: place)
        await caller.userAgent.shutdown()
    }

    @Test func `Every truncation of an INVITE is refused or ignored`() async throws {
        let station = try Station()
        station.userAgent.onIncoming = { $0.reject(status: 480) }
        let raw = RawSocket(port: station.userAgent.port)
        let length = try invite(0, from: raw.localPort).count
        for end in 0...length {
            raw.send(Array(try invite(end, from: raw.localPort).prefix(end)))
            // Lets the signalling thread keep up with the socket's buffer.
            await Task.yield()
        }
        try await expectService(station)
        await station.userAgent.shutdown()
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `Bent requests are refused or ignored`(seed: UInt64) async throws {
        let station = try Station()
        station.userAgent.onIncoming = { $0.reject(status: 480) }
        let raw = RawSocket(port: station.userAgent.port)
        var random = SeededGenerator(seed: seed)
        let methods = ["INVITE", "ACK", "BYE", "CANCEL", "OPTIONS", "PRACK", "INFO", "UPDATE", "SIP/2.0 200 OK"]
        for number in 0..<500 {
            var bytes = try invite(Int(seed) * 10_000 + number, from: raw.localPort)
            if random.next() % 2 == 0, let method = methods.randomElement(using: &random) {
                bytes.replaceSubrange(0..<6, with: Array(method.utf8))
            }
            for _ in 0..<Int.random(in: 1...6, using: &random) { bend(&bytes, &random) }
            raw.send(bytes)
            if number % 8 == 0 { await Task.yield() }
        }
        try await expectService(station)
        await station.userAgent.shutdown()
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `Bent requests inside a call are refused or ignored`(seed: UInt64) async throws {
        let station = try Station()
        station.answerAll(sdp: SDP.audio(2))
        let raw = RawSocket(port: station.userAgent.port)
        let tags = Inbox<String>()
        let watch = Signalling.watch(fd: raw.descriptor) { raw.answer(tags) }
        var random = SeededGenerator(seed: seed)
        let methods = ["ACK", "INVITE", "UPDATE", "INFO", "PRACK", "OPTIONS", "REFER", "CANCEL", "BYE"]
        for number in 0..<60 {
            let request = String(decoding: try invite(Int(seed) * 10_000 + number, from: raw.localPort), as: UTF8.self)
            raw.send(Array(request.utf8))
            let tag = try await tags.next()
            let inside = request.replacing(
                "<sip:+48221234567@example.com>", with: "<sip:+48221234567@example.com>;tag=\(tag)")
            for count in 2..<12 {
                let method = count == 2 ? "ACK" : methods.randomElement(using: &random) ?? "BYE"
                let line = method == "ACK" ? 1 : count
                var bytes = Array(
                    inside.replacing("INVITE sip:", with: "\(method) sip:").replacing(
                        "1 INVITE", with: "\(line) \(method)"
                    )
                    .replacing("z9hG4bK-", with: "z9hG4bK-\(count)-").utf8)
                if count > 2 || number % 3 == 0 {
                    for _ in 0..<Int.random(in: 0...3, using: &random) { bend(&bytes, &random) }
                }
                raw.send(bytes)
                await Task.yield()
            }
        }
        try await expectService(station)
        await station.userAgent.shutdown()
        watch.cancel()
    }

    private func bend(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard bytes.count > 8 else { return }
        let at = Int.random(in: 0..<bytes.count - 4, using: &random)
        switch Int.random(in: 0..<5, using: &random) {
        case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + Int.random(in: 1...20, using: &random)))
        case 2: bytes.insert(contentsOf: bytes[at..<min(bytes.count, at + 30)], at: at)
        case 3: bytes.insert(contentsOf: Array("\r\n".utf8), at: at)
        default:
            bytes.insert(
                contentsOf: [UInt8](repeating: bytes[at], count: Int.random(in: 1...300, using: &random)), at: at)
        }
    }
}
