// What is known of a recording whose journal is complete.

/// A journal that was closed in good order.
public struct RecordedJournal: Sendable, Equatable {
    public let contact: String
    public let path: String
    /// From the recording's origin to its last payload.
    public let duration: Duration
    /// Payloads that did not reach the disk.
    public let lost: UInt64
}

/// A journal that was open when the process that wrote it went away, and is complete now.
public struct RecoveredJournal: Sendable, Equatable {
    public let contact: String
    public let path: String
    /// From the recording's origin to the last payload that was kept; zero when nothing was.
    public let duration: Duration
    /// False when it had been closed and only the note of it was left.
    public let wasOpen: Bool
}
