// Which protocol a datagram on a media port belongs to (RFC 7983 §7, RFC 5761 §4).

/// What a datagram is by its first bytes. Says nothing about whether it is well formed.
enum DatagramKind: Sendable, BitwiseCopyable {
    case stun
    case dtls
    case rtp
    case rtcp
    case unknown

    /// First byte 0…3 STUN, 20…63 DTLS, 128…191 RTP or RTCP; of these, a second byte of 192…223 is RTCP
    /// (RFC 5761 §4 keeps payload types 64…95 free for that).
    @_noLocks @_noAllocation
    init(classifying datagram: UnsafeRawBufferPointer) {
        guard datagram.count >= 2 else {
            self = .unknown
            return
        }
        switch datagram[0] {
        case 0...3: self = .stun
        case 20...63: self = .dtls
        case 128...191: self = (192...223).contains(datagram[1]) ? .rtcp : .rtp
        default: self = .unknown
        }
    }
}
