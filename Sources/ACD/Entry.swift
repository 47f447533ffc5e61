// One caller's stay in one queue, as the distributor keeps it.

import Timing

struct Entry: Sendable {
    enum State: Sendable, Equatable {
        /// In line without an offer. Goes to: offered; removed by leaving or timing out.
        case waiting
        /// In line while the phones of these agents ring, never none. Goes to: talking, waiting; removed by leaving.
        case offered(Set<AgentID>)
        /// Goes to: awaiting, waiting (the agent logged out); removed when the talk ends.
        case talking(AgentID)
        /// The agent was lost in the talk. Goes to: talking, waiting; removed when the caller hangs up.
        case awaiting(AgentID)
    }

    /// Offers of this call to one agent which came to nothing.
    struct Attempts: Sendable {
        var count = 0
        var notBefore: Instant
    }

    /// Earlier in this order is served first.
    struct Rank: Comparable {
        let atHead: Bool
        let priority: Int
        let since: Instant
        let id: EntryID

        static func < (a: Rank, b: Rank) -> Bool {
            if a.atHead != b.atHead { return a.atHead }
            if a.priority != b.priority { return a.priority > b.priority }
            if a.since != b.since { return a.since < b.since }
            return a.id < b.id
        }
    }

    /// The last position that the caller was told.
    struct Told: Sendable {
        var ahead: Int
        var wait: Duration?
        var lowestWait: Duration?
    }

    let id: EntryID
    let request: EntryRequest
    let rules: QueueRules
    let enteredAt: Instant
    /// Agents of these groups may answer: the queue's own, and those of queues that were asked as well.
    var groups: Set<String>
    var state = State.waiting
    /// Came back from a lost agent.
    var atHead = false
    var giveUpAt: Instant?
    var attempts: [AgentID: Attempts] = [:]
    var told: Told?
    /// The latest offer's.
    var choice: Choice?
    var hasOutcome = false

    init(id: EntryID, request: EntryRequest, rules: QueueRules, now: Instant) {
        self.id = id
        self.request = request
        self.rules = rules
        enteredAt = now
        groups = [rules.agents]
        giveUpAt = rules.maxWait.map { now + $0 }
    }

    func rank(_ now: Instant) -> Rank { Rank(atHead: atHead, priority: priority(now), since: request.since, id: id) }

    /// The caller's own, raised by the time waited.
    func priority(_ now: Instant) -> Int {
        guard let raise = rules.raise, raise.to > request.priority else { return request.priority }
        let raises = max(now - request.since, .zero).nanoseconds / raise.every.nanoseconds
        return Int(min(Int64(raise.to), Int64(request.priority) + raises))
    }

    /// When agents may be asked who may not be asked at `now`; nil: never.
    func relaxes(after now: Instant) -> Instant? {
        request.needs.relaxed.lazy.map { enteredAt + $0.after }.first { $0 > now }
    }

    /// Until when the agent who spoke with this caller before is waited for; nil: not (any more).
    var awaitedUntil: Instant? {
        guard let familiar = request.familiar, rules.strategy != .ringAll, attempts[familiar.agent] == nil, !atHead
        else { return nil }
        return enteredAt + familiar.patience
    }

    /// Whether further agents may be offered the call now.
    var wantsOffers: Bool {
        switch state {
        case .waiting: true
        case .offered: rules.strategy == .ringAll
        case .talking, .awaiting: false
        }
    }

    /// Whether this agent may be offered the call at `now`, being free.
    func mayRing(_ agent: Agent, _ now: Instant) -> Bool {
        guard let wait = agent.wait(for: self), enteredAt + wait <= now else { return false }
        return attempts[agent.id].map { $0.notBefore <= now } ?? true
    }
}
