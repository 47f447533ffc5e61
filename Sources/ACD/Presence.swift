// Agents come, rest, get lost and come back.

import Timing

extension Distributor {
    mutating func arrived(_ id: AgentID, _ groups: [String], _ skills: Skills, _ now: Instant) {
        guard agents[id] == nil else {
            agents[id]?.groups = groups
            agents[id]?.skills = skills
            return returned(id, now)
        }
        agents[id] = Agent(id: id, groups: groups, skills: skills, state: .onBreak(reason: nil, since: now))
        show(id)
    }

    mutating func ready(_ id: AgentID, _ now: Instant) {
        guard let agent = agents[id] else { return }
        agents[id]?.unansweredInARow = 0
        switch agent.state {
        case .ready, .offered, .lost: break
        case .talking: agents[id]?.afterTalk = nil
        case .wrapUp(_, let work):
            agents[id]?.afterTalk = nil
            learn(work, now)
            change(id, to: .ready(since: now))
        case .onBreak: change(id, to: .ready(since: now))
        }
    }

    mutating func pause(_ id: AgentID, _ reason: String?, _ now: Instant) {
        guard let agent = agents[id] else { return }
        if let reason, isFull(reason, besides: id) { return actions.append(.breakRefused(id, reason: reason)) }
        let pause = Agent.State.onBreak(reason: reason, since: now)
        switch agent.state {
        case .ready, .onBreak: change(id, to: pause)
        case .offered(let entry, _, _):
            withdraw(entry, id, .rejected, now)
            change(id, to: pause)
        case .talking: agents[id]?.afterTalk = Agent.Pause(reason: reason)
        case .wrapUp(_, let work):
            agents[id]?.afterTalk = nil
            learn(work, now)
            change(id, to: pause)
        case .lost: break
        }
    }

    mutating func left(_ id: AgentID, _ now: Instant) {
        guard let agent = agents[id] else { return }
        switch agent.state {
        case .ready, .onBreak, .wrapUp, .lost(.ready, _), .lost(.onBreak, _), .lost(.wrapUp, _): break
        case .offered(let entry, _, _): withdraw(entry, id, .rejected, now)
        case .talking(let entry, let since, _), .lost(.talking(let entry, let since), _):
            talked(id, since: since, now)
            requeue(entry, now)
        }
        agents[id] = nil
        actions.append(.agent(id, .offline))
    }

    mutating func lost(_ id: AgentID, _ now: Instant) {
        guard let agent = agents[id] else { return }
        let until = now + Self.patience
        let before: Agent.Before
        switch agent.state {
        case .ready(let since): before = .ready(since: since)
        case .offered(let entry, _, let readySince):
            withdraw(entry, id, .lost, now)
            before = .ready(since: readySince)
        case .talking(let entry, let since, _):
            entries[entry]?.state = .awaiting(id)
            actions.append(.callerWaits(entry, for: id, until: until))
            before = .talking(entry, since: since)
        case .wrapUp(let until, let work): before = .wrapUp(until: until, work)
        case .onBreak(let reason, let since): before = .onBreak(reason: reason, since: since)
        case .lost: return
        }
        change(id, to: .lost(before, until: until))
    }

    mutating func returned(_ id: AgentID, _ now: Instant) {
        guard let agent = agents[id], case .lost(let before, _) = agent.state else { return }
        switch before {
        case .ready(let since): change(id, to: .ready(since: since))
        case .talking(let entry, let since):
            entries[entry]?.state = .talking(id)
            actions.append(.reconnect(entry, id))
            change(id, to: .talking(entry, since: since, heldSince: nil))
        case .wrapUp(let until, let work): change(id, to: .wrapUp(until: until, work))
        case .onBreak(let reason, let since): change(id, to: .onBreak(reason: reason, since: since))
        }
    }

    mutating func wrapUpDone(_ id: AgentID, _ now: Instant) {
        guard let agent = agents[id], case .wrapUp(_, let work) = agent.state else { return }
        learn(work, now)
        settle(id, now)
    }

    /// Unanswered offers, wrap-ups and losses whose time is over, in the order of the agents' numbers.
    mutating func expireAgents(_ now: Instant) {
        let due = agents.values.filter { $0.deadline.map { $0 <= now } ?? false }.sorted { $0.id < $1.id }
        for agent in due {
            switch agent.state {
            case .offered(let entry, _, _): unanswered(entry, agent.id, now)
            case .wrapUp: wrapUpDone(agent.id, now)
            case .lost: left(agent.id, now)
            case .ready, .talking, .onBreak: break
            }
        }
    }

    /// After a talk: the break asked for, or ready.
    mutating func settle(_ id: AgentID, _ now: Instant) {
        let pause = agents[id]?.afterTalk
        agents[id]?.afterTalk = nil
        change(id, to: pause.map { .onBreak(reason: $0.reason, since: now) } ?? .ready(since: now))
    }

    mutating func learn(_ work: Agent.Work?, _ now: Instant) {
        guard let work else { return }
        handlingTimes[work.queue, default: HandlingTime()].learn(now - work.began)
    }

    mutating func change(_ id: AgentID, to state: Agent.State) {
        agents[id]?.state = state
        show(id)
    }

    private mutating func show(_ id: AgentID) {
        guard let agent = agents[id] else { return }
        actions.append(.agent(id, agent.shown))
    }
}
