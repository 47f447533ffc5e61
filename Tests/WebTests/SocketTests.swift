// WebSockets: who is let in, what is understood, what is thrown out.

import NIOCore
import Testing

@testable import Web

@Suite(.serialized) struct SocketTests {
    @Test func `a page of somebody else is refused before the upgrade`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("consultant")
        for origin in [nil, "null", "https://evil.example", "http://127.0.0.1:1"] {
            for path in ["/ws/consultant", "/ws/caller"] {
                let answer = try await house.exchange(house.handshake(path, cookie: cookie, origin: origin))
                #expect(answer.status == 403, "\(path) \(origin ?? "none")")
            }
        }
    }

    @Test func `what is no WebSocket of ours is answered and closed`() async throws {
        let house = try await House.shared.value
        #expect(try await house.exchange(house.handshake("/ws/other", origin: house.origin)).status == 404)
        let plain = try await house.get("/ws/caller", headers: "Origin: \(house.origin)\r\n")
        #expect(plain.status == 426)
        let head = house.handshake("/ws/caller", origin: house.origin)
        for (wrong, status) in [
            (head.replacing("Version: 13", with: "Version: 8"), 426),
            (head.replacing("Upgrade: websocket", with: "Upgrade: h2c"), 426),
            (head.replacing("Sec-WebSocket-Key", with: "X-Key"), 400),
            (head.replacing("GET /ws/caller", with: "GET /ws/../login"), 404),
        ] {
            #expect(try await house.exchange(wrong).status == status)
        }
    }

    @Test(arguments: [("nobody", UInt16(4401)), ("supervisor", 4403), ("administrator", 4403), ("newcomer", 4403)])
    func `whoever may not take calls is told by the close code`(_ visitor: String, _ code: UInt16) async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie(visitor)
        let heard = try await house.socket("/ws/consultant", cookie: cookie) { _, next in try await next() }
        #expect(heard == .close(code))
    }

    @Test func `messages go both ways, whole or in fragments`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("consultant")
        try await house.socket("/ws/consultant", cookie: cookie) { send, next in
            #expect(try await next() == .text(#"{"type":"welcome"}"#))
            try await send(frame(text: "hello"))
            #expect(try await next() == .text("heard 5"))
            try await send(frame(1, Array("zażó".utf8.prefix(3)), fin: false))
            try await send(frame(9, Array("between".utf8)))
            #expect(try await next() == .pong("between"))
            try await send(frame(0, [], fin: false))
            try await send(frame(0, Array("zażó".utf8.dropFirst(3))))
            #expect(try await next() == .text("heard 6"))
            try await send(frame(1, [UInt8](repeating: 0x61, count: 65_536)))
            #expect(try await next() == .text("heard 65536"))
        }
    }

    @Test(arguments: [
        ("unmasked", frame(1, [0x61], masked: false), UInt16(1002)),
        ("reserved bit", frame(1, [0x61], reserved: 0x40), 1002),
        ("binary", frame(2, [1, 2, 3]), 1003), ("not UTF-8", frame(1, [0xFF, 0xFE]), 1007),
        ("half a character", frame(1, [0xC5]), 1007), ("continuation of nothing", frame(0, [0x61]), 1002),
        ("long ping", frame(9, [UInt8](repeating: 0, count: 126)), 1002),
        ("fragmented ping", frame(9, [], fin: false), 1002),
        ("unknown kind", frame(5, []), 1002), ("too long", frame(1, [UInt8](repeating: 0x61, count: 65_537)), 1009),
    ])
    func `a broken rule closes the socket`(_ name: String, _ bytes: ByteBuffer, _ code: UInt16) async throws {
        let house = try await House.shared.value
        let heard = try await house.socket("/ws/caller") { send, next in
            #expect(try await next() == .text(#"{"type":"welcome"}"#))
            try await send(bytes)
            return try await next()
        }
        #expect(heard == .close(code), "\(name)")
    }

    @Test func `fragments together may not be longer than one message`() async throws {
        let house = try await House.shared.value
        let heard = try await house.socket("/ws/caller") { send, next in
            _ = try await next()
            let half = [UInt8](repeating: 0x61, count: 40_000)
            try await send(frame(1, half, fin: false))
            try await send(frame(0, half, fin: false))
            return try await next()
        }
        #expect(heard == .close(1009))
    }

    @Test func `a flood of messages closes the socket`() async throws {
        let house = try await House.shared.value
        let last = try await house.socket("/ws/caller") { send, next in
            var many = ByteBuffer()
            for _ in 0..<400 { many.writeImmutableBuffer(frame(text: "x")) }
            try await send(many)
            var heard = try await next()
            while case .text = heard { heard = try await next() }
            return heard
        }
        #expect(last == .close(1008))
    }

    @Test func `logging out closes the page's socket`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("consultant")
        let heard = try await house.socket("/ws/consultant", cookie: cookie) { _, next in
            _ = try await next()
            _ = try await house.post("/logout", "", cookie: cookie)
            return try await next()
        }
        #expect(heard == .close(4401))
    }

    @Test func `an address may not open callers' sockets without end`() async throws {
        let open = OpenSockets()
        let opening = WebSocketOpening.fixture(.caller, remote: "192.0.2.1")
        let places = (0..<OpenSockets.callersPerAddress).compactMap { _ in open.enter(opening, account: nil) }
        #expect(places.count == OpenSockets.callersPerAddress)
        #expect(open.enter(opening, account: nil) == nil)
        #expect(open.enter(.fixture(.caller, remote: "192.0.2.2"), account: nil) != nil)
        open.leave(places[0])
        #expect(open.enter(opening, account: nil) != nil)
    }

    @Test func `the first bytes tell a WebSocket from a page, however they come`() {
        let socket = Array("GET /ws/consultant HTTP/1.1".utf8)
        for count in 0..<8 { #expect(FirstBytes.guess(socket.prefix(count)) == nil) }
        for count in 8..<socket.count { #expect(FirstBytes.guess(socket.prefix(count)) == .webSocket) }
        for text in ["P", "GET /w ", "GET /wsx", "\u{16}\u{3}"] { #expect(FirstBytes.guess(Array(text.utf8)) == .page) }
    }

    @Test func `a bucket lets through its capacity and then its rate`() {
        var bucket = TokenBucket(capacity: 3, perSecond: 2, now: 0)
        let first = (0..<5).map { _ in bucket.take(now: 0) }
        #expect(first == [true, true, true, false, false])
        let later = (0..<3).map { _ in bucket.take(now: 1) }
        #expect(later == [true, true, false])
    }
}
