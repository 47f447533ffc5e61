// Reading STUN messages (RFC 8489) as connectivity checks use them (RFC 8445 §7).

/// STUN's attribute numbers, as far as they are known here.
enum STUNAttribute {
    static let username: UInt16 = 0x0006
    static let messageIntegrity: UInt16 = 0x0008
    static let errorCode: UInt16 = 0x0009
    static let unknownAttributes: UInt16 = 0x000A
    static let xorMappedAddress: UInt16 = 0x0020
    static let priority: UInt16 = 0x0024
    static let useCandidate: UInt16 = 0x0025
    static let fingerprint: UInt16 = 0x8028
    static let iceControlled: UInt16 = 0x8029
    static let iceControlling: UInt16 = 0x802A

    /// 0x0000…0x7FFF MUST be understood (RFC 8489 §14).
    static func mustBeUnderstood(_ type: UInt16) -> Bool { type < 0x8000 }
}

/// One message, read in place; `bytes` must outlive it.
struct STUNMessage {
    enum Kind: Equatable {
        case bindingRequest
        /// Keep-alives (RFC 8445 §11).
        case bindingIndication
        case bindingSuccess
        case bindingError
        /// Methods other than binding.
        case other
    }

    static let headerLength = 20
    static let magicCookie: UInt32 = 0x2112_A442
    /// Real checks take 100 to 200 bytes; a user name may take 513. Longer messages are not read.
    static let maximumLength = 1_000
    private static let fingerprintMask: UInt32 = 0x5354_554E

    let kind: Kind
    let bytes: UnsafeRawBufferPointer
    private(set) var username: UnsafeRawBufferPointer?
    private(set) var nominates = false
    private(set) var isFromControlledAgent = false
    /// The first attribute that must be understood and is not; 0 when there is none.
    private(set) var unknownAttribute: UInt16 = 0
    private var integrityOffset: Int?
    private var fingerprintOffset: Int?

    /// Nil when header, lengths or order are wrong. Does not look at integrity or fingerprint.
    init?(parsing bytes: UnsafeRawBufferPointer) {
        guard (STUNMessage.headerLength...STUNMessage.maximumLength).contains(bytes.count), bytes[0] < 4,
            bytes.count % 4 == 0, Int(bytes.bigEndian16(at: 2)) == bytes.count - STUNMessage.headerLength,
            bytes.bigEndian32(at: 4) == STUNMessage.magicCookie
        else { return nil }
        self.bytes = bytes
        switch bytes.bigEndian16(at: 0) {
        case 0x0001: kind = .bindingRequest
        case 0x0011: kind = .bindingIndication
        case 0x0101: kind = .bindingSuccess
        case 0x0111: kind = .bindingError
        default: kind = .other
        }
        var offset = STUNMessage.headerLength
        while offset < bytes.count {
            let length = Int(bytes.bigEndian16(at: offset + 2))
            let end = offset + 4 + (length + 3) / 4 * 4
            guard end <= bytes.count, read(bytes.bigEndian16(at: offset), at: offset, length: length) else {
                return nil
            }
            offset = end
        }
    }

    /// False when the attribute makes the message malformed.
    private mutating func read(_ type: UInt16, at offset: Int, length: Int) -> Bool {
        // RFC 8489 §14.7: FINGERPRINT MUST be the last.
        guard fingerprintOffset == nil else { return false }
        if type == STUNAttribute.fingerprint {
            fingerprintOffset = offset
            return length == 4
        }
        // RFC 8489 §14.5: what follows MESSAGE-INTEGRITY is not protected by it and MUST be ignored.
        guard integrityOffset == nil else { return true }
        switch type {
        case STUNAttribute.messageIntegrity:
            integrityOffset = offset
            return length == MessageAuthentication.length
        case STUNAttribute.username:
            guard username == nil else { return true }
            username = bytes.part(from: offset + 4, length: length)
        case STUNAttribute.useCandidate: nominates = true
        case STUNAttribute.iceControlled: isFromControlledAgent = true
        case STUNAttribute.priority, STUNAttribute.xorMappedAddress, STUNAttribute.errorCode,
            STUNAttribute.unknownAttributes:
            break
        default:
            if STUNAttribute.mustBeUnderstood(type), unknownAttribute == 0 { unknownAttribute = type }
        }
        return true
    }

    /// The 96 bits that a response repeats.
    var transactionID: UnsafeRawBufferPointer { bytes.part(from: 8, length: 12) }

    /// Whether there is a FINGERPRINT and it is right (RFC 8489 §14.7).
    var hasValidFingerprint: Bool {
        guard let offset = fingerprintOffset else { return false }
        let expected = CRC32.checksum(bytes.part(from: 0, length: offset)) ^ STUNMessage.fingerprintMask
        return bytes.bigEndian32(at: offset + 4) == expected
    }

    /// Whether there is a MESSAGE-INTEGRITY and it was made with `key`, the password (RFC 8489 §14.5).
    func isAuthentic(key: UnsafeRawBufferPointer) -> Bool {
        guard let offset = integrityOffset else { return false }
        return withUnsafeTemporaryAllocation(
            byteCount: STUNMessage.maximumLength + MessageAuthentication.length, alignment: 4
        ) { copy in
            // The length covered is the one up to and including the attribute itself.
            copy.copyMemory(from: bytes.part(from: 0, length: offset))
            guard let base = copy.baseAddress else { return false }
            base.storeBigEndian16(UInt16(offset + 24 - STUNMessage.headerLength), at: 2)
            let code = base + STUNMessage.maximumLength
            MessageAuthentication.write(key: key, message: UnsafeRawBufferPointer(start: base, count: offset), to: code)
            guard let received = bytes.baseAddress?.advanced(by: offset + 4) else { return false }
            return MessageAuthentication.isEqual(code, received, count: MessageAuthentication.length)
        }
    }
}

extension STUNMessage {
    /// Writes the FINGERPRINT's value over what precedes it.
    static func fingerprint(of bytes: UnsafeRawBufferPointer) -> UInt32 {
        CRC32.checksum(bytes) ^ fingerprintMask
    }
}
