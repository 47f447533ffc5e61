// People who log in.

/// What an account may do; what that means for each request is decided by the web side.
public enum Role: String, Sendable, Codable, CaseIterable {
    case consultant, supervisor, administrator
}

/// The language in which pages talk to this person.
public enum PageLanguage: String, Sendable, Codable, CaseIterable {
    case polish = "pl"
    case english = "en"
}

/// One person's account, without anything secret.
public struct Account: Sendable, Codable, Equatable, Identifiable {
    public let id: Int64
    /// What is typed at log-in; lower case, unique.
    public let name: String
    public var displayName: String
    public var role: Role
    /// The groups of agents to which the person belongs.
    public var groups: [String]
    /// Languages that the person speaks with callers ("pl", "en" …): skills for queues that ask for one.
    public var languages: [String]
    /// What else the person can do for callers, and how well: 1 to 9.
    public var skills: [String: Int]
    public var locale: PageLanguage
    /// Has a one-time password: nothing but choosing an own one may be done.
    public let mustChangePassword: Bool
    /// May not log in.
    public var disabled: Bool
}

/// What is needed to make an account.
public struct NewAccount: Sendable {
    public let name: String
    public let displayName: String
    public let role: Role
    public let groups: [String]
    public let languages: [String]
    public let locale: PageLanguage

    public init(
        name: String, displayName: String, role: Role, groups: [String] = [], languages: [String] = [],
        locale: PageLanguage = .polish
    ) {
        self.name = name
        self.displayName = displayName
        self.role = role
        self.groups = groups
        self.languages = languages
        self.locale = locale
    }
}

/// What came of a name and a password.
public enum LoginResult: Sendable, Equatable {
    case accepted(Account)
    /// Unknown name, wrong password or disabled account: nobody is told which.
    case wrong
    /// Too many failures for this name from this source; not even looked at before `until` (Unix ms).
    case refused(until: Int64)
}
