// What payload types mean on one leg, in a fixed-size value that the media thread can copy.

/// What a received payload type stands for.
enum PayloadMeaning: UInt8, BitwiseCopyable {
    case unknown
    case pcmu
    case pcma
    case opus
    case g722
    case event8k
    case event48k
    case noise
    case g729

    init(_ codec: Codec) {
        switch codec {
        case .pcmu: self = .pcmu
        case .pcma: self = .pcma
        case .opus: self = .opus
        case .g722: self = .g722
        case .g729: self = .g729
        }
    }

    /// The codec, for sound.
    var codec: Codec? {
        switch self {
        case .pcmu: .pcmu
        case .pcma: .pcma
        case .opus: .opus
        case .g722: .g722
        case .g729: .g729
        case .unknown, .event8k, .event48k, .noise: nil
        }
    }
}

/// One negotiation's numbers, and what else of the plan is needed for every packet.
struct PayloadMap: BitwiseCopyable {
    /// No payload type has this number: they have seven bits.
    private static let none: UInt8 = 255

    private var meanings = InlineArray<128, PayloadMeaning>(repeating: .unknown)
    /// Payload types that we send, by codec; 255: the peer does not take it.
    private var sent = InlineArray<5, UInt8>(repeating: 255)
    /// Payload types of telephone-event that we send, by clock; 255: not negotiated.
    private var sentEvent8k = PayloadMap.none
    private var sentEvent48k = PayloadMap.none
    private var sentNoise = PayloadMap.none
    /// What we send when nothing dictates a codec.
    let preferred: Codec
    /// Tens of milliseconds in a packet, not of Opus, that we send: 1…6.
    let packetBeats: Int
    let sends: Bool
    let receives: Bool
    let takesPausesInG729: Bool
    /// Without telephone-event keys are tones in the sound.
    let bringsKeysInBand: Bool

    /// `plan.codecs` is not empty.
    init(_ plan: MediaPlan) {
        preferred = plan.codecs.first?.codec ?? .pcma
        packetBeats = min(6, max(1, plan.packetTime / 10))
        sends = plan.sends
        receives = plan.receives
        takesPausesInG729 = plan.takesPausesInG729
        bringsKeysInBand = plan.telephoneEvents.isEmpty
        for binding in plan.codecs {
            meanings[Int(binding.receivePayloadType & 0x7F)] = PayloadMeaning(binding.codec)
            sent[Int(binding.codec.rawValue)] = binding.payloadType & 0x7F
        }
        for binding in plan.telephoneEvents {
            let is48k = binding.clockRate == 48_000
            meanings[Int(binding.receivePayloadType & 0x7F)] = is48k ? .event48k : .event8k
            if is48k { sentEvent48k = binding.payloadType & 0x7F } else { sentEvent8k = binding.payloadType & 0x7F }
        }
        if let binding = plan.comfortNoise {
            meanings[Int(binding.receivePayloadType & 0x7F)] = .noise
            sentNoise = binding.payloadType & 0x7F
        }
    }

    /// The payload type of comfort noise that we send; nil when it was not negotiated.
    var noise: UInt8? { sentNoise == PayloadMap.none ? nil : sentNoise }

    @_noLocks @_noAllocation
    func meaning(of payloadType: UInt8) -> PayloadMeaning { meanings[Int(payloadType & 0x7F)] }

    /// Nil when the peer does not take the codec.
    func payloadType(for codec: Codec) -> UInt8? {
        let type = sent[Int(codec.rawValue)]
        return type == PayloadMap.none ? nil : type
    }

    /// The telephone-event to send beside sound of `clockRate`: of the same clock where there is a choice, because RTP
    /// packets of one stream share their clock (RFC 4733 §2.5.1.1).
    @_noLocks @_noAllocation
    func event(besideClock clockRate: Int) -> (payloadType: UInt8, clockRate: Int)? {
        let prefers48k = clockRate == 48_000
        if prefers48k, sentEvent48k != PayloadMap.none { return (sentEvent48k, 48_000) }
        if sentEvent8k != PayloadMap.none { return (sentEvent8k, 8_000) }
        return sentEvent48k != PayloadMap.none ? (sentEvent48k, 48_000) : nil
    }
}
