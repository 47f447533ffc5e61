// Writing the compound RTCP packets that we send: a report, our name, extended reports, feedback, a goodbye
// (RFC 3550 §6, RFC 3611, RFC 4585).

/// Our canonical name in source descriptions: 16 random characters, so that it tells nobody who we are
/// (RFC 7022 §4.2).
struct CanonicalName: Equatable, Sendable, BitwiseCopyable {
    static var length: Int { @_noLocks @_noAllocation get { 16 } }
    private let characters: InlineArray<16, UInt8>

    /// Takes 12 random bytes as base64 characters.
    init(random: (UInt64, UInt32)) {
        var text = InlineArray<16, UInt8>(repeating: 0)
        for index in 0..<16 {
            let bits = index < 10 ? random.0 >> UInt64(index * 6) : UInt64(random.1) >> UInt64((index - 10) * 5)
            let six = UInt8(truncatingIfNeeded: bits) & 0x3F
            text[index] =
                switch six {
                case 0..<26: 65 + six
                case 26..<52: 97 + six - 26
                case 52..<62: 48 + six - 52
                case 62: 43
                default: 47
                }
        }
        characters = text
    }

    @_noLocks @_noAllocation
    fileprivate func write(to destination: UnsafeMutableRawPointer) {
        for index in 0..<CanonicalName.length { destination.store8(characters[index], at: index) }
    }

    static func == (a: CanonicalName, b: CanonicalName) -> Bool {
        for index in 0..<length where a.characters[index] != b.characters[index] { return false }
        return true
    }
}

/// Writes one compound packet into a buffer. `length` is what was written so far.
struct RTCPWriter: BitwiseCopyable {
    /// Enough for what one report of ours holds: sender report, one block, name, an extended report with a block of
    /// each kind, goodbye.
    static var capacity: Int {
        @_noLocks @_noAllocation get {
            28 + ReportBlock.length + 28 + 8 + ReceiverReferenceTime.length + 4 + ReferenceTimeEcho.length
                + VoIPMetrics.length + 8
        }
    }

    private let buffer: UnsafeMutableRawPointer
    private(set) var length = 0
    /// Where the extended report begins whose blocks are being written.
    private var extendedReport = 0

    /// `buffer` holds at least `RTCPWriter.capacity` bytes.
    @_noLocks @_noAllocation
    init(_ buffer: UnsafeMutableRawPointer) {
        self.buffer = buffer
    }

    /// A sender report, with a block when something is received.
    @_noLocks @_noAllocation
    mutating func senderReport(ssrc: UInt32, _ report: SenderReport, block: ReportBlock?) {
        let packet = beginReport(type: 200, length: 28, block: block)
        packet.storeBigEndian32(ssrc, at: 4)
        packet.storeBigEndian32(UInt32(truncatingIfNeeded: report.ntpTime >> 32), at: 8)
        packet.storeBigEndian32(UInt32(truncatingIfNeeded: report.ntpTime), at: 12)
        packet.storeBigEndian32(report.rtpTimestamp, at: 16)
        packet.storeBigEndian32(report.packetCount, at: 20)
        packet.storeBigEndian32(report.octetCount, at: 24)
    }

    /// A receiver report, for when nothing was sent since the last report (RFC 3550 §6.4).
    @_noLocks @_noAllocation
    mutating func receiverReport(ssrc: UInt32, block: ReportBlock?) {
        let packet = beginReport(type: 201, length: 8, block: block)
        packet.storeBigEndian32(ssrc, at: 4)
    }

    /// Our name; RFC 3550 §6.1: every compound packet MUST hold it.
    @_noLocks @_noAllocation
    mutating func sourceDescription(ssrc: UInt32, name: CanonicalName) {
        let packet = begin(type: 202, count: 1, length: 28)
        packet.storeBigEndian32(ssrc, at: 4)
        packet.store8(1, at: 8)
        packet.store8(UInt8(CanonicalName.length), at: 9)
        name.write(to: packet.advanced(by: 10))
        // The item list ends with a zero byte and is padded to 32 bits (RFC 3550 §6.5).
        packet.store8(0, at: 26)
        packet.store8(0, at: 27)
    }

    /// An extended report, without a block at first (RFC 3611 §2). Its blocks are to follow at once.
    @_noLocks @_noAllocation
    mutating func beginExtendedReport(ssrc: UInt32) {
        extendedReport = length
        let packet = begin(type: 207, count: 0, length: 8)
        packet.storeBigEndian32(ssrc, at: 4)
    }

    @_noLocks @_noAllocation
    mutating func add(_ block: ReceiverReferenceTime) {
        block.write(to: extend(by: ReceiverReferenceTime.length))
    }

    @_noLocks @_noAllocation
    mutating func add(_ echo: ReferenceTimeEcho) { echo.writeBlock(to: extend(by: 4 + ReferenceTimeEcho.length)) }

    @_noLocks @_noAllocation
    mutating func add(_ block: VoIPMetrics) { block.write(to: extend(by: VoIPMetrics.length)) }

    /// The extended report grows by one block: where that goes.
    @_noLocks @_noAllocation
    private mutating func extend(by bytes: Int) -> UnsafeMutableRawPointer {
        let block = buffer.advanced(by: length)
        length += bytes
        buffer.advanced(by: extendedReport).storeBigEndian16(UInt16((length - extendedReport) / 4 - 1), at: 2)
        return block
    }

    /// Packets are wanted again (RFC 4585 §6.2.1); 16 bytes.
    @_noLocks @_noAllocation
    mutating func nack(sender: UInt32, media: UInt32, _ entry: GenericNACK) {
        let packet = begin(type: 205, count: 1, length: 12 + GenericNACK.length)
        packet.storeBigEndian32(sender, at: 4)
        packet.storeBigEndian32(media, at: 8)
        entry.write(to: packet.advanced(by: 12))
    }

    /// A whole picture is wanted (RFC 4585 §6.3.1); 12 bytes.
    @_noLocks @_noAllocation
    mutating func pictureLoss(sender: UInt32, media: UInt32) {
        let packet = begin(type: 206, count: 1, length: 12)
        packet.storeBigEndian32(sender, at: 4)
        packet.storeBigEndian32(media, at: 8)
    }

    /// Our stream ends.
    @_noLocks @_noAllocation
    mutating func goodbye(ssrc: UInt32) {
        let packet = begin(type: 203, count: 1, length: 8)
        packet.storeBigEndian32(ssrc, at: 4)
    }

    @_noLocks @_noAllocation
    private mutating func beginReport(type: UInt8, length bytes: Int, block: ReportBlock?) -> UnsafeMutableRawPointer {
        guard let block else { return begin(type: type, count: 0, length: bytes) }
        let packet = begin(type: type, count: 1, length: bytes + ReportBlock.length)
        block.write(to: packet.advanced(by: bytes))
        return packet
    }

    @_noLocks @_noAllocation
    private mutating func begin(type: UInt8, count: UInt8, length bytes: Int) -> UnsafeMutableRawPointer {
        let packet = buffer.advanced(by: length)
        packet.store8(0x80 | count, at: 0)
        packet.store8(type, at: 1)
        packet.storeBigEndian16(UInt16(bytes / 4 - 1), at: 2)
        length += bytes
        return packet
    }
}
