// An address on the web that we may ask (RFC 3986, http and https only).

/// Read strictly, once: what was checked here is what is connected to. No user name, no fragment, visible ASCII only.
public struct OutsideURL: Hashable, Sendable {
    enum Scheme: String, Sendable {
        case http, https
    }

    enum Host: Hashable, Sendable {
        case name(HostName)
        case address(IPAddress)

        /// As a URL holds it.
        var text: String {
            switch self {
            case .name(let name): name.text
            case .address(let address):
                switch address {
                case .v4: address.text
                case .v6: "[\(address.text)]"
                }
            }
        }
    }

    /// Far more than a lookup needs; servers give up at 8,000.
    static let longest = 2_048

    let scheme: Scheme
    let host: Host
    /// Nil: the scheme's own.
    let port: UInt16?
    /// Path and query; begins with a slash.
    let target: String

    public init(_ text: String) throws(OutsideURLError) {
        guard text.utf8.count <= Self.longest else { throw .tooLong }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !Self.forbidden.contains($0) }) else {
            throw .badCharacter
        }
        guard !text.contains("#") else { throw .fragment }
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://"),
            let scheme = Scheme(rawValue: text[..<colon].lowercased())
        else { throw .notHTTP }
        let rest = text[text.index(colon, offsetBy: 3)...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.contains("@") else { throw .userInfo }
        (host, port) = try Self.split(authority)
        self.scheme = scheme
        target = rest[end...].hasPrefix("/") ? String(rest[end...]) : "/" + rest[end...]
    }

    /// RFC 3986 leaves these out of URLs; programs differ in what they make of them.
    private static let forbidden = Set(#""<>\^`{|}"#.utf8)

    private static func split(_ authority: Substring) throws(OutsideURLError) -> (Host, UInt16?) {
        var host = authority
        var port: UInt16?
        let bracket = authority.lastIndex(of: "]") ?? authority.startIndex
        if let colon = authority[bracket...].lastIndex(of: ":") {
            host = authority[..<colon]
            let digits = authority[authority.index(after: colon)...]
            guard digits.utf8.count <= 5, digits.allSatisfy(\.isNumber), let number = UInt16(digits), number > 0 else {
                throw .badPort
            }
            port = number
        }
        if host.hasPrefix("["), host.hasSuffix("]") {
            let inner = String(host.dropFirst().dropLast())
            guard inner.contains(":"), let address = IPAddress(inner) else { throw .badHost }
            return (.address(address), port)
        }
        guard !host.contains(":") else { throw .badHost }
        if let address = IPAddress(String(host)) { return (.address(address), port) }
        guard let name = HostName(String(host)) else { throw .badHost }
        return (.name(name), port)
    }

    /// Written anew from what was read, so that no two readers can see different hosts in it.
    var text: String { "\(origin)\(target)" }

    private var origin: String { "\(scheme.rawValue)://\(host.text)\(port.map { ":\($0)" } ?? "")" }
}

/// For the log: without the query, which may hold personal data.
extension OutsideURL: CustomStringConvertible {
    public var description: String { origin + target.prefix { $0 != "?" } }
}

/// Why a text is no URL to ask. The descriptions are sentences for whoever wrote it.
public enum OutsideURLError: Error, Hashable, Sendable, CustomStringConvertible {
    case tooLong, badCharacter, fragment, notHTTP, userInfo, badPort, badHost

    public var description: String {
        switch self {
        case .tooLong: "the URL is longer than \(OutsideURL.longest) characters"
        case .badCharacter: "the URL holds a space or another character that must be written as %XX"
        case .fragment: "the URL holds a # part, which servers never see"
        case .notHTTP: "the URL does not begin with http:// or https://"
        case .userInfo: "the URL holds a user name or a password"
        case .badPort: "the URL's port is not a number from 1 to 65535"
        case .badHost: "the URL's host is neither a host name nor an IP address in its usual form"
        }
    }
}
