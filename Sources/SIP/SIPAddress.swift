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

    /// `sip:user@host:port;transport=tcp`, parts of it optional, and `host` or `host:port` alone. Nil for anything else; TLS
    /// (`sips:`) is not spoken.
    public init?(uri: String) {
        var rest = uri[...]
        if let colon = rest.firstIndex(of: ":"), rest[..<colon].lowercased() == "sip" {
            rest = rest[rest.index(after: colon)...]
        } else if rest.lowercased().hasPrefix("sips:") {
            return nil
        }
        let pieces = rest.split(separator: ";", omittingEmptySubsequences: false)
        let parts = (pieces.first ?? "").split(separator: "@", omittingEmptySubsequences: false)
        guard let place = parts.last, parts.count <= 2, parts.count == 1 || !parts[0].isEmpty else { return nil }
        let parameters = pieces.dropFirst().map { $0.lowercased() }
        guard let (host, port) = Self.hostAndPort(place) else { return nil }
        let transport: Transport = parameters.contains("transport=tcp") ? .tcp : .udp
        self.init(user: parts.count == 2 ? String(parts[0]) : "", host: host, port: port, transport: transport)
    }

    private static func hostAndPort(_ text: Substring) -> (host: String, port: UInt16)? {
        var host = text
        var port: Substring?
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else { return nil }
            host = text[text.index(after: text.startIndex)..<close]
            let after = text[text.index(after: close)...]
            guard host.contains(":"), after.isEmpty || after.hasPrefix(":") else { return nil }
            port = after.isEmpty ? nil : after.dropFirst()
        } else if let colon = text.firstIndex(of: ":") {
            host = text[..<colon]
            port = text[text.index(after: colon)...]
        }
        let isPlain = host.utf8.allSatisfy { byte in
            byte < 128 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
                || "-.:".utf8.contains(byte)
        }
        guard !host.isEmpty, host.utf8.count <= 253, isPlain else { return nil }
        guard let port else { return (String(host), 5060) }
        guard port.allSatisfy(\.isNumber), let number = UInt16(port), number > 0 else { return nil }
        return (String(host), number)
    }

    var uri: String {
        let at = user.isEmpty ? "" : SIPText.escaped(user: user) + "@"
        return "sip:\(at)\(Self.bracketed(host)):\(port)" + (transport == .tcp ? ";transport=tcp" : "")
    }

    static func bracketed(_ host: String) -> String {
        host.contains(":") ? "[\(host)]" : host
    }
}
