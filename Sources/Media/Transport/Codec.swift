// The audio codecs that we speak, and the numbers they have in one negotiation (RFC 3551, RFC 7587).

/// An audio codec.
public enum Codec: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// G.711 µ-law (ITU-T G.711, RFC 3551 §4.5.14).
    case pcmu
    /// G.711 A-law.
    case pcma
    /// Opus (RFC 6716, RFC 7587).
    case opus
    /// G.722 at 64 kbit/s (ITU-T G.722, RFC 3551 §4.5.2).
    case g722
    /// G.729 (ITU-T G.729, RFC 3551 §4.5.6), in builds with the trait of that name. The order of the cases is the journal's of
    /// recordings: new ones come last.
    case g729

    /// Our order, for phones as for browsers. A browser that is offered all of them takes whatever a phone sends as it is,
    /// and a phone with Opus takes what the browser sends: so wide band does not cost a packet its relay.
    /// G.729 is for who has nothing better: it sounds worse than G.711 and costs six times as much.
    public static let preference: [Codec] = [.opus, .g722, .pcma, .pcmu] + (G729.isAvailable ? [.g729] : [])

    /// Ticks a second of the RTP timestamp. Opus always says 48,000 (RFC 7587 §4.1), G.722 8,000 although it has 16,000
    /// samples.
    public var clockRate: Int {
        switch self {
        case .pcmu, .pcma, .g722, .g729: 8_000
        case .opus: 48_000
        }
    }

    /// Whether it carries what lies above 4 kHz.
    public var isWideBand: Bool {
        switch self {
        case .pcmu, .pcma, .g729: false
        case .opus, .g722: true
        }
    }

    /// An octet to fill packets of G.711 and G.722 with; what becomes G.729 is A-law until it is sent.
    var filler: UInt8 {
        switch self {
        case .pcmu: G711.silence(.mu)
        case .pcma, .g729: G711.silence(.a)
        case .g722: G722.filler
        case .opus: preconditionFailure("Opus packets have lengths of their own")
        }
    }

    /// Whether tones come through, keys in band among them: a codec for speech does not carry them reliably.
    var carriesTones: Bool {
        switch self {
        case .pcmu, .pcma, .g722: true
        case .opus, .g729: false
        }
    }

    /// Whether its packets go on in pauses, so that comfort noise is for it (RFC 3389 §1); Opus and G.729 have their own.
    var takesComfortNoise: Bool {
        switch self {
        case .pcmu, .pcma, .g722: true
        case .opus, .g729: false
        }
    }

    /// The payload type that we offer; fixed by RFC 3551 §6, from the dynamic range for Opus.
    public var defaultPayloadType: UInt8 {
        switch self {
        case .pcmu: 0
        case .pcma: 8
        case .opus: 111
        case .g722: 9
        case .g729: 18
        }
    }

    /// The encoding name in `a=rtpmap`, as it is written; it is compared without regard to case.
    public var name: String {
        switch self {
        case .pcmu: "PCMU"
        case .pcma: "PCMA"
        case .opus: "opus"
        case .g722: "G722"
        case .g729: "G729"
        }
    }

    /// The channel count in `a=rtpmap`. RFC 7587 §7: Opus MUST say 2, whatever is sent.
    var rtpmapChannels: Int {
        switch self {
        case .pcmu, .pcma, .g722, .g729: 1
        case .opus: 2
        }
    }
}

/// A codec under the payload types of one negotiation.
public struct CodecBinding: Hashable, Sendable, BitwiseCopyable {
    public var codec: Codec
    /// What we write into packets that we send: the peer's number (RFC 3264 §5.1).
    public var payloadType: UInt8
    /// What arrives: our own number. RFC 3264 §6.1 says the two SHOULD be equal; they need not be.
    public var receivePayloadType: UInt8

    public init(codec: Codec, payloadType: UInt8, receivePayloadType: UInt8? = nil) {
        self.codec = codec
        self.payloadType = payloadType
        self.receivePayloadType = receivePayloadType ?? payloadType
    }
}

/// Telephone-event (RFC 4733) under the payload types of one negotiation.
public struct TelephoneEventBinding: Hashable, Sendable, BitwiseCopyable {
    /// What we send.
    public var payloadType: UInt8
    /// What arrives.
    public var receivePayloadType: UInt8
    /// 8,000 or 48,000: the clock that durations count in.
    public var clockRate: Int

    public init(payloadType: UInt8, receivePayloadType: UInt8? = nil, clockRate: Int) {
        self.payloadType = payloadType
        self.receivePayloadType = receivePayloadType ?? payloadType
        self.clockRate = clockRate
    }
}

/// Comfort noise (RFC 3389) at a clock of 8,000 under the payload types of one negotiation.
public struct ComfortNoiseBinding: Hashable, Sendable, BitwiseCopyable {
    /// What we send.
    public var payloadType: UInt8
    /// What arrives.
    public var receivePayloadType: UInt8

    /// 13 is the number that RFC 3551 §6 gives it.
    public init(payloadType: UInt8 = 13, receivePayloadType: UInt8? = nil) {
        self.payloadType = payloadType
        self.receivePayloadType = receivePayloadType ?? payloadType
    }
}
