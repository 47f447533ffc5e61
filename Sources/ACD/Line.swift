// Callers come into line, are offered, are served, or go.

import Timing

extension Distributor {
    mutating func enqueue(_ id: EntryID, _ request: EntryRequest, _ now: Instant) {
        guard entries[id] == nil else { return }
        // A call that goes on under an older hotline file may name a queue that is no more.
        guard let rules = queues[request.queue] else { return refuse(id, .nobody) }
        let entry = Entry(id: id, request: request, rules: rules, now: now)
        guard agents.values.contains(where: { $0.wait(for: entry) != nil }) else { return refuse(id, .nobody) }
        if let limit = rules.maxWaiting, waitingCount(rules.name) >= limit,
            !agents.values.contains(where: { $0.freeSince != nil && $0.wait(for: entry) == .zero })
        {
            return refuse(id, .full)
        }
        entries[id] = entry
        stand(id, now)
        if let limit = request.busyAbove, let wait = expectedWaits(now)[id], wait > limit {
            line.removeAll { $0 == id }
            entries[id] = nil
            refuse(id, .busy)
        }
    }

    mutating func alsoServe(_ id: EntryID, _ queue: String) {
        // A call that goes on under an older hotline file may name a queue that is no more.
        guard let rules = queues[queue] else { return }
        entries[id]?.groups.insert(rules.agents)
    }

    mutating func leave(_ id: EntryID, _ departure: Departure, _ now: Instant) {
        guard let entry = entries[id] else { return }
        switch entry.state {
        case .waiting: break
        case .offered(let ringing): stopRinging(ringing, for: id, .callerLeft, now)
        case .talking, .awaiting: return endTalk(id, .caller, now)
        }
        conclude(id, outcome(of: departure, entry, now))
    }

    mutating func accept(_ agent: AgentID, _ id: EntryID, _ now: Instant) {
        guard case .offered(id, _, _)? = agents[agent]?.state, case .offered(let ringing)? = entries[id]?.state else {
            return
        }
        stopRinging(ringing.subtracting([agent]), for: id, .answeredElsewhere, now)
        line.removeAll { $0 == id }
        entries[id]?.state = .talking(agent)
        agents[agent]?.unansweredInARow = 0
        answered(agent)
        actions.append(.connect(id, agent))
        give(id, .answered)
        change(agent, to: .talking(id, since: now, heldSince: nil))
    }

    mutating func reject(_ agent: AgentID, _ id: EntryID, _ now: Instant) {
        guard case .offered(id, _, _)? = agents[agent]?.state else { return }
        withdraw(id, agent, .rejected, now)
        entries[id]?.attempts[agent]?.notBefore = now + Self.rejectPause
        change(agent, to: .ready(since: now))
    }

    mutating func unanswered(_ id: EntryID, _ agent: AgentID, _ now: Instant) {
        guard let entry = entries[id] else { return }
        withdraw(id, agent, .noAnswer, now)
        agents[agent]?.unansweredInARow += 1
        switch entry.rules.onNoAnswer {
        case .pause: change(agent, to: .onBreak(reason: AgentState.noAnswer, since: now))
        case .next: change(agent, to: .ready(since: now))
        }
    }

    /// Ends an offer; the caller keeps the place. The agent's next state is up to the one who asks.
    mutating func withdraw(_ id: EntryID, _ agent: AgentID, _ reason: WithdrawReason, _ now: Instant) {
        guard case .offered(var ringing)? = entries[id]?.state else { return }
        ringing.remove(agent)
        entries[id]?.state = ringing.isEmpty ? .waiting : .offered(ringing)
        entries[id]?.attempts[agent, default: Entry.Attempts(notBefore: now)].count += 1
        actions.append(.withdraw(id, agent, reason))
    }

    /// Agents whose phones stop ringing through no doing of theirs: ready as before.
    private mutating func stopRinging(
        _ ringing: Set<AgentID>, for id: EntryID, _ reason: WithdrawReason, _ now: Instant
    ) {
        for agent in ringing.sorted() {
            withdraw(id, agent, reason, now)
            guard case .offered(_, _, let readySince)? = agents[agent]?.state else { continue }
            change(agent, to: .ready(since: readySince))
        }
    }

    mutating func endTalk(_ id: EntryID, _ by: TalkEnd, _ now: Instant) {
        guard let entry = entries[id] else { return }
        switch entry.state {
        case .waiting, .offered: return
        case .talking(let agent), .awaiting(let agent):
            entries[id] = nil
            release(agent, entry, by, now)
        }
    }

