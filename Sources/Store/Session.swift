// A log-in that lasts: what the cookie stands for.

public struct Session: Sendable, Equatable {
    public let account: Account
    /// Unix ms.
    public let began: Int64
    /// When the session ends although it is used (Unix ms).
    public let endsAt: Int64

    /// A session unused for this long has ended (ms).
    public static let idleLimit: Int64 = 30 * 60 * 1000
    /// No session lasts longer (ms).
    public static let limit: Int64 = 12 * 60 * 60 * 1000
}
