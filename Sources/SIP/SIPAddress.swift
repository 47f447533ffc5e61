// Whom we call: a SIP URI in parts (RFC 3261 §19.1).

public struct SIPAddress: Hashable, Sendable {
    public enum Transport: String, Sendable {
        case udp, tcp
    }

    public var user: String
    /// A name or an IP address; IPv6 without brackets.
    public var host: String
    public var port: UInt16
    public var transport: Transport

    public init(user: String, host: String, port: UInt16 = 5060, transport: Transport = .udp) {
        self.user = user
        self.host = host
        self.port = port
        self.transport = transport
    }

    var uri: String {
        let at = user.isEmpty ? "" : SIPText.escaped(user: user) + "@"
        return "sip:\(at)\(Self.bracketed(host)):\(port)" + (transport == .tcp ? ";transport=tcp" : "")
    }

    static func bracketed(_ host: String) -> String {
        host.contains(":") ? "[\(host)]" : host
    }
}
