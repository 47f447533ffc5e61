// What we bring to a negotiation.

/// Our side of an offer or answer: addresses, codecs, credentials.
public struct LocalMedia: Sendable {
    /// The IP address that peers are told: the public one behind NAT.
    public var address: String
    public var rtpPort: UInt16
    /// Equal to `rtpPort` when only one socket was opened.
    public var rtcpPort: UInt16
    /// Preferred first.
    public var codecs: [Codec]
    /// Milliseconds in the packets that we want and, when the peer says nothing, send: 10…60.
    public var packetTime: Int
    /// Our credentials; nil: no ICE.
    public var ice: ICECredentials?
    /// Our certificate's; nil: no DTLS-SRTP, and an offer that demands it is refused.
    public var fingerprint: CertificateFingerprint?
    /// Where the peer's signalling comes from; media of a peer behind NAT is expected from there.
    public var signallingSource: SocketAddress?
    /// The number in `o=`; the same for the whole dialog.
    public var sessionID: UInt64
    /// One more with each description that differs (RFC 3264 §8).
    public var sessionVersion: UInt64

    public init(
        address: String, rtpPort: UInt16, rtcpPort: UInt16, codecs: [Codec], packetTime: Int = 20,
        ice: ICECredentials? = nil, fingerprint: CertificateFingerprint? = nil, signallingSource: SocketAddress? = nil,
        sessionID: UInt64, sessionVersion: UInt64
    ) {
        self.address = address
        self.rtpPort = rtpPort
        self.rtcpPort = rtcpPort
        self.codecs = codecs
        self.packetTime = packetTime
        self.ice = ice
        self.fingerprint = fingerprint
        self.signallingSource = signallingSource
        self.sessionID = sessionID
        self.sessionVersion = sessionVersion
    }
}
