// What one offer/answer decided for one audio leg (RFC 3264).

/// Everything that the engine needs to know of a negotiation.
public struct MediaPlan: Sendable {
    /// The common codecs, preferred first; the first is what we send when we have a choice. Never empty.
    public var codecs: [CodecBinding]
    /// How keys travel; empty when telephone-event was not negotiated.
    public var telephoneEvents: [TelephoneEventBinding]
    /// How pauses are said to sound; nil when that was not negotiated.
    public var comfortNoise: ComfortNoiseBinding?
    /// The peer takes G.729 packets in which a pause begins (Annex B; `annexb`, RFC 4856 §2.1.9: yes when nothing is said).
    public var takesPausesInG729 = true
    /// The peer wants Opus packets of pauses left out (`usedtx`, RFC 7587 §6.1).
    public var leavesPausesOut = false
    /// Milliseconds of sound in a packet that we send, 10…60.
    public var packetTime: Int
    /// Whether we may send.
    public var sends: Bool
    /// Whether the peer may send.
    public var receives: Bool
    /// Where the peer's SDP says that media goes; nil when unspecified (0.0.0.0) or when ICE tells.
    public var remoteRTP: SocketAddress?
    public var remoteRTCP: SocketAddress?
    /// RTP and RTCP on one port (RFC 5761).
    public var rtcpMux: Bool
    public var security: MediaSecurity
    /// The peer holds us: it offered sendonly, inactive or the address 0.0.0.0.
    public var isHold: Bool
    /// From where packets are accepted when the path is plain.
    public var latching: LatchingRule
    /// Extended reports that both sides agreed on.
    public var reports: ExtendedReportTerms
    /// What the peer takes of RFC 4585 for the first codec. Kept only: sound is not sent again, so we answer none.
    public var feedback: FeedbackTerms
    /// The peer takes each codec of the plan at any time and changes what it sends when it is asked to: a page of ours
    /// in a browser. Telephones are left with what they begin with.
    public var peerFollows = false

    public init(
        codecs: [CodecBinding], telephoneEvents: [TelephoneEventBinding] = [],
        comfortNoise: ComfortNoiseBinding? = nil, packetTime: Int = 20,
        sends: Bool = true, receives: Bool = true, remoteRTP: SocketAddress? = nil, remoteRTCP: SocketAddress? = nil,
        rtcpMux: Bool = false, security: MediaSecurity = .plain, isHold: Bool = false,
        latching: LatchingRule = .announced, reports: ExtendedReportTerms = ExtendedReportTerms(),
        feedback: FeedbackTerms = []
    ) {
        self.codecs = codecs
        self.telephoneEvents = telephoneEvents
        self.comfortNoise = comfortNoise
        self.packetTime = packetTime
        self.sends = sends
        self.receives = receives
        self.remoteRTP = remoteRTP
        self.remoteRTCP = remoteRTCP
        self.rtcpMux = rtcpMux
        self.security = security
        self.isHold = isHold
        self.latching = latching
        self.reports = reports
        self.feedback = feedback
    }
}

/// How the packets of a leg are protected.
public enum MediaSecurity: Sendable {
    case plain
    case dtls(DTLSTerms)
}

/// What the SDP said about a DTLS-SRTP path (RFC 5763, RFC 8842).
public struct DTLSTerms: Hashable, Sendable {
    /// The peer's certificate must match one of these; never empty.
    public var remoteFingerprints: [CertificateFingerprint]
    /// The peer's ICE credentials; nil when it does not speak ICE.
    public var remoteICE: ICECredentials?
    /// Which side of the handshake we are.
    public var role: DTLSRole

    public init(remoteFingerprints: [CertificateFingerprint], remoteICE: ICECredentials?, role: DTLSRole) {
        self.remoteFingerprints = remoteFingerprints
        self.remoteICE = remoteICE
        self.role = role
    }
}

/// Our side of the DTLS handshake (RFC 4145 §4).
public enum DTLSRole: Sendable, BitwiseCopyable {
    /// `setup:active`: we send the ClientHello.
    case client
    /// `setup:passive`.
    case server
}

/// From where a plain path accepts its first packet, beside the address that the SDP announced. The first accepted
/// source is the only one until the next negotiation.
public enum LatchingRule: Hashable, Sendable, BitwiseCopyable {
    /// The announced address, or another port of the same IP address.
    case announced
    /// Also any port of this address, where the signalling comes from: the peer announced a private one (NAT), or is on
    /// this machine.
    case signallingSource(SocketAddress)
    /// Also the first valid RTP source, whoever it is. Only when the announced address is private and nothing better
    /// is known.
    case any
}
