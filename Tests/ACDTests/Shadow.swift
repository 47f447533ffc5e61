// A second, plain account of the same events, kept from inputs and actions alone, which judges every action.

import ACD
import Timing

/// Holds the distributor to its rules without looking inside it.
struct Shadow {
    struct Caller {
        enum Place: Equatable {
            case waiting, offered([AgentID: Instant]), talking(AgentID), awaiting(AgentID), gone
        }

        let request: EntryRequest
        let rules: QueueRules
        let entered: Instant
        var groups: Set<String>
        var place = Place.waiting
        var atHead = false
        var giveUpAt: Instant?
        var pausedUntil: [AgentID: Instant] = [:]
        /// Were offered the call in vain.
        var asked: Set<AgentID> = []
        var outcomes: [Outcome] = []
        var lowestAhead = Int.max
        var lowestWait = Duration.seconds(1 << 40)

        var ringing: [AgentID: Instant] { if case .offered(let ringing) = place { ringing } else { [:] } }

        var wantsOffers: Bool {
            switch place {
            case .waiting: true
            case .offered: rules.strategy == .ringAll
            case .talking, .awaiting, .gone: false
            }
        }
    }

    struct Worker {
        var groups: [String]
        var skills: Skills
        var state: AgentState
    }

    var rules: [String: QueueRules] = [:]
    /// Those of whom something may still come.
    var callers: [EntryID: Caller] = [:]
    /// Gone, each with one outcome.
    private var finished: Set<EntryID> = []
    var workers: [AgentID: Worker] = [:]
    /// What is wrong, in sentences.
    var faults: [String] = []
    /// How often each kind of action was seen, so that a test can tell that it tried everything.
    var seen: [String: Int] = [:]
    private var rejected: (AgentID, EntryID)?
    /// Asked for a break during a talk, and for which.
    private var resting: [AgentID: String] = [:]
    /// Were on a break when their connection was lost.
    private var lostOnBreak: [AgentID: String] = [:]
    /// How many may be away for a reason.
    private var limits: [String: Int] = [:]

    /// Notes what an input means before the actions are judged.
    mutating func note(_ input: Distributor.Input, now: Instant) {
        rejected = nil
        switch input {
        case .configure(let all): rules = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
        case .agentArrived(let id, let groups, let skills):
            let state = workers[id]?.state ?? .offline
            workers[id] = Worker(groups: groups, skills: skills, state: state)
        case .agentChanged(let id, let groups, let skills):
            workers[id]?.groups = groups
            workers[id]?.skills = skills
        case .enqueue(let id, let request):
            guard callers[id] == nil, let rules = rules[request.queue] else { return }
            callers[id] = Caller(
                request: request, rules: rules, entered: now, groups: [rules.agents],
                giveUpAt: rules.maxWait.map { now + $0 })
        case .alsoServed(let id, let queue):
            if let group = rules[queue]?.agents, callers[id]?.place != .gone { callers[id]?.groups.insert(group) }
        case .reject(let agent, let entry): rejected = (agent, entry)
        case .leave(let id, _):
            // One who is offered goes with the withdrawal.
            switch callers[id]?.place {
            case .waiting, .talking, .awaiting: callers[id]?.place = .gone
            case .offered, .gone, nil: break
            }
        case .talkEnded(let id, _):
            switch callers[id]?.place {
            case .talking, .awaiting: callers[id]?.place = .gone
            case .waiting, .offered, .gone, nil: break
            }
        case .breaks(let rules): limits = Dictionary(uniqueKeysWithValues: rules.map { ($0.reason, $0.atOnce ?? .max) })
        case .agentReady(let id):
            if case .lost = workers[id]?.state { break }
            resting[id] = nil
        case .agentBreak(let id, let reason):
            switch workers[id]?.state {
            case .talking, .hold:
                if away(for: reason ?? "", besides: id) < limits[reason ?? "", default: .max] {
                    resting[id] = reason ?? ""
                }
            case .offline, .ready, .offered, .wrapUp, .onBreak, .lost, nil: break
            }
        case .agentLeft, .agentLost, .agentReturned, .accept, .wrapUpDone, .hold, .resume,
            .deadline, .learned, .worked, .dayBegan:
            break
        }
    }

