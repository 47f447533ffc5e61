// Who did what with the system itself: log-ins, accounts, recordings played.

public struct AuditEntry: Sendable, Codable, Equatable {
    /// Unix ms.
    public let at: Int64
    /// The account's name; nil when nobody was logged in.
    public let actor: String?
    /// A plain word: "log in", "log in failed", "recording played" …
    public let action: String
    /// What it was done to: an account's name, a contact's id.
    public let subject: String?
    /// The address from which it came.
    public let source: String?

    public init(at: Int64, actor: String?, action: String, subject: String? = nil, source: String? = nil) {
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.source = source
    }
}
