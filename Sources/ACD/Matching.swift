// The one place where calls are offered.

import Timing

extension Distributor {
    /// Goes down the line once; each caller without an offer takes the best of the agents still free, or all of them.
    mutating func offerCalls(_ now: Instant) {
        guard !line.isEmpty else { return }
        var free = agents.values.filter { $0.freeSince != nil }
        for id in line {
            guard !free.isEmpty else { return }
            guard let entry = entries[id], entry.wantsOffers else { continue }
            let candidates = free.filter { entry.mayRing($0, now) }.sorted { precedes($0, $1, for: entry) }
            for agent in entry.rules.strategy == .ringAll ? candidates[...] : candidates.prefix(1) {
                offer(id, to: agent, now)
                free.removeAll { $0.id == agent.id }
            }
        }
    }

    private mutating func offer(_ id: EntryID, to agent: Agent, _ now: Instant) {
        guard let readySince = agent.freeSince, let entry = entries[id] else { return }
        let until = now + entry.rules.ring
        let ringing: Set<AgentID> = if case .offered(let others) = entry.state { others } else { [] }
        entries[id]?.state = .offered(ringing.union([agent.id]))
        actions.append(.offer(id, agent.id, until: until))
        change(agent.id, to: .offered(id, until: until, readySince: readySince))
    }

    /// Longest idle, after those who did not take this call or took no call lately.
    private func precedes(_ a: Agent, _ b: Agent, for entry: Entry) -> Bool {
        let triedA = entry.attempts[a.id]?.count ?? 0
        let triedB = entry.attempts[b.id]?.count ?? 0
        if triedA != triedB { return triedA < triedB }
        if a.unansweredInARow != b.unansweredInARow { return a.unansweredInARow < b.unansweredInARow }
        guard let sinceA = a.freeSince, let sinceB = b.freeSince, sinceA != sinceB else { return a.id < b.id }
        return sinceA < sinceB
    }
}
