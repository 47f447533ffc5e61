// The fixed header of an RTP packet (RFC 3550 §5.1).

/// An RTP packet's header, and where in the packet its payload lies.
struct RTPHeader: Equatable, Sendable, BitwiseCopyable {
    /// Bytes of the header that `write(to:)` writes: no contributing sources, no extension.
    static var length: Int { @_noLocks @_noAllocation get { 12 } }

    var marker: Bool
    /// 0…127.
    var payloadType: UInt8
    var sequence: UInt16
    var timestamp: UInt32
    var ssrc: UInt32
    /// Bytes from the packet's first byte to the payload, past contributing sources and extension.
    var payloadOffset: Int
    /// Bytes of payload without padding; zero is allowed.
    var payloadLength: Int

    @_noLocks @_noAllocation
    init(marker: Bool, payloadType: UInt8, sequence: UInt16, timestamp: UInt32, ssrc: UInt32, payloadLength: Int = 0) {
        self.marker = marker
        self.payloadType = payloadType
        self.sequence = sequence
        self.timestamp = timestamp
        self.ssrc = ssrc
        self.payloadOffset = RTPHeader.length
        self.payloadLength = payloadLength
    }

    /// Nil when the packet is not version 2 or its counts do not fit its length (RFC 3550 appendix A.1).
    @_noLocks @_noAllocation
    init?(parsing packet: UnsafeRawBufferPointer) {
        guard packet.count >= RTPHeader.length, packet[0] >> 6 == 2 else { return nil }
        var offset = RTPHeader.length + Int(packet[0] & 0x0F) * 4
        if packet[0] & 0x10 != 0 {
            guard packet.count >= offset + 4 else { return nil }
            offset += 4 + Int(packet.bigEndian16(at: offset + 2)) * 4
        }
        guard packet.count >= offset else { return nil }
        var end = packet.count
        if packet[0] & 0x20 != 0 {
            let padding = Int(packet[end - 1])
            guard padding > 0, padding <= end - offset else { return nil }
            end -= padding
        }
        marker = packet[1] & 0x80 != 0
        payloadType = packet[1] & 0x7F
        sequence = packet.bigEndian16(at: 2)
        timestamp = packet.bigEndian32(at: 4)
        ssrc = packet.bigEndian32(at: 8)
        payloadOffset = offset
        payloadLength = end - offset
    }

    /// Writes the twelve fixed bytes; `destination` holds at least `RTPHeader.length`.
    @_noLocks @_noAllocation
    func write(to destination: UnsafeMutableRawPointer) {
        destination.store8(0x80, at: 0)
        destination.store8((marker ? 0x80 : 0) | (payloadType & 0x7F), at: 1)
        destination.storeBigEndian16(sequence, at: 2)
        destination.storeBigEndian32(timestamp, at: 4)
        destination.storeBigEndian32(ssrc, at: 8)
    }
}
