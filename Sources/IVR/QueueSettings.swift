// What the hotline file says about one queue.

/// One entry of `queues:`.
public struct QueueSettings: Sendable, Hashable {
    /// What happens to a consultant who does not answer an offer.
    public enum NoAnswer: String, Sendable, Hashable {
        /// They are put on a break until they come back themselves.
        case pause
        /// They stay ready; the next one is asked.
        case next
    }

    /// `80% in 20s`.
    public struct ServiceTarget: Sendable, Hashable {
        /// 1 to 100.
        public var percent: Int
        public var within: Duration
    }

    /// Announcements to those who wait.
    public struct Announcements: Sendable, Hashable {
        /// After entering the queue.
        public var first: Duration
        /// Between the end of one and the next; nil: it is said once.
        public var every: Duration?
        /// Names of prompts, said one after the other.
        public var say: [String] { prompts.map(\.name) }
        var prompts: [Reference]
    }

    public var name: String
    /// The group of consultants who serve it.
    public var agents: String
    /// How long one consultant is offered a call.
    public var ring: Duration
    public var wrapUp: Duration
    public var onNoAnswer: NoAnswer
    /// Nil only in a file with errors: a queue without a limit does not load.
    public var maxWait: Duration?
    /// How many may wait; nil: any number.
    public var maxWaiting: Int?
    public var target: ServiceTarget
    /// Who gives up within this time is not counted as abandoned.
    public var shortAbandon: Duration
    /// A file of the prompts' folder; nil: the built-in music.
    public var music: String?
    /// 0 to 9, higher first.
    public var priority: Int
    /// Skills every consultant must have; `language` stands for the caller's language.
    public var skills: [String]
    public var announce: Announcements?
}
