// Reading a compound RTCP packet (RFC 3550 §6.1) without allocation.

/// What a sender says about its stream (RFC 3550 §6.4.1).
struct SenderReport: Equatable, Sendable, BitwiseCopyable {
    /// Wall-clock time, 32.32 fixed point, seconds since 1900.
    var ntpTime: UInt64
    /// The same moment on the stream's RTP clock.
    var rtpTimestamp: UInt32
    var packetCount: UInt32
    var octetCount: UInt32

    /// Middle 32 bits of `ntpTime`, which the receiver sends back.
    var compactNTPTime: UInt32 { UInt32(truncatingIfNeeded: ntpTime >> 16) }
}

/// The report blocks of one packet, read in place.
struct ReportBlocks: BitwiseCopyable {
    fileprivate let bytes: UnsafeRawBufferPointer
    let count: Int

    /// `index` is 0..<count.
    @_noLocks @_noAllocation
    func block(at index: Int) -> ReportBlock {
        precondition(index >= 0 && index < count, "a report block beyond the packet was asked for")
        return ReportBlock(reading: bytes, at: index * ReportBlock.length)
    }
}

/// One packet of a compound.
enum RTCPPacket: BitwiseCopyable {
    case senderReport(ssrc: UInt32, SenderReport, ReportBlocks)
    case receiverReport(ssrc: UInt32, ReportBlocks)
    case sourceDescription
    /// The first source named; more are not looked at.
    case goodbye(ssrc: UInt32)
    /// RFC 3611 §2.
    case extendedReport(ssrc: UInt32, ExtendedReportBlocks)
    /// RFC 4585 §6.1.
    case feedback(RTCPFeedback)
    /// A feedback message whose length is not that of its format: skipped.
    case malformedFeedback
    /// Application-defined (204) and whatever comes next: skipped by length.
    case other(type: UInt8)
}

/// Walks a compound packet. Stops, with `isMalformed`, at the first packet whose length does not fit. Takes packets in
/// any order and number, also one alone that is no report (RFC 5506).
struct RTCPReader: BitwiseCopyable {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0
    private(set) var isMalformed = false

    /// The compound does not begin with a report, as RFC 3550 §6.1 wants it: reduced size (RFC 5506 §3.4.2).
    var isReducedSize: Bool {
        @_noLocks @_noAllocation get { bytes.count >= 2 && bytes[1] != 200 && bytes[1] != 201 }
    }

    /// `compound` is a decrypted datagram; it must outlive the reader.
    @_noLocks @_noAllocation
    init(_ compound: UnsafeRawBufferPointer) {
        bytes = compound
    }

    /// The next packet; nil at the end or when malformed.
    @_noLocks @_noAllocation
    mutating func next() -> RTCPPacket? {
        guard offset < bytes.count, !isMalformed else { return nil }
        guard bytes.count - offset >= 4, bytes[offset] >> 6 == 2 else { return fail() }
        let length = (Int(bytes.bigEndian16(at: offset + 2)) + 1) * 4
        guard length <= bytes.count - offset else { return fail() }
        guard let packet = withoutPadding(bytes.part(from: offset, length: length)) else { return fail() }
        offset += length
        return read(packet)
    }

    /// RFC 3550 §6.4.1: the last byte says how many to leave out, itself included: a multiple of four.
    @_noLocks @_noAllocation
    private func withoutPadding(_ packet: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        guard packet[0] & 0x20 != 0 else { return packet }
        let padding = Int(packet[packet.count - 1])
        guard padding > 0, padding % 4 == 0, padding <= packet.count - 4 else { return nil }
        return packet.part(from: 0, length: packet.count - padding)
    }

    /// `packet` is whole, at least its four bytes of header.
    @_noLocks @_noAllocation
    private mutating func read(_ packet: UnsafeRawBufferPointer) -> RTCPPacket? {
        let count = Int(packet[0] & 0x1F)
        switch packet[1] {
        case 200: return senderReport(packet, count: count)
        case 201:
            guard let blocks = reportBlocks(packet, from: 8, count: count) else { return fail() }
            return .receiverReport(ssrc: packet.bigEndian32(at: 4), blocks)
        case 202: return .sourceDescription
        case 203:
            guard count > 0, packet.count >= 8 else { return .other(type: 203) }
            return .goodbye(ssrc: packet.bigEndian32(at: 4))
        case 205, 206:
            guard let feedback = RTCPFeedback(parsing: packet) else { return .malformedFeedback }
            return .feedback(feedback)
        case 207:
            guard packet.count >= 8 else { return fail() }
            let blocks = ExtendedReportBlocks(packet.part(from: 8, length: packet.count - 8))
            return .extendedReport(ssrc: packet.bigEndian32(at: 4), blocks)
        default: return .other(type: packet[1])
        }
    }

    @_noLocks @_noAllocation
    private mutating func senderReport(_ packet: UnsafeRawBufferPointer, count: Int) -> RTCPPacket? {
        guard let blocks = reportBlocks(packet, from: 28, count: count) else { return fail() }
        let report = SenderReport(
            ntpTime: UInt64(packet.bigEndian32(at: 8)) << 32 | UInt64(packet.bigEndian32(at: 12)),
            rtpTimestamp: packet.bigEndian32(at: 16),
            packetCount: packet.bigEndian32(at: 20),
            octetCount: packet.bigEndian32(at: 24))
        return .senderReport(ssrc: packet.bigEndian32(at: 4), report, blocks)
    }

    @_noLocks @_noAllocation
    private func reportBlocks(_ packet: UnsafeRawBufferPointer, from start: Int, count: Int) -> ReportBlocks? {
        let end = start + count * ReportBlock.length
        guard packet.count >= end else { return nil }
        return ReportBlocks(bytes: packet.part(from: start, length: count * ReportBlock.length), count: count)
    }

    @_noLocks @_noAllocation
    private mutating func fail() -> RTCPPacket? {
        isMalformed = true
        return nil
    }
}
