// What a receiver says about one stream (RFC 3550 §6.4.1).

/// One report block of a sender or receiver report.
struct ReportBlock: Equatable, Sendable, BitwiseCopyable {
    static var length: Int { @_noLocks @_noAllocation get { 24 } }

    /// The stream reported on.
    var ssrc: UInt32
    /// Share lost since the last report, in 256ths.
    var fractionLost: UInt8
    /// Packets lost since the start; may be negative when packets were duplicated. 24 bits on the wire.
    var cumulativeLost: Int32
    /// Extended highest sequence number received (cycles in the high 16 bits).
    var highestSequence: UInt32
    /// Interarrival jitter, in timestamp units.
    var jitter: UInt32
    /// Middle 32 bits of the NTP time of the last sender report from this source; 0 when there was none.
    var lastSenderReport: UInt32
    /// Time between that report and this one, in 65,536ths of a second.
    var delaySinceLastSenderReport: UInt32

    @_noLocks @_noAllocation
    init(
        ssrc: UInt32, fractionLost: UInt8, cumulativeLost: Int32, highestSequence: UInt32, jitter: UInt32,
        lastSenderReport: UInt32, delaySinceLastSenderReport: UInt32
    ) {
        self.ssrc = ssrc
        self.fractionLost = fractionLost
        self.cumulativeLost = cumulativeLost
        self.highestSequence = highestSequence
        self.jitter = jitter
        self.lastSenderReport = lastSenderReport
        self.delaySinceLastSenderReport = delaySinceLastSenderReport
    }

    /// The caller has checked that 24 bytes follow `offset`.
    @_noLocks @_noAllocation
    init(reading packet: UnsafeRawBufferPointer, at offset: Int) {
        ssrc = packet.bigEndian32(at: offset)
        let loss = packet.bigEndian32(at: offset + 4)
        fractionLost = UInt8(truncatingIfNeeded: loss >> 24)
        cumulativeLost = Int32(bitPattern: loss << 8) >> 8
        highestSequence = packet.bigEndian32(at: offset + 8)
        jitter = packet.bigEndian32(at: offset + 12)
        lastSenderReport = packet.bigEndian32(at: offset + 16)
        delaySinceLastSenderReport = packet.bigEndian32(at: offset + 20)
    }

    /// Writes 24 bytes; the cumulative loss is clamped to its 24 bits.
    @_noLocks @_noAllocation
    func write(to destination: UnsafeMutableRawPointer) {
        let lost = max(-0x80_0000, min(0x7F_FFFF, cumulativeLost))
        destination.storeBigEndian32(ssrc, at: 0)
        destination.storeBigEndian32(UInt32(fractionLost) << 24 | UInt32(bitPattern: lost) & 0xFF_FFFF, at: 4)
        destination.storeBigEndian32(highestSequence, at: 8)
        destination.storeBigEndian32(jitter, at: 12)
        destination.storeBigEndian32(lastSenderReport, at: 16)
        destination.storeBigEndian32(delaySinceLastSenderReport, at: 20)
    }
}
