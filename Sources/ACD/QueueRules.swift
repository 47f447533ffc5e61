// What a queue promises, and what a caller brings to it.

public import Timing

/// The rules of one queue. An entry keeps the rules under which it came in; new rules hold for those who come later.
public struct QueueRules: Sendable, Equatable {
    /// What happens to an agent who let an offer ring out.
    public enum NoAnswer: Sendable, Equatable {
        /// On a break, until the agent says "ready": the agent is away from the desk.
        case pause
        /// Stays ready, but is tried after everybody else.
        case next
    }

    /// By one for each `every` that the caller has waited, up to `to`.
    public struct Raise: Sendable, Equatable {
        public let every: Duration
        public let to: Int

        public init(every: Duration, to: Int) {
            self.every = max(every, .seconds(1))
            self.to = to
        }
    }

    public let name: String
    /// The group of agents who answer this queue.
    public let agents: String
    /// How long one agent's phone rings; at least one second.
    public let ring: Duration
    /// The time after a talk in which the agent gets no offer; zero for none.
    public let wrapUp: Duration
    public let onNoAnswer: NoAnswer
    public let strategy: Strategy
    /// How long a caller waits before `timedOut`; nil for as long as the caller likes.
    public let maxWait: Duration?
    /// How many may wait at once; nil for any number. A caller whom a free agent can take at once is never refused.
    public let maxWaiting: Int?
    /// Callers who give up within this time count as "short abandoned".
    public let shortAbandon: Duration
    /// How priorities grow with the wait; nil: not at all.
    public let raise: Raise?

    public init(
        name: String, agents: String, ring: Duration, wrapUp: Duration, onNoAnswer: NoAnswer = .pause,
        strategy: Strategy = .longestIdle, maxWait: Duration? = nil, maxWaiting: Int? = nil,
        shortAbandon: Duration = .seconds(5), raise: Raise? = nil
    ) {
        self.name = name
        self.agents = agents
        self.ring = max(ring, .seconds(1))
        self.wrapUp = max(wrapUp, .zero)
        self.onNoAnswer = onNoAnswer
        self.strategy = strategy
        self.maxWait = maxWait
        self.maxWaiting = maxWaiting
        self.shortAbandon = shortAbandon
        self.raise = raise
    }
}

/// Who spoke with a caller before.
public struct Familiar: Sendable, Equatable {
    public let agent: AgentID
    /// While the agent is busy the caller is kept from all others for this long, from entering the queue on; zero: not at
    /// all. An agent who is not at work, on a break or lost is not waited for.
    public let patience: Duration

    public init(agent: AgentID, patience: Duration) {
        self.agent = agent
        self.patience = patience
    }
}

/// What a caller asks of a queue.
public struct EntryRequest: Sendable, Equatable {
    public let queue: String
    public let needs: Needs
    /// The agent who is asked first, whatever the strategy; nil: nobody. In a queue that rings all it means nothing.
    public let familiar: Familiar?
    /// Callers with a higher number are served first, whatever the queue; 0 is usual. Grows as the queue's `raise` says.
    public let priority: Int
    /// Refuse the caller when the expected wait is longer; nil: never.
    public let busyAbove: Duration?
    /// Since when the caller waits in the eyes of the order: usually now, earlier for one who waited already
    /// elsewhere.
    public let since: Instant

    public init(
        queue: String, needs: Needs = [], familiar: Familiar? = nil, priority: Int = 0, since: Instant,
        busyAbove: Duration? = nil
    ) {
        self.queue = queue
        self.needs = needs
        self.familiar = familiar
        self.priority = priority
        self.since = since
        self.busyAbove = busyAbove
    }
}
