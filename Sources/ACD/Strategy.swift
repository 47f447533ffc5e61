// Which of the agents who may take a call is asked first: the strategies of queues.

import Timing

extension QueueRules {
    /// Before it come those who were asked least for this call, those with the fewest unanswered offers in a row, who spoke
    /// with this caller before, those with more of the skills preferred, those of whose groups the queue's comes earlier; after it who has been free the
    /// longest. Otherwise one who never answers would be asked for ever. The raw values are those of
    /// hotline files and of the event log.
    public enum Strategy: String, Sendable, Hashable, CaseIterable {
        /// Who has been free the longest.
        case longestIdle = "longest-idle"
        /// All at once; the first who answers has the call.
        case ringAll = "ring-all"
        /// Always in the order of the agents' numbers.
        case linear
        /// In the order of the agents' numbers, beginning after the one whom this queue asked last.
        case roundRobin = "round-robin"
        /// Each free agent with the same chance.
        case random
        /// Who has answered the fewest calls today, of all queues.
        case fewestCalls = "fewest-calls"
        /// Who has talked the least today, in all queues.
        case leastTalk = "least-talk"
        /// Who masters the skills asked for best; of equals, who has the fewest others: those who can do more stay free for
        /// who needs it.
        case bestMatch = "skills"
    }
}

/// What an agent has done today. Kept over log-outs.
struct Tally: Sendable {
    var calls = 0
    var talked = Duration.zero
}

/// An agent's place among those who may be asked for one call; less is asked earlier.
struct Preference: Comparable {
    let agent: AgentID
    /// Offers of this call that came to nothing.
    let tried: Int
    let unansweredInARow: Int
    /// Spoke with this caller before.
    let isFamiliar: Bool
    /// Levels in the skills preferred.
    let match: Int
    /// The place of the queue's group among the agent's.
    let turn: Int
    /// What the strategy looks at.
    let rank: UInt64
    let freeSince: Instant

    static func < (a: Preference, b: Preference) -> Bool {
        if a.tried != b.tried { return a.tried < b.tried }
        if a.unansweredInARow != b.unansweredInARow { return a.unansweredInARow < b.unansweredInARow }
        if a.isFamiliar != b.isFamiliar { return a.isFamiliar }
        if a.match != b.match { return a.match > b.match }
        if a.turn != b.turn { return a.turn < b.turn }
        if a.rank != b.rank { return a.rank < b.rank }
        if a.freeSince != b.freeSince { return a.freeSince < b.freeSince }
        return a.agent < b.agent
    }
}

extension Distributor {
    /// Nil for an agent who is not free.
    mutating func preference(_ agent: Agent, for entry: Entry, _ now: Instant) -> Preference? {
        guard let freeSince = agent.freeSince else { return nil }
        return Preference(
            agent: agent.id, tried: entry.attempts[agent.id]?.count ?? 0, unansweredInARow: agent.unansweredInARow,
            isFamiliar: entry.request.familiar?.agent == agent.id && entry.attempts[agent.id] == nil,
            match: agent.skills.points(in: entry.request.needs.preferred),
            turn: agent.groups.firstIndex(where: entry.groups.contains) ?? 0,
            rank: rank(agent, for: entry), freeSince: freeSince)
    }

    private mutating func rank(_ agent: Agent, for entry: Entry) -> UInt64 {
        let number = UInt64(bitPattern: agent.id.rawValue)
        switch entry.rules.strategy {
        case .longestIdle, .ringAll: return 0
        case .linear: return number
        case .roundRobin:
            // Those behind the last one asked come first, the last one itself comes last.
            let last = lastAsked[entry.request.queue].map { UInt64(bitPattern: $0.rawValue) } ?? 0
            return number &- last &- 1
        case .random: return dice.next()
        case .fewestCalls: return UInt64(tallies[agent.id]?.calls ?? 0)
        case .leastTalk: return UInt64(max(0, tallies[agent.id]?.talked.nanoseconds ?? 0))
        case .bestMatch:
            let points = UInt64(agent.skills.points(in: entry.request.needs.required))
            // More points, less rank; below that, fewer skills.
            return (UInt64(UInt32.max) - points) << 16 + UInt64(agent.skills.levels.count)
        }
    }

    mutating func answered(_ agent: AgentID) { tallies[agent, default: Tally()].calls += 1 }

    mutating func talked(_ agent: AgentID, since: Instant, _ now: Instant) {
        tallies[agent, default: Tally()].talked += max(now - since, .zero)
    }
}
