// What a user agent needs to know at its start.

public struct SIPConfiguration: Sendable {
    /// Where we listen, UDP and TCP on each: `0.0.0.0:5060`, `[::1]:5060`. Port 0 takes a free one.
    public var listen: [String] = ["0.0.0.0:5060"]
    /// The address in our Contact for peers outside our network, when we stand behind NAT; nil: the address by which a
    /// peer is reached.
    public var publicAddress: String?
    /// The User-Agent and Server header.
    public var userAgent = "Centrala"
    /// Seconds of a session without refresh that we propose (RFC 4028 §8.1).
    public var sessionExpires = 1800
    /// The shortest session that we accept, in seconds (RFC 4028 §9: at least 90; tests take less).
    public var minSE = 90
    /// More dialogs at once are refused with 503 and Retry-After.
    public var maxCalls = 500
    /// P-Asserted-Identity is believed (RFC 3325 §5): only where nobody but a trusted trunk can send to us.
    public var trustsAssertedIdentity = false

    public init() {}
}
