// The mail server that takes our letters (RFC 6409), as an administrator names it.

public struct MailServer: Sendable {
    public enum Security: String, Sendable, CaseIterable {
        /// Plain at first, then TLS (RFC 3207); without TLS nothing is sent.
        case starttls
        /// TLS from the first byte (RFC 8314).
        case tls
        /// For a server on this machine: no password goes this way.
        case none
    }

    /// Who we are to the server.
    public struct Login: Sendable {
        let user: String
        let password: String

        /// Nil when one of them is empty or holds a line end or a NUL.
        public init?(user: String, password: String) {
            for text in [user, password] {
                guard !text.isEmpty, text.utf8.count <= 1_000, !text.utf8.contains(where: { [0, 10, 13].contains($0) })
                else { return nil }
            }
            self.user = user
            self.password = password
        }
    }

    /// A name or an address; private ones too, for the administrator chose it.
    let host: String
    let port: UInt16
    let security: Security
    let login: Login?
    let from: MailAddress

    /// Nil when the host is neither a host's name nor an IP address, or a password would go without TLS.
    public init?(host: String, port: UInt16, security: Security, login: Login?, from: MailAddress) {
        if let address = IPAddress(host) {
            self.host = host.contains(":") ? "[\(address.text)]" : address.text
        } else if let name = HostName(host) {
            self.host = name.text
        } else {
            return nil
        }
        guard login == nil || security != .none else { return nil }
        self.port = port
        self.security = security
        self.login = login
        self.from = from
    }

    var url: String { "\(security == .tls ? "smtps" : "smtp")://\(host):\(port)" }
}

/// However it gets into a log, the password does not.
extension MailServer.Login: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    public var description: String { "a login" }
    public var debugDescription: String { description }
    public var customMirror: Mirror { Mirror(self, children: []) }
}
