// RTCP extended reports (RFC 3611): the packet's blocks, read in place, and those that tell round trips.

/// When a receiver sent its report, so that its round trip can be measured although it sends nothing (RFC 3611 §4.4).
struct ReceiverReferenceTime: Equatable, Sendable, BitwiseCopyable {
    /// Bytes of the block with its header.
    static var length: Int { @_noLocks @_noAllocation get { 12 } }

    /// Wall-clock time of the receiver, 32.32 fixed point, seconds since 1900.
    var ntpTime: UInt64

    @_noLocks @_noAllocation
    init(ntpTime: UInt64) { self.ntpTime = ntpTime }

    /// The caller has checked that the block's 12 bytes are there.
    @_noLocks @_noAllocation
    init(reading block: UnsafeRawBufferPointer) {
        ntpTime = UInt64(block.bigEndian32(at: 4)) << 32 | UInt64(block.bigEndian32(at: 8))
    }

    /// Writes 12 bytes.
    @_noLocks @_noAllocation
    func write(to destination: UnsafeMutableRawPointer) {
        destination.storeBigEndian32(4 << 24 | 2, at: 0)
        destination.storeBigEndian32(UInt32(truncatingIfNeeded: ntpTime >> 32), at: 4)
        destination.storeBigEndian32(UInt32(truncatingIfNeeded: ntpTime), at: 8)
    }
}

/// The answer to one receiver's reference time (RFC 3611 §4.5); a block may answer several.
struct ReferenceTimeEcho: Equatable, Sendable, BitwiseCopyable {
    /// Bytes of one answer, without the block's header of four.
    static var length: Int { @_noLocks @_noAllocation get { 12 } }

    /// The receiver that is answered.
    var ssrc: UInt32
    /// Middle 32 bits of the reference time that it sent; 0 when it sent none.
    var lastReference: UInt32
    /// Time between that and this answer, in 65,536ths of a second.
    var delay: UInt32

    @_noLocks @_noAllocation
    init(ssrc: UInt32, lastReference: UInt32, delay: UInt32) {
        self.ssrc = ssrc
        self.lastReference = lastReference
        self.delay = delay
    }

    /// The caller has checked that 12 bytes follow `offset`.
    @_noLocks @_noAllocation
    init(reading block: UnsafeRawBufferPointer, at offset: Int) {
        ssrc = block.bigEndian32(at: offset)
        lastReference = block.bigEndian32(at: offset + 4)
        delay = block.bigEndian32(at: offset + 8)
    }

    /// Writes a block of this one answer: 16 bytes.
    @_noLocks @_noAllocation
    func writeBlock(to destination: UnsafeMutableRawPointer) {
        destination.storeBigEndian32(5 << 24 | 3, at: 0)
        destination.storeBigEndian32(ssrc, at: 4)
        destination.storeBigEndian32(lastReference, at: 8)
        destination.storeBigEndian32(delay, at: 12)
    }
}

/// The answers of one DLRR block, read in place.
struct ReferenceTimeEchoes: BitwiseCopyable {
    fileprivate let bytes: UnsafeRawBufferPointer

    var count: Int { @_noLocks @_noAllocation get { (bytes.count - 4) / ReferenceTimeEcho.length } }

    /// `index` is 0..<count.
    @_noLocks @_noAllocation
    func echo(at index: Int) -> ReferenceTimeEcho {
        precondition(index >= 0 && index < count, "an echo beyond the block was asked for")
        return ReferenceTimeEcho(reading: bytes, at: 4 + index * ReferenceTimeEcho.length)
    }
}

/// One block of an extended report.
enum ExtendedReportBlock: BitwiseCopyable {
    case receiverReferenceTime(ReceiverReferenceTime)
    case echoes(ReferenceTimeEchoes)
    case voipMetrics(VoIPMetrics)
    /// Of a type that we do not know: skipped by its length.
    case other(type: UInt8)
    /// Of a type that we know, in a length that it cannot have: skipped.
    case malformed(type: UInt8)
}

/// Walks the blocks of one extended report. Stops, with `isMalformed`, at the first whose length does not fit.
struct ExtendedReportBlocks: BitwiseCopyable {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private(set) var isMalformed = false

    /// `blocks` is what follows the packet's header and source; it must outlive the walk.
    @_noLocks @_noAllocation
    init(_ blocks: UnsafeRawBufferPointer) { bytes = blocks }

    /// The next block; nil at the end or when malformed.
    @_noLocks @_noAllocation
    mutating func next() -> ExtendedReportBlock? {
        guard offset < bytes.count, !isMalformed else { return nil }
        guard bytes.count - offset >= 4 else { return fail() }
        let length = (Int(bytes.bigEndian16(at: offset + 2)) + 1) * 4
        guard length <= bytes.count - offset else { return fail() }
        let block = bytes.part(from: offset, length: length)
        offset += length
        switch block[0] {
        case 4:
            guard length == ReceiverReferenceTime.length else { return .malformed(type: 4) }
            return .receiverReferenceTime(ReceiverReferenceTime(reading: block))
        case 5:
            guard (length - 4) % ReferenceTimeEcho.length == 0 else { return .malformed(type: 5) }
            return .echoes(ReferenceTimeEchoes(bytes: block))
        case 7:
            guard length == VoIPMetrics.length else { return .malformed(type: 7) }
            return .voipMetrics(VoIPMetrics(reading: block))
        default: return .other(type: block[0])
        }
    }

    @_noLocks @_noAllocation
    private mutating func fail() -> ExtendedReportBlock? {
        isMalformed = true
        return nil
    }
}
