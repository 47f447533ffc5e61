// The beginning of a journal: whose it is and when it began.

public import Timing

/// Magic (8), length of the rest (4), CRC-32 of the rest (4), then: start (8), origin (8), contact's length (2), contact.
public struct JournalHeader: Sendable, Equatable {
    static let magic: [UInt8] = Array("CJOURNL1".utf8)
    static let fixedLength = 16
    static let longestContact = 64

    public let contact: String
    /// Milliseconds since 1970, UTC.
    public let startedAt: Int64
    /// The same moment on the monotonic clock of the process that recorded.
    public let origin: Instant

    /// A contact's name becomes a file's name, so that only letters, digits, `-` and `_` may be in it.
    static func isUsable(contact: String) -> Bool {
        (1...longestContact).contains(contact.utf8.count)
            && contact.utf8.allSatisfy { byte in
                switch UInt8(byte) {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    var bytes: [UInt8] {
        var rest: [UInt8] = []
        LittleEndian.append(startedAt, to: &rest)
        LittleEndian.append(origin.nanoseconds, to: &rest)
        LittleEndian.append(UInt16(contact.utf8.count), to: &rest)
        rest += contact.utf8
        var bytes = Self.magic
        LittleEndian.append(UInt32(rest.count), to: &bytes)
        LittleEndian.append(rest.withUnsafeBytes { CRC32.checksum($0) }, to: &bytes)
        return bytes + rest
    }

    init(contact: String, startedAt: Int64, origin: Instant) {
        self.contact = contact
        self.startedAt = startedAt
        self.origin = origin
    }

    /// - Returns: nil for anything but a whole and undamaged header at the start of `bytes`.
    init?(parsing bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.fixedLength, bytes[..<8].elementsEqual(Self.magic) else { return nil }
        let length = Int(LittleEndian.load(bytes, 8) as UInt32)
        guard length >= 18, length <= 18 + Self.longestContact, bytes.count >= Self.fixedLength + length else {
            return nil
        }
        let rest = UnsafeRawBufferPointer(rebasing: bytes[Self.fixedLength..<Self.fixedLength + length])
        guard CRC32.checksum(rest) == LittleEndian.load(bytes, 12) else { return nil }
        guard Int(LittleEndian.load(rest, 16) as UInt16) == length - 18 else { return nil }
        startedAt = LittleEndian.load(rest, 0)
        origin = Instant(nanoseconds: LittleEndian.load(rest, 8))
        contact = String(decoding: rest[18...], as: UTF8.self)
        guard Self.isUsable(contact: contact) else { return nil }
    }
}