    mutating func judge(_ actions: [Distributor.Action], after input: Distributor.Input, now: Instant) {
        for action in actions { judge(action, after: input, now) }
        for (id, worker) in workers {
            switch worker.state {
            case .offered(let entry, let until):
                if callers[entry]?.ringing[id] != until { fault("\(id) rings for nobody") }
                if until <= now { fault("\(id) rings past the deadline") }
            case .talking(let entry, _), .hold(let entry, _):
                if callers[entry]?.place != .talking(id) { fault("\(id) talks with nobody") }
            case .lost(let entry?, let until):
                if callers[entry]?.place != .awaiting(id) { fault("\(id) is awaited by nobody") }
                if until <= now { fault("\(id) is lost past the deadline") }
            case .wrapUp(let until), .lost(nil, let until):
                if until <= now { fault("\(id) is past a deadline") }
            case .offline, .ready, .onBreak: break
            }
        }
        let free = workers.filter { if case .ready = $0.value.state { true } else { false } }
        for (id, caller) in callers {
            switch caller.place {
            case .gone where caller.outcomes.count == 1:
                callers[id] = nil
                finished.insert(id)
            case .waiting:
                if let giveUpAt = caller.giveUpAt, giveUpAt <= now { fault("\(id) waits too long") }
                judge(id, caller, among: free, now)
            case .offered: judge(id, caller, among: free, now)
            case .talking, .awaiting, .gone: break
            }
        }
    }

    private mutating func judge(_ id: EntryID, _ caller: Caller, among free: [AgentID: Worker], _ now: Instant) {
        guard !free.isEmpty, caller.wantsOffers else { return }
        for (agent, worker) in free where mayRing(agent, worker, caller, now) {
            fault("\(agent) is free while \(id) waits")
        }
    }

    private mutating func judge(_ action: Distributor.Action, after input: Distributor.Input, _ now: Instant) {
        switch action {
        case .offer(let entry, let agent, let until): offered(entry, agent, until, now)
        case .withdraw(let entry, let agent, let reason):
            count("withdraw \(reason.rawValue)")
            guard var ringing = callers[entry]?.ringing, ringing.removeValue(forKey: agent) != nil else {
                return fault("withdrawn, but not offered")
            }
            callers[entry]?.place = ringing.isEmpty ? .waiting : .offered(ringing)
            callers[entry]?.asked.insert(agent)
            if let rejected, rejected == (agent, entry) {
                callers[entry]?.pausedUntil[agent] = now + Distributor.rejectPause
            }
            if reason == .callerLeft, ringing.isEmpty { callers[entry]?.place = .gone }
        case .connect(let entry, let agent):
            count("connect")
            // In a queue that rings all, the others were told before.
            switch callers[entry]?.ringing {
            case let ringing? where ringing.keys.elementsEqual([agent]): break
            default: return fault("connected, but not offered, or others still ring")
            }
            callers[entry]?.place = .talking(agent)
        case .callerWaits(let entry, let agent, _):
            count("callerWaits")
            if callers[entry]?.place != .talking(agent) { fault("waits for an agent without a talk") }
            callers[entry]?.place = .awaiting(agent)
        case .reconnect(let entry, let agent):
            count("reconnect")
            if callers[entry]?.place != .awaiting(agent) { fault("reconnected, but not awaited") }
            callers[entry]?.place = .talking(agent)
        case .requeued(let entry): requeued(entry, now)
        case .refused(let entry, let reason):
            count("refused \(reason.rawValue)")
            callers[entry]?.place = .gone
        case .timedOut(let entry):
            count("timedOut")
            if callers[entry]?.place != .waiting { fault("\(entry) timed out without waiting") }
            callers[entry]?.place = .gone
        case .outcome(let entry, let outcome):
            count("outcome \(outcome.rawValue)")
            callers[entry]?.outcomes.append(outcome)
            if let all = callers[entry]?.outcomes, all.count > 1 { fault("\(entry) has the outcomes \(all)") }
            if finished.contains(entry) { fault("\(entry) has an outcome after its end") }
        case .position(let entry, let ahead, let wait): told(entry, ahead, wait)
        case .breakRefused(let agent, let reason):
            count("breakRefused")
            if away(for: reason, besides: agent) < limits[reason, default: .max] { fault("\(agent) may have a break") }
        case .agent(let agent, let state):
            if case .onBreak(let reason?, _) = workers[agent]?.state, case .lost = state {
                lostOnBreak[agent] = reason
            } else {
                lostOnBreak[agent] = nil
            }
            workers[agent]?.state = state
            switch state {
            case .onBreak, .offline: resting[agent] = nil
            case .ready, .offered, .talking, .hold, .wrapUp, .lost: break
            }
        }
    }

