// Writing the responses to connectivity checks (RFC 8489 §6.3, RFC 8445 §7.3).

/// Writes one response with MESSAGE-INTEGRITY and FINGERPRINT.
struct STUNWriter {
    /// Header, XOR-MAPPED-ADDRESS of IPv6 or an error with an unknown attribute, integrity, fingerprint.
    static let capacity = 20 + 24 + 8 + 24 + 8

    private let buffer: UnsafeMutableRawPointer
    private var length = STUNMessage.headerLength

    /// `buffer` holds at least `capacity` bytes.
    private init(_ buffer: UnsafeMutableRawPointer, type: UInt16, answering request: STUNMessage) {
        self.buffer = buffer
        buffer.storeBigEndian16(type, at: 0)
        buffer.storeBigEndian32(STUNMessage.magicCookie, at: 4)
        let id = request.transactionID
        for index in 0..<id.count { buffer.store8(id[index], at: 8 + index) }
    }

    /// "I saw your packet come from `source`." Returns the length.
    static func success(
        answering request: STUNMessage, from source: SocketAddress, key: UnsafeRawBufferPointer,
        into buffer: UnsafeMutableRawPointer
    ) -> Int {
        var writer = STUNWriter(buffer, type: 0x0101, answering: request)
        writer.xorMappedAddress(source)
        return writer.finish(key: key)
    }

    /// A refusal such as 420 or 487; `unknown` is the attribute not understood, 0 when it is not about that.
    static func error(
        _ code: Int, unknown: UInt16 = 0, answering request: STUNMessage, key: UnsafeRawBufferPointer,
        into buffer: UnsafeMutableRawPointer
    ) -> Int {
        var writer = STUNWriter(buffer, type: 0x0111, answering: request)
        let value = writer.begin(STUNAttribute.errorCode, length: 4)
        value.storeBigEndian32(UInt32(code / 100) << 8 | UInt32(code % 100), at: 0)
        if unknown != 0 {
            let list = writer.begin(STUNAttribute.unknownAttributes, length: 2)
            list.storeBigEndian32(UInt32(unknown) << 16, at: 0)
        }
        return writer.finish(key: key)
    }

    /// RFC 8489 §14.2: the port is mixed with the cookie, an IPv6 address with the transaction's id too.
    private mutating func xorMappedAddress(_ address: SocketAddress) {
        let value = begin(STUNAttribute.xorMappedAddress, length: address.isIPv6 ? 20 : 8)
        value.storeBigEndian16(address.isIPv6 ? 2 : 1, at: 0)
        value.storeBigEndian16(address.port ^ UInt16(STUNMessage.magicCookie >> 16), at: 2)
        let (high, low) = address.wireBytes
        guard address.isIPv6 else {
            value.storeBigEndian32(UInt32(truncatingIfNeeded: low) ^ STUNMessage.magicCookie, at: 4)
            return
        }
        for word in 0..<4 {
            let half = word < 2 ? high : low
            let part = UInt32(truncatingIfNeeded: half >> (word % 2 == 0 ? 32 : 0))
            let mask = UnsafeRawBufferPointer(start: buffer, count: 20).bigEndian32(at: 4 + word * 4)
            value.storeBigEndian32(part ^ mask, at: 4 + word * 4)
        }
    }

    private mutating func begin(_ type: UInt16, length bytes: Int) -> UnsafeMutableRawPointer {
        let attribute = buffer + length
        attribute.storeBigEndian16(type, at: 0)
        attribute.storeBigEndian16(UInt16(bytes), at: 2)
        length += 4 + (bytes + 3) / 4 * 4
        return attribute + 4
    }

    private mutating func finish(key: UnsafeRawBufferPointer) -> Int {
        let signed = length
        let code = begin(STUNAttribute.messageIntegrity, length: MessageAuthentication.length)
        buffer.storeBigEndian16(UInt16(length - STUNMessage.headerLength), at: 2)
        MessageAuthentication.write(key: key, message: UnsafeRawBufferPointer(start: buffer, count: signed), to: code)
        let covered = length
        let checksum = begin(STUNAttribute.fingerprint, length: 4)
        buffer.storeBigEndian16(UInt16(length - STUNMessage.headerLength), at: 2)
        checksum.storeBigEndian32(
            STUNMessage.fingerprint(of: UnsafeRawBufferPointer(start: buffer, count: covered)), at: 0)
        return length
    }
}