    /// The agent's wrap-up begins, also for one who is lost just then.
    private mutating func release(_ id: AgentID, _ entry: Entry, _ by: TalkEnd, _ now: Instant) {
        guard let agent = agents[id] else { return }
        let until = now + entry.rules.wrapUp
        switch agent.state {
        case .talking(_, let since, _):
            talked(id, since: since, now)
            let work = Agent.Work(queue: entry.request.queue, began: since)
            // A talk that was cut says nothing about how long such talks take.
            let learnable = by == .caller || by == .agent
            if entry.rules.wrapUp > .zero {
                change(id, to: .wrapUp(until: until, learnable ? work : nil))
            } else {
                if learnable { learn(work, now) }
                settle(id, now)
            }
        case .lost(.talking(_, let since), let lostUntil):
            talked(id, since: since, now)
            change(id, to: .lost(.wrapUp(until: until, nil), until: lostUntil))
        case .ready, .offered, .wrapUp, .onBreak, .lost: break
        }
    }

    mutating func setHeld(_ id: EntryID, _ since: Instant?) {
        guard case .talking(let agent)? = entries[id]?.state,
            case .talking(_, let began, let heldSince)? = agents[agent]?.state, (heldSince == nil) != (since == nil)
        else { return }
        change(agent, to: .talking(id, since: began, heldSince: since))
    }

    /// The agent is gone for good. The caller is first in line again and has the whole `maxWait` anew.
    mutating func requeue(_ id: EntryID, _ now: Instant) {
        guard var entry = entries[id] else { return }
        entry.state = .waiting
        entry.atHead = true
        entry.attempts = [:]
        entry.giveUpAt = entry.rules.maxWait.map { now + $0 }
        entries[id] = entry
        actions.append(.requeued(id))
        stand(id, now)
    }

    /// A caller whose time is over goes, but not while a phone rings: one ring more may be the answer.
    mutating func expireEntries(_ now: Instant) {
        for id in line {
            guard let entry = entries[id], entry.state == .waiting, let giveUpAt = entry.giveUpAt, giveUpAt <= now
            else { continue }
            actions.append(.timedOut(id))
            conclude(id, .timedOut)
        }
    }

    func waitingCount(_ queue: String) -> Int {
        line.count { entries[$0]?.request.queue == queue }
    }

    private mutating func stand(_ id: EntryID, _ now: Instant) {
        guard let rank = entries[id]?.rank(now) else { return }
        let place = line.firstIndex { entries[$0].map { rank < $0.rank(now) } ?? false } ?? line.endIndex
        line.insert(id, at: place)
    }

    /// Priorities may have grown since the last input. No deadline is needed for it: the order matters only when somebody
    /// becomes free, and whoever is free while callers wait may take none of them.
    mutating func orderLine(_ now: Instant) {
        guard line.contains(where: { entries[$0]?.rules.raise != nil }) else { return }
        let ranks = line.compactMap { entries[$0]?.rank(now) }
        line = ranks.sorted().map(\.id)
    }

    private mutating func refuse(_ id: EntryID, _ reason: RefusalReason) {
        actions.append(.refused(id, reason))
        switch reason {
        case .full: actions.append(.outcome(id, .refusedFull))
        case .nobody: actions.append(.outcome(id, .refusedNobody))
        // The hotline leads the caller elsewhere.
        case .busy: actions.append(.outcome(id, .overflowed))
        }
    }

    private mutating func conclude(_ id: EntryID, _ outcome: Outcome) {
        give(id, outcome)
        line.removeAll { $0 == id }
        entries[id] = nil
    }

    /// A caller who was answered, lost the agent and then gave up was answered: one entry, one outcome.
    private mutating func give(_ id: EntryID, _ outcome: Outcome) {
        guard entries[id]?.hasOutcome == false else { return }
        entries[id]?.hasOutcome = true
        actions.append(.outcome(id, outcome))
    }

    private func outcome(of departure: Departure, _ entry: Entry, _ now: Instant) -> Outcome {
        switch departure {
        case .hungUp: now - entry.enteredAt <= entry.rules.shortAbandon ? .shortAbandoned : .abandoned
        case .overflowed: .overflowed
        case .toVoicemail: .toVoicemail
        case .toCallback: .toCallback
        case .failed: .failed
        }
    }
}
