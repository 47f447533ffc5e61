// Which reports beyond RFC 3550 the two sides agreed on: extended reports (RFC 3611 §5), feedback (RFC 4585 §4.2).

/// What both sides said in `a=rtcp-xr`. Nothing of it is sent to a peer that did not ask.
public struct ExtendedReportTerms: Hashable, Sendable, BitwiseCopyable {
    /// Who answers the reference times of receivers, so that they learn their round trip.
    public enum ReceiverRoundTrip: Hashable, Sendable, BitwiseCopyable {
        case nobody
        /// Whoever sends RTP.
        case senders
        case everybody
    }

    public var receiverRoundTrip: ReceiverRoundTrip
    /// The VoIP metrics block is wanted (we want it of everyone who knows it).
    public var voipMetrics: Bool

    public init(receiverRoundTrip: ReceiverRoundTrip = .nobody, voipMetrics: Bool = false) {
        self.receiverRoundTrip = receiverRoundTrip
        self.voipMetrics = voipMetrics
    }

    /// What we offer.
    static let all = ExtendedReportTerms(receiverRoundTrip: .everybody, voipMetrics: true)

    /// Reads `rcvr-rtt=all:10000 stat-summary=loss,dup voip-metrics`; words that we do not know say nothing to us.
    /// The size after `rcvr-rtt` limits blocks with many receivers; ours has one.
    init(parsing value: String) {
        self.init()
        for word in value.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            switch parts.first {
            case "voip-metrics" where parts.count == 1: voipMetrics = true
            case "rcvr-rtt" where parts.count == 2:
                switch parts[1].split(separator: ":", maxSplits: 1).first {
                case "all": receiverRoundTrip = .everybody
                case "sender": receiverRoundTrip = .senders
                default: break
                }
            default: break
            }
        }
    }

    /// Nil when there is nothing to say.
    var attribute: SDPAttribute? {
        var words: [String] = []
        switch receiverRoundTrip {
        case .nobody: break
        case .senders: words.append("rcvr-rtt=sender")
        case .everybody: words.append("rcvr-rtt=all")
        }
        if voipMetrics { words.append("voip-metrics") }
        return words.isEmpty ? nil : SDPAttribute("rtcp-xr", words.joined(separator: " "))
    }
}

/// The feedback messages of RFC 4585 that one side of one payload type takes: `a=rtcp-fb`.
public struct FeedbackTerms: OptionSet, Hashable, Sendable, BitwiseCopyable {
    public let rawValue: UInt8

    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Generic NACK: packets are sent again.
    public static let nack = FeedbackTerms(rawValue: 1)
    /// Picture loss indication: a whole picture is sent.
    public static let pictureLoss = FeedbackTerms(rawValue: 2)

    /// Reads what follows the payload type: `nack`, `nack pli`. Nothing for messages that we do not know.
    init(parsing value: some StringProtocol) {
        switch value.split(separator: " ").map({ $0.lowercased() }) {
        case ["nack"]: self = .nack
        case ["nack", "pli"]: self = .pictureLoss
        default: self = []
        }
    }

    /// The lines that say so of one payload type.
    func attributes(payloadType: UInt8) -> [SDPAttribute] {
        var list: [SDPAttribute] = []
        if contains(.nack) { list.append(SDPAttribute("rtcp-fb", "\(payloadType) nack")) }
        if contains(.pictureLoss) { list.append(SDPAttribute("rtcp-fb", "\(payloadType) nack pli")) }
        return list
    }
}

extension MediaDescription {
    /// What the section's `a=rtcp-fb` lines say of a payload type, by its number or by `*`.
    func feedback(payloadType: UInt8) -> FeedbackTerms {
        values("rtcp-fb").reduce(into: []) { terms, line in
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, parts[0] == "*" || UInt8(parts[0]) == payloadType else { return }
            terms.formUnion(FeedbackTerms(parsing: parts[1]))
        }
    }
}
