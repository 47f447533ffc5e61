// The one place where calls are offered.

import Timing

extension Distributor {
    /// Goes down the line once; each caller without an offer takes the best of the agents still free.
    mutating func offerCalls(_ now: Instant) {
        guard !line.isEmpty else { return }
        var free = agents.values.filter { $0.freeSince != nil }
        for id in line {
            guard !free.isEmpty else { return }
            guard let entry = entries[id], entry.state == .waiting else { continue }
            let candidates = free.indices.filter { entry.mayRing(free[$0], now) }
            guard let best = candidates.min(by: { precedes(free[$0], free[$1], for: entry) }) else { continue }
            offer(id, entry, to: free.remove(at: best), now)
        }
    }

    private mutating func offer(_ id: EntryID, _ entry: Entry, to agent: Agent, _ now: Instant) {
        guard let readySince = agent.freeSince else { return }
        let until = now + entry.rules.ring
        entries[id]?.state = .offered(agent.id)
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
