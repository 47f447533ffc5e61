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
            // In the order of their numbers, so that dice fall the same for the same seed.
            let able = free.filter { mayRing($0, entry, now) }.sorted { $0.id < $1.id }
            let order = able.compactMap { preference($0, for: entry, now) }.sorted().map(\.agent)
            for agent in entry.rules.strategy == .ringAll ? order[...] : order.prefix(1) {
                let choice = choice(agent, for: entry, order: order, now)
                entries[id]?.choice = choice
                offer(id, to: agent, now)
                free.removeAll { $0.id == agent }
            }
        }
    }

    /// Whether this agent, being free, may be offered the call at `now`.
    func mayRing(_ agent: Agent, _ entry: Entry, _ now: Instant) -> Bool {
        guard entry.mayRing(agent, now) else { return false }
        guard let awaited = awaited(by: entry, now) else { return true }
        return awaited == agent.id
    }

    /// The agent for whom a caller is kept: the one who spoke with the caller before, while busy for a moment.
    private func awaited(by entry: Entry, _ now: Instant) -> AgentID? {
        guard let familiar = entry.awaitedUntil.flatMap({ now < $0 ? entry.request.familiar : nil }),
            let agent = agents[familiar.agent], agent.isBusy, agent.afterTalk == nil,
            agent.wait(for: entry).map({ entry.enteredAt + $0 <= now }) == true
        else { return nil }
        return agent.id
    }

    private mutating func offer(_ id: EntryID, to agent: AgentID, _ now: Instant) {
        guard let readySince = agents[agent]?.freeSince, let entry = entries[id] else { return }
        let until = now + entry.rules.ring
        let ringing: Set<AgentID> = if case .offered(let others) = entry.state { others } else { [] }
        entries[id]?.state = .offered(ringing.union([agent]))
        lastAsked[entry.request.queue] = agent
        actions.append(.offer(id, agent, until: until))
        change(agent, to: .offered(id, until: until, readySince: readySince))
    }
}
