// What the hotline file says about one queue.

import YAML

/// Who of the free consultants is offered a caller.
public enum QueueStrategy: String, Sendable, Hashable, CaseIterable {
    /// Who has been free the longest.
    case longestIdle = "longest-idle"
    /// All free ones at once; the first who answers has the call.
    case ringAll = "ring-all"
    /// Always in the order in which the accounts were made.
    case linear
    /// In the order in which the accounts were made, beginning after the one who was asked last.
    case roundRobin = "round-robin"
    /// Each free one with the same chance.
    case random
    /// Who has answered the fewest calls today.
    case fewestCalls = "fewest-calls"
    /// Who has talked the least today.
    case leastTalk = "least-talk"
    /// Who masters the skills asked for best; of equals, who has the fewest others.
    case skills
}

/// One entry of `queues:`.
public struct QueueSettings: Sendable, Hashable {
    /// What happens to a consultant who does not answer an offer.
    public enum NoAnswer: String, Sendable, Hashable, CaseIterable {
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

    /// What callers are offered who have waited for some time.
    struct Offer: Sendable, Hashable {
        /// Since the wait began. It is said once; its keys hold from then on.
        var after: Duration
        var say: Reference?
        var keys: [MenuKey]
    }

    /// By one for each `every` of waiting, up to `to`.
    public struct Raise: Sendable, Hashable {
        public var every: Duration
        /// 1 to 9.
        public var to: Int
    }

    /// Who last spoke with the caller is asked first.
    public struct LastAgent: Sendable, Hashable {
        /// How long ago that may have been.
        public var within: Duration
        /// How long one who is busy is waited for.
        public var wait: Duration
    }

    /// These skills are enough after some time.
    struct Relaxation: Sendable, Hashable {
        var after: Duration
        var skills: [SkillReference]
    }

    /// What becomes of callers who have waited too long.
    struct Overflow: Sendable, Hashable {
        enum Action: Sendable, Hashable {
            /// Another queue's consultants are asked as well; the caller keeps the place.
            case also(Reference)
            /// The caller leaves the queue.
            case go(Exit)
        }

        var after: Duration
        var action: Action
    }

    public var name: String
    /// The group of consultants who serve it.
    public var agents: String
    public var strategy: QueueStrategy
    /// How long one consultant is offered a call.
    public var ring: Duration
    public var wrapUp: Duration
    public var onNoAnswer: NoAnswer
    /// Nil only where an overflow leads every caller away: a queue without any limit does not load.
    public var maxWait: Duration?
    /// How many may wait; nil: any number.
    public var maxWaiting: Int?
    public var target: ServiceTarget
    /// Who gives up within this time is not counted as abandoned.
    public var shortAbandon: Duration
    /// A file of the prompts' folder; nil: the built-in music.
    public var music: String?
    /// Steady noise is taken out of what consultants hear of callers.
    public var reducesNoise: Bool
    /// Quiet and loud callers are brought to one level for consultants.
    public var evensLevel: Bool
    /// 0 to 9, higher first.
    public var priority: Int
    /// How it grows with the wait; nil: not at all.
    public var raise: Raise?
    /// Nil: it does not matter who spoke with the caller.
    public var lastAgent: LastAgent?
    public var announce: Announcements?
    var agentsPosition: Position
    /// Skills every consultant must have; `language` stands for the caller's language.
    var skills: [SkillReference]
    /// Who has more of these is asked first.
    var preferred: [SkillReference]
    /// In the order of their times.
    var relaxations: [Relaxation]
    var offer: Offer?
    /// In the order of their times.
    var overflow: [Overflow] = []
}
