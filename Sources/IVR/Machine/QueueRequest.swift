// What a caller asks of the distribution of calls.

public import Timing

/// One caller's wish to wait in a queue.
public struct QueueRequest: Sendable, Hashable {
    public var queue: String
    /// The language the caller chose.
    public var language: String
    /// What the consultant must be able to do.
    public var skills: SkillNeeds
    /// 0 to 9, higher first.
    public var priority: Int
    /// Since when this call has been asking for a consultant without having talked to one: the order of callers follows
    /// it. Limits such as `max_wait` count from now.
    public var since: Instant
    /// Answer `.busy` instead of letting the caller in when the estimated wait is longer than this; nil: never.
    public var busyAbove: Duration?

    public init(
        queue: String, language: String, skills: SkillNeeds, priority: Int, since: Instant, busyAbove: Duration? = nil
    ) {
        self.queue = queue
        self.language = language
        self.skills = skills
        self.priority = priority
        self.since = since
        self.busyAbove = busyAbove
    }
}

/// How full a queue is, for a `when` step.
public struct QueueLoad: Sendable, Hashable {
    /// How many wait.
    public var ahead: Int
    /// The estimated wait of whoever enters now; nil when it cannot be told.
    public var wait: Duration?
    /// Nobody who could answer is logged in.
    public var hasNobody: Bool
    /// Whoever enters now would be refused.
    public var isFull: Bool

    public init(ahead: Int, wait: Duration?, hasNobody: Bool, isFull: Bool) {
        self.ahead = ahead
        self.wait = wait
        self.hasNobody = hasNobody
        self.isFull = isFull
    }
}
