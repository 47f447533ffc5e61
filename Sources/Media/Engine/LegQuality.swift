// How a leg fared in the last five seconds, in both directions: what a media engine tells signalling.

/// Figures of one leg. What the peer hears is known from its reports only; a relayed leg has no jitter buffer here, so
/// that nothing is discarded and the delay of the listener's buffer, which nobody knows, counts as none.
public struct LegQuality: Sendable, Hashable, BitwiseCopyable {
    /// Milliseconds since the figures before: 5,000, less when the leg ends.
    public internal(set) var milliseconds: Int32 = 0

    // What we hear. A packet counts when 64 more have come, because until then it may still come.
    /// Packets that arrived and, as far as anybody listens here, were heard.
    public internal(set) var received: Int32 = 0
    public internal(set) var lost: Int32 = 0
    /// Came, but too late to be heard.
    public internal(set) var discarded: Int32 = 0
    /// Frames of 20 ms that were invented, or restored from redundancy, for a listener.
    public internal(set) var concealed: Int32 = 0
    var stretches: Int32 = 0
    /// The codec of the last sound that came.
    public internal(set) var heardCodec = Codec.pcma
    /// Milliseconds of sound in a packet that came.
    var packetTime: UInt8 = 20
    /// Milliseconds that the jitter buffer holds packets back; 0 where none runs.
    public internal(set) var bufferDelay: UInt16 = 0
    var jitterMicroseconds: UInt32 = 0
    /// Microseconds; negative: nobody knows.
    var roundTripMicroseconds: Int32 = -1

    // What the peer hears, when it said so in the last 15 s.
    /// The codec that we send.
    public internal(set) var sentCodec = Codec.pcma
    /// In 256ths.
    var remoteLoss: UInt8 = 0
    public internal(set) var hasRemoteReport = false
    var remoteJitterMicroseconds: UInt32 = 0
    /// As in its VoIP metrics; 127: not told.
    var remoteR = VoIPMetrics.unavailable
    var remoteListening = VoIPMetrics.unavailable
    var remoteConversational = VoIPMetrics.unavailable
    var remoteDiscard: UInt8 = 0

    init() {}

    /// Interarrival jitter of what we hear (RFC 3550 §6.4.1).
    public var jitterMilliseconds: Double { Double(jitterMicroseconds) / 1_000 }
    /// Nil when the peer never answered our reports.
    public var roundTripMilliseconds: Double? {
        roundTripMicroseconds < 0 ? nil : Double(roundTripMicroseconds) / 1_000
    }
    /// Share of packets that the peer did not get since its report before, 0…1; nil when it told nothing of late.
    public var remoteLossShare: Double? { hasRemoteReport ? Double(remoteLoss) / 256 : nil }
    /// Share that its jitter buffer threw away since the call began, 0…1; 0 when it does not tell.
    public var remoteDiscardShare: Double { Double(remoteDiscard) / 256 }
    public var remoteJitterMilliseconds: Double? { hasRemoteReport ? Double(remoteJitterMicroseconds) / 1_000 : nil }

    private var outcomes: PacketOutcomes {
        PacketOutcomes(
            packets: Int64(received) + Int64(lost) + Int64(discarded), lost: Int64(lost), discarded: Int64(discarded),
            stretches: Int64(stretches))
    }

    /// What we hear by the E-model, with what is known of the delay: half the round trip, a packet's sound, the buffer.
    /// Nil when no packet was due.
    public var heard: CallRating? {
        let outcomes = outcomes
        guard outcomes.packets > 0 else { return nil }
        let delay = (roundTripMilliseconds ?? 0) / 2 + Double(packetTime) + Double(bufferDelay)
        return CallRating(heardCodec, loss: outcomes.loss, burstRatio: outcomes.burstRatio, delay: delay)
    }

    /// What the peer hears: by its own word where it has VoIP metrics, or else by the E-model from the loss that it
    /// reports, without the delay of its buffer. Nil when it told nothing of late.
    public var remote: CallRating? {
        guard hasRemoteReport || remoteR <= 100 else { return nil }
        let delay = (roundTripMilliseconds ?? 0) / 2 + Double(packetTime)
        let loss = (remoteLossShare ?? 0) + remoteDiscardShare
        let reckoned = CallRating(sentCodec, loss: loss, burstRatio: 1, delay: delay)
        return CallRating(
            r: remoteR <= 100 ? Double(remoteR) : reckoned.r,
            listening: LegQuality.score(remoteListening) ?? reckoned.listening,
            conversational: LegQuality.score(remoteConversational) ?? reckoned.conversational)
    }

    /// Ten times a score on the wire: 10…50.
    private static func score(_ value: UInt8) -> Double? { (10...50).contains(value) ? Double(value) / 10 : nil }
}
