// The browser's end of a WebSocket (RFC 6455), able to break the rules.

import NIOCore

/// What a server's frame held.
enum Heard: Equatable {
    case text(String)
    case pong(String)
    case ping
    case close(UInt16)
    /// The connection is gone.
    case end
}

/// One frame as bytes. Masked with zeros: allowed, and easy to read.
func frame(_ opcode: UInt8, _ payload: [UInt8], fin: Bool = true, masked: Bool = true, reserved: UInt8 = 0)
    -> ByteBuffer
{
    var bytes = ByteBuffer(bytes: [(fin ? 0x80 : 0) | reserved | opcode])
    let mask: UInt8 = masked ? 0x80 : 0
    switch payload.count {
    case ..<126: bytes.writeInteger(mask | UInt8(payload.count))
    case ..<65_536:
        bytes.writeInteger(mask | 126)
        bytes.writeInteger(UInt16(payload.count))
    case _:
        bytes.writeInteger(mask | 127)
        bytes.writeInteger(UInt64(payload.count))
    }
    if masked { bytes.writeInteger(UInt32(0)) }
    bytes.writeBytes(payload)
    return bytes
}

func frame(text: String) -> ByteBuffer { frame(1, Array(text.utf8)) }

extension House {
    /// The handshake's request head.
    func handshake(_ path: String, cookie: String = "", origin: String?) -> String {
        "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + (origin.map { "Origin: \($0)\r\n" } ?? "") + (cookie.isEmpty ? "" : "Cookie: \(cookie)\r\n") + "\r\n"
    }

    /// Opens a socket and lets `body` speak; `next` gives what the server says, frame by frame.
    func socket<T: Sendable>(
        _ path: String, cookie: String = "",
        _ body: (_ send: (ByteBuffer) async throws -> Void, _ next: () async throws -> Heard) async throws -> T
    ) async throws -> T {
        try await connect().executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: handshake(path, cookie: cookie, origin: origin)))
            var iterator = inbound.makeAsyncIterator()
            var reader = FrameReader()
            let next = {
                while true {
                    if let heard = reader.next() { return heard }
                    guard let more = try await iterator.next() else { return Heard.end }
                    reader.bytes.writeImmutableBuffer(more)
                }
            }
            return try await body({ try await outbound.write($0) }, next)
        }
    }
}

/// Server frames out of a stream that begins with the handshake's answer.
private struct FrameReader {
    var bytes = ByteBuffer()
    private var hasHead = false

    mutating func next() -> Heard? {
        if !hasHead {
            let text = String(buffer: bytes)
            guard let end = text.firstRange(of: "\r\n\r\n") else { return nil }
            bytes.moveReaderIndex(forwardBy: text[..<end.upperBound].utf8.count)
            hasHead = true
        }
        var rest = bytes
        guard let first = rest.readInteger(as: UInt8.self), let second = rest.readInteger(as: UInt8.self) else {
            return nil
        }
        var length = Int(second & 0x7F)
        if length == 126 {
            guard let long = rest.readInteger(as: UInt16.self) else { return nil }
            length = Int(long)
        }
        guard var payload = rest.readSlice(length: length) else { return nil }
        bytes = rest
        switch first & 0x0F {
        case 1: return .text(String(buffer: payload))
        case 8: return .close(payload.readInteger() ?? 1005)
        case 9: return .ping
        case 10: return .pong(String(buffer: payload))
        case _: return .end
        }
    }
}