    private mutating func offered(_ entry: EntryID, _ agent: AgentID, _ until: Instant, _ now: Instant) {
        count("offer")
        guard let caller = callers[entry], caller.wantsOffers else { return fault("\(entry) offered twice") }
        guard let worker = workers[agent], mayRing(agent, worker, caller, now) else {
            return fault("\(entry) offered to \(agent), who may not have it")
        }
        if until != now + caller.rules.ring { fault("\(entry) rings for the wrong time") }
        for (other, rival) in callers where rival.wantsOffers && other != entry {
            if precedes(other, rival, entry, caller, now), mayRing(agent, worker, rival, now) {
                fault("\(entry) was served before \(other)")
            }
        }
        callers[entry]?.place = .offered(caller.ringing.merging([agent: until]) { _, new in new })
    }

    private mutating func requeued(_ entry: EntryID, _ now: Instant) {
        count("requeued")
        let longest = callers[entry]?.rules.maxWait
        callers[entry]?.place = .waiting
        callers[entry]?.atHead = true
        callers[entry]?.pausedUntil = [:]
        callers[entry]?.asked = []
        callers[entry]?.giveUpAt = longest.map { now + $0 }
    }

    private mutating func told(_ entry: EntryID, _ ahead: Int, _ wait: Duration?) {
        count(wait == nil ? "position" : "position with wait")
        guard let caller = callers[entry] else { return }
        if ahead > caller.lowestAhead { fault("\(entry) was told a higher place") }
        callers[entry]?.lowestAhead = ahead
        guard let wait else { return }
        if wait > caller.lowestWait { fault("\(entry) was told a longer wait") }
        callers[entry]?.lowestWait = wait
    }

    private func mayRing(_ agent: AgentID, _ worker: Worker, _ caller: Caller, _ now: Instant) -> Bool {
        guard case .ready = worker.state else { return false }
        guard caller.pausedUntil[agent].map({ $0 <= now }) ?? true else { return false }
        guard worker.groups.contains(where: caller.groups.contains), isAble(worker, caller, now) else { return false }
        return keeper(of: caller, now).map { $0 == agent } ?? true
    }

    /// The one for whom the caller is kept.
    private func keeper(of caller: Caller, _ now: Instant) -> AgentID? {
        guard let familiar = caller.request.familiar, now < caller.entered + familiar.patience, !caller.atHead,
            caller.rules.strategy != .ringAll, !caller.asked.contains(familiar.agent),
            let worker = workers[familiar.agent], resting[familiar.agent] == nil
        else { return nil }
        switch worker.state {
        case .offered, .talking, .hold, .wrapUp: break
        case .offline, .ready, .onBreak, .lost: return nil
        }
        return worker.groups.contains(where: caller.groups.contains) && isAble(worker, caller, now)
            ? familiar.agent : nil
    }

    private func isAble(_ worker: Worker, _ caller: Caller, _ now: Instant) -> Bool {
        let needs = caller.request.needs
        func has(_ skills: Skills) -> Bool {
            skills.levels.allSatisfy { worker.skills.levels[$0.key, default: 0] >= $0.value }
        }
        return has(needs.required) || needs.relaxed.contains { caller.entered + $0.after <= now && has($0.required) }
    }

    private func precedes(
        _ a: EntryID, _ first: Caller, _ b: EntryID, _ second: Caller, _ now: Instant
    ) -> Bool {
        if first.atHead != second.atHead { return first.atHead }
        let (one, other) = (weight(first, now), weight(second, now))
        if one != other { return one > other }
        if first.request.since != second.request.since { return first.request.since < second.request.since }
        return a < b
    }

    /// The priority, stepped up one by one.
    private func weight(_ caller: Caller, _ now: Instant) -> Int {
        var weight = caller.request.priority
        guard let raise = caller.rules.raise else { return weight }
        var at = caller.request.since + raise.every
        while at <= now, weight < raise.to {
            weight += 1
            at = at + raise.every
        }
        return weight
    }

    /// Also those who will be after their talks.
    private func away(for reason: String, besides agent: AgentID) -> Int {
        workers.count { id, worker in
            guard id != agent else { return false }
            if resting[id] == reason { return true }
            if case .onBreak(reason, _) = worker.state { return true }
            return lostOnBreak[id] == reason
        }
    }

    private mutating func count(_ what: String) { seen[what, default: 0] += 1 }
    private mutating func fault(_ what: String) { faults.append(what) }
}
