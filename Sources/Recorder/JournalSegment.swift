// One segment of a journal: at most a second of payloads, checked and chained.

/// The 48 bytes in front of a segment's body: `SEG` and the kind (4), number (4), length of the body (4), CRC-32 of these
/// twelve and the body (4), link (32). The link is the SHA-256 of the link before, these sixteen bytes and the body: who
/// changes, removes or exchanges a segment breaks every link from there on.
struct JournalSegment: Equatable {
    enum Kind: UInt8 {
        case payloads = 0x50
        /// The last one: nothing comes behind it.
        case end = 0x45
    }

    static let headLength = 48
    /// A second of two sides at 64 kbit/s is 22 KB; more than this is not a segment of ours.
    static let longestBody = 4 << 20
    static let magic: [UInt8] = Array("SEG".utf8)

    let kind: Kind
    let number: UInt32
    let bodyLength: Int
    let checksum: UInt32
    let link: [UInt8]

    /// Writes the head of a segment in front of its body. `bytes` is the whole segment; what its first 48 bytes held is gone.
    /// - Returns: its link.
    static func seal(
        _ kind: Kind, number: UInt32, _ bytes: UnsafeMutableRawBufferPointer, after previous: [UInt8]
    ) -> [UInt8] {
        bytes.copyBytes(from: magic + [kind.rawValue])
        LittleEndian.store(number, in: bytes, at: 4)
        LittleEndian.store(UInt32(bytes.count - headLength), in: bytes, at: 8)
        LittleEndian.store(checksum(of: UnsafeRawBufferPointer(bytes)), in: bytes, at: 12)
        let link = link(of: UnsafeRawBufferPointer(bytes), after: previous)
        UnsafeMutableRawBufferPointer(rebasing: bytes[16..<headLength]).copyBytes(from: link)
        return link
    }

    /// - Returns: nil when `bytes` does not begin with a segment's head.
    init?(parsing bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= Self.headLength, bytes[..<3].elementsEqual(Self.magic), let kind = Kind(rawValue: bytes[3])
        else { return nil }
        self.kind = kind
        number = LittleEndian.load(bytes, 4)
        bodyLength = Int(LittleEndian.load(bytes, 8) as UInt32)
        checksum = LittleEndian.load(bytes, 12)
        link = Array(bytes[16..<48])
        guard bodyLength <= Self.longestBody else { return nil }
    }

    /// `bytes` is the whole segment.
    func isIntact(_ bytes: UnsafeRawBufferPointer) -> Bool { Self.checksum(of: bytes) == checksum }

    private static func checksum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
        CRC32.checksum(
            UnsafeRawBufferPointer(rebasing: bytes[..<12]), UnsafeRawBufferPointer(rebasing: bytes[headLength...]))
    }

    /// What the link must be when `previous` came before.
    static func link(of bytes: UnsafeRawBufferPointer, after previous: [UInt8]) -> [UInt8] {
        let hash = SHA256()
        previous.withUnsafeBytes { hash.update($0) }
        hash.update(UnsafeRawBufferPointer(rebasing: bytes[..<16]))
        hash.update(UnsafeRawBufferPointer(rebasing: bytes[headLength...]))
        return hash.finish()
    }
}

/// The body of the last segment: when it ended (8), how (1), payloads that were lost before they reached the disk (8).
struct JournalEnd: Equatable {
    enum Cause: UInt8 {
        case closed = 0
        /// Written at the next start, after the process that recorded was gone.
        case recovered = 1
    }

    let cause: Cause
    /// Nanoseconds from the origin.
    let offset: Int64
    let lost: UInt64

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        LittleEndian.append(offset, to: &bytes)
        bytes.append(cause.rawValue)
        LittleEndian.append(lost, to: &bytes)
        return bytes
    }

    init(cause: Cause, offset: Int64, lost: UInt64) {
        self.cause = cause
        self.offset = offset
        self.lost = lost
    }

    init?(parsing body: UnsafeRawBufferPointer) {
        guard body.count == 17, let cause = Cause(rawValue: body[8]) else { return nil }
        self.init(cause: cause, offset: LittleEndian.load(body, 0), lost: LittleEndian.load(body, 9))
    }
}
