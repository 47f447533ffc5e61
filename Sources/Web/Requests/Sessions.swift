// Who is asking: the session cookie and the account behind it.

import Hummingbird
import Store

/// Somebody logged in.
struct Visitor: Sendable {
    var account: Account
    /// The session's secret, as the cookie carries it. Never logged.
    var token: String
}

/// Reads and writes the session cookie and asks the store about it.
struct Sessions: Sendable {
    let store: Store
    let isSecure: Bool

    /// The prefix makes browsers refuse the cookie from anywhere but this host over HTTPS (RFC 6265bis §4.1.3.2).
    var cookieName: String { isSecure ? "__Host-session" : "session" }

    func visitor(token: String?) async -> Visitor? {
        guard let token, !token.isEmpty, token.utf8.count <= 128 else { return nil }
        guard let session = try? await store.session(token) else { return nil }
        return Visitor(account: session.account, token: token)
    }

    /// The session's value among a request's Cookie headers.
    func token(cookies: [String]) -> String? { Self.cookie(cookieName, in: cookies) }

    static func cookie(_ name: String, in headers: [String]) -> String? {
        for pair in headers.joined(separator: ";").split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == name else { continue }
            return String(parts[1])
        }
        return nil
    }

    /// The Set-Cookie value for a new session. It ends with the browser; the server ends it after 30 idle minutes or
    /// twelve hours.
    func setting(_ token: String) -> String {
        "\(cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }

    /// The Set-Cookie value that removes it.
    var removing: String {
        "\(cookieName)=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0" + (isSecure ? "; Secure" : "")
    }
}
