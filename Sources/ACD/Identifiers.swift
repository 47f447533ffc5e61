// The two names by which the distributor knows callers and agents.

/// One stay of one caller in one queue, unique while the server runs. The caller chooses the numbers; rising numbers
/// keep callers of the same instant in the order of arrival.
@frozen
public struct EntryID: Hashable, Comparable, Sendable, BitwiseCopyable {
    public let rawValue: UInt64

    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    public static func < (a: EntryID, b: EntryID) -> Bool { a.rawValue < b.rawValue }
}

/// A person who answers calls: the number of the account.
@frozen
public struct AgentID: Hashable, Comparable, Sendable, BitwiseCopyable {
    public let rawValue: Int64

    public init(_ rawValue: Int64) { self.rawValue = rawValue }

    public static func < (a: AgentID, b: AgentID) -> Bool { a.rawValue < b.rawValue }
}
