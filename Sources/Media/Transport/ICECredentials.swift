// The short-term credentials of connectivity checks (RFC 8445 §5.3).

/// A user-name fragment and password, as in `a=ice-ufrag` and `a=ice-pwd`.
public struct ICECredentials: Hashable, Sendable {
    /// 4…256 characters.
    public var usernameFragment: String
    /// 22…256 characters.
    public var password: String

    public init(usernameFragment: String, password: String) {
        self.usernameFragment = usernameFragment
        self.password = password
    }

    /// New ones from the system's random source: 8 and 24 characters, 48 and 144 bits.
    public static func random() -> ICECredentials {
        ICECredentials(usernameFragment: text(length: 8), password: text(length: 24))
    }

    private static func text(length: Int) -> String {
        let characters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var generator = SystemRandomNumberGenerator()
        return String((0..<length).map { _ in characters[Int.random(in: 0..<64, using: &generator)] })
    }
}
