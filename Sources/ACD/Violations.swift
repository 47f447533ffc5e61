// The checker: what must hold after every input. Tests and test builds ask it; it changes nothing.

public import Timing

extension Distributor {
    /// Sentences about what is wrong at `now`, right after `handle(_:now:)`; empty when all is well.
    public func violations(now: Instant) -> [String] {
        linkViolations() + lineViolations(now) + idleViolations(now) + overdueViolations(now) + breakViolations()
    }

    /// Agents and entries name each other, so nobody has two calls and no call two agents.
    private func linkViolations() -> [String] {
        var found: [String] = []
        for agent in agents.values {
            guard let entry = agent.entry else { continue }
            if entries[entry]?.agents(likeThoseOf: agent.state).contains(agent.id) != true {
                found.append("agent \(agent.id.rawValue) has entry \(entry.rawValue), which does not know it")
            }
        }
        for entry in entries.values {
            for agent in entry.agents where agents[agent]?.entry != entry.id {
                found.append("entry \(entry.id.rawValue) has agent \(agent.rawValue), who does not know it")
            }
            if case .offered(let ringing) = entry.state,
                ringing.isEmpty || entry.rules.strategy != .ringAll && ringing.count > 1
            {
                found.append("entry \(entry.id.rawValue) is offered to \(ringing.count) agents")
            }
        }
        return found
    }

    /// Strictly rising ranks also mean that nobody stands in line twice.
    private func lineViolations(_ now: Instant) -> [String] {
        var found: [String] = []
        let ranks = line.compactMap { entries[$0]?.rank(now) }
        if !zip(ranks, ranks.dropFirst()).allSatisfy({ $0 < $1 }) {
            found.append("the line is not in the order of the rule")
        }
        let waiting = entries.values.count { $0.isInLine }
        if waiting != line.count || !line.allSatisfy({ entries[$0]?.isInLine == true }) {
            found.append("the line does not hold exactly those who wait")
        }
        return found
    }

    private func idleViolations(_ now: Instant) -> [String] {
        let free = agents.values.filter { $0.freeSince != nil }
        guard !free.isEmpty else { return [] }
        return entries.values.filter(\.wantsOffers).flatMap { entry in
            free.filter { mayRing($0, entry, now) }.map { agent in
                "agent \(agent.id.rawValue) is free while entry \(entry.id.rawValue) waits"
            }
        }
    }

    private func overdueViolations(_ now: Instant) -> [String] {
        var found = agents.values.filter { $0.deadline.map { $0 <= now } ?? false }.map {
            "agent \($0.id.rawValue) is past a deadline"
        }
        found += entries.values.filter { $0.state == .waiting && $0.giveUpAt.map { $0 <= now } ?? false }.map {
            "entry \($0.id.rawValue) is past its longest wait"
        }
        if let deadline, deadline <= now { found.append("the deadline has passed") }
        return found
    }
}

extension Entry {
    fileprivate var isInLine: Bool {
        switch state {
        case .waiting, .offered: true
        case .talking, .awaiting: false
        }
    }

    fileprivate var agents: Set<AgentID> {
        switch state {
        case .waiting: []
        case .offered(let ringing): ringing
        case .talking(let agent), .awaiting(let agent): [agent]
        }
    }

    /// Those whom it knows to be in this state with it.
    fileprivate func agents(likeThoseOf other: Agent.State) -> Set<AgentID> {
        switch (state, other) {
        case (.offered, .offered), (.talking, .talking), (.awaiting, .lost): agents
        default: []
        }
    }
}

extension Agent {
    fileprivate var entry: EntryID? {
        switch state {
        case .offered(let entry, _, _), .talking(let entry, _, _), .lost(.talking(let entry, _), _): entry
        case .ready, .wrapUp, .onBreak, .lost: nil
        }
    }
}
