// Performs what the distributor decides: offers to consultants, news to callers, deadlines to the clock.

public import ACD
public import IVR
import Logging
import SIP
import Store
import Timing

/// A call's place in a queue.
struct EntryHandle: Hashable, Sendable {
    let id: EntryID
    let queue: String
}

/// The one place where calls and consultants meet.
@Signalling
final class QueueDesk {
    private(set) var distributor = Distributor(seed: .random(in: 0 ... .max))
    private var calls: [EntryID: (call: Call, handle: EntryHandle)] = [:]
    private var names: [String: QueueName] = [:]
    private var next: UInt64 = 1
    private var timer: TimerToken?
    private var midnight: TimerToken?
    private let log: Logger
    /// Set once at start.
    var consultants: ConsultantDesk?

    init(log: Logger) { self.log = log }

    /// Takes the queues of all hotlines. Those of `former` versions, on which calls are still going on, stay where no queue of
    /// the same name replaces them.
    func configure(_ hotlines: [Hotline], besides former: [Hotline] = []) {
        names = [:]
        var rules: [String: QueueRules] = [:]
        for hotline in former + hotlines {
            for queue in hotline.queues.values {
                let name = QueueRules.name(queue.name, of: hotline)
                names[name] = QueueName(queue: queue.name, hotline: hotline.title, agents: queue.agents)
                rules[name] = QueueRules(queue, of: hotline)
            }
        }
        handle(.configure(Array(rules.values)))
    }

    /// What talks took before the restart, so that waits can be estimated from the first caller on.
    func learn(from store: Store, _ hotlines: [Hotline]) async {
        for hotline in hotlines {
            for queue in hotline.queues.keys {
                guard let (mean, samples) = try? await store.handlingTime(queue: queue) else { continue }
                let name = QueueRules.name(queue, of: hotline)
                handle(.learned(queue: name, handling: .milliseconds(mean), samples: samples))
            }
        }
    }

    /// What consultants did today, for queues that share calls or talk out evenly. A day begins at midnight where the first
    /// hotline is. Once, at start.
    func countDay(from store: Store, _ hotlines: [Hotline]) async {
        guard let hotline = hotlines.first else { return }
        let today = hotline.day(at: Clock.unixMilliseconds())
        do {
            for (account, done) in try await store.worked(since: today.lowerBound) {
                handle(.worked(AgentID(account), calls: done.calls, talked: .milliseconds(done.talked)))
            }
        } catch {
            log.error("queue.day", metadata: ["error": "\(error)"])
        }
        awaitMidnight(hotline)
    }

    private func awaitMidnight(_ hotline: Hotline) {
        let now = Clock.unixMilliseconds()
        let left = Duration.milliseconds(hotline.day(at: now).upperBound - now)
        midnight = Signalling.timer(at: Clock.monotonic() + left) { [weak self] in
            self?.handle(.dayBegan)
            self?.awaitMidnight(hotline)
        }
    }

    // MARK: Callers

    /// The queue's name is made unique over hotlines by the hotline's name.
    func enqueue(_ call: Call, _ request: QueueRequest) -> EntryHandle {
        let handle = EntryHandle(id: EntryID(next), queue: request.queue)
        next += 1
        calls[handle.id] = (call, handle)
        // After the call has performed everything its machine decided: a refusal may come at once.
        Task { @Signalling [weak self] in self?.enqueueNow(handle, request) }
        return handle
    }

    private func enqueueNow(_ handle: EntryHandle, _ request: QueueRequest) {
        guard let call = calls[handle.id]?.call else { return }
        let entry = EntryRequest(
            queue: QueueRules.name(request.queue, of: call.hotline), needs: Needs(request.skills),
            familiar: familiar(to: call, in: request.queue), priority: request.priority, since: request.since,
            busyAbove: request.busyAbove)
        self.handle(.enqueue(handle.id, entry))
    }

    private func familiar(to call: Call, in queue: String) -> Familiar? {
        guard let rule = call.hotline.queues[queue]?.lastAgent, let last = call.lastTalk,
            Clock.unixMilliseconds() - last.at <= rule.within.milliseconds
        else { return nil }
        return Familiar(agent: AgentID(last.consultant), patience: rule.wait)
    }

    /// The consultants of another queue of the same hotline may answer as well.
    func alsoServe(_ entry: EntryHandle, _ queue: String) {
        guard let call = calls[entry.id]?.call else { return }
        handle(.alsoServed(entry.id, queue: QueueRules.name(queue, of: call.hotline)))
    }

    /// How full queues of a hotline are, for a caller who is not in one of them.
    func load(of queues: [String], hotline: Hotline) -> [String: QueueLoad] {
        var loads: [String: QueueLoad] = [:]
        for queue in queues {
            guard let load = distributor.outlook(for: QueueRules.name(queue, of: hotline), now: Clock.monotonic())
            else {
                continue
            }
            loads[queue] = QueueLoad(
                ahead: load.waiting, wait: load.wait, hasNobody: load.hasNobody, isFull: load.isFull)
        }
        return loads
    }

    func leave(_ entry: EntryHandle, _ departure: Departure = .hungUp) {
        handle(.leave(entry.id, departure))
        calls[entry.id] = nil
    }

    func talkEnded(_ entry: EntryHandle, by: EndedBy) {
        let call = calls.removeValue(forKey: entry.id)?.call
        handle(.talkEnded(entry.id, by: TalkEnd(by)))
        if let call { consultants?.talkEnded(call, by: by) }
    }

    // MARK: Consultants

    /// The consultant hung up or the page ended the talk: the caller goes on in the hotline.
    func consultantEnded(_ entry: EntryID) {
        guard let known = calls[entry] else { return }
        talkEnded(known.handle, by: .agent)
        known.call.talkEnded(by: .agent)
    }

    func call(_ entry: EntryID) -> Call? { calls[entry]?.call }

    func handle(_ input: Distributor.Input) {
        let actions = distributor.handle(input, now: Clock.monotonic())
        // Before a refusal takes the call elsewhere, what became of this stay is written down.
        for case .outcome(let entry, let outcome) in actions {
            calls[entry]?.call.note(.queueOutcome, ["outcome": outcome.rawValue])
        }
        for action in actions { perform(action) }
        timer?.cancel()
        timer = distributor.deadline.map { deadline in
            Signalling.timer(at: deadline) { [weak self] in self?.handle(.deadline) }
        }
    }

    private func perform(_ action: Distributor.Action) {
        switch action {
        case .refused(let entry, let why):
            let call = calls.removeValue(forKey: entry)?.call
            switch why {
            case .full: call?.queueNews(.full)
            case .nobody: call?.queueNews(.nobody)
            case .busy: call?.queueNews(.busy)
            }
        case .timedOut(let entry):
            calls.removeValue(forKey: entry)?.call.queueNews(.timeout)
        case .position(let entry, let ahead, let wait):
            calls[entry]?.call.queueNews(.position(ahead: ahead, wait: wait))
        case .offer(let entry, let agent, let until):
            guard let known = calls[entry] else { return }
            let why = distributor.choice(of: entry).map(words) ?? [:]
            let who = ["account": "\(agent.rawValue)", "name": name(agent)]
            known.call.note(.offered, who.merging(why) { own, _ in own })
            consultants?.offer(known.call, known.handle, to: agent, until: until)
        case .withdraw(let entry, let agent, let why):
            calls[entry]?.call.note(.offerEnded, ["account": "\(agent.rawValue)", "result": why.rawValue])
            consultants?.withdraw(entry, from: agent, why: why.rawValue)
        case .connect(let entry, let agent):
            guard let known = calls[entry], let consultant = consultants?.consultant(agent) else { return }
            known.call.note(.offerEnded, ["account": "\(agent.rawValue)", "result": "answered"])
            known.call.connected(to: consultant, entry: known.handle)
            consultant.talk(with: known.call, known.handle)
            if consultant.leg == nil { handle(.agentLost(agent)) }
        case .callerWaits(let entry, _, _): calls[entry]?.call.waitForConsultant()
        case .reconnect(let entry, let agent): reconnect(entry, agent)
        case .requeued(let entry):
            guard let known = calls[entry] else { return }
            consultants?.talkEnded(known.call, by: .network)
            known.call.requeued(known.handle)
        case .agent(let agent, let state): consultants?.state(of: agent, state)
        case .breakRefused(let agent, _): consultants?.consultant(agent)?.breakRefused()
        case .outcome(let entry, let outcome):
            log.debug("queue.outcome", metadata: ["entry": "\(entry.rawValue)", "outcome": "\(outcome.rawValue)"])
        }
    }

    private func name(_ agent: AgentID) -> String { consultants?.consultant(agent)?.account.displayName ?? "" }

    /// A choice as facts have it: the rule, and who was not asked for which reason.
    private func words(_ choice: Choice) -> [String: String] {
        var words = ["rule": choice.strategy.rawValue]
        if choice.priority > 0 { words["priority"] = "\(choice.priority)" }
        if choice.isFamiliar { words["familiar"] = "yes" }
        if let after = choice.relaxedAfter { words["relaxed"] = "\(after.milliseconds / 1000) s" }
        for (reason, agents) in choice.others { words["\(reason)"] = agents.map(name).joined(separator: ", ") }
        return words
    }

    private func reconnect(_ entry: EntryID, _ agent: AgentID) {
        guard let known = calls[entry], let consultant = consultants?.consultant(agent) else { return }
        known.call.resumed(with: consultant)
        consultant.talk(with: known.call, known.handle)
    }
}

/// What people call a queue of the distributor.
struct QueueName {
    let queue: String
    let hotline: String
    let agents: String
}

/// One queue's numbers now.
struct QueuePicture {
    let name: QueueName
    let waiting: Int
    let longestWait: Duration
    let ready: Int
}

extension QueueDesk {
    func pictures(now: Instant) -> [QueuePicture] {
        distributor.snapshot().queues.compactMap { queue in
            guard let name = names[queue.name] else { return nil }
            let longest = queue.waiting.map { now - $0.since }.max() ?? .zero
            return QueuePicture(name: name, waiting: queue.waiting.count, longestWait: longest, ready: queue.ready)
        }
    }
}

extension QueueRules {
    /// Unique over all hotlines.
    static func name(_ queue: String, of hotline: Hotline) -> String { "\(hotline.name)/\(queue)" }

    /// The rules of a queue as its hotline has them.
    public init(_ settings: QueueSettings, of hotline: Hotline) {
        self.init(
            name: Self.name(settings.name, of: hotline), agents: settings.agents, ring: settings.ring,
            wrapUp: settings.wrapUp, onNoAnswer: settings.onNoAnswer == .pause ? .pause : .next,
            strategy: settings.strategy.rule, maxWait: settings.maxWait,
            maxWaiting: settings.maxWaiting, shortAbandon: settings.shortAbandon,
            raise: settings.raise.map { Raise(every: $0.every, to: $0.to) })
    }
}

extension QueueStrategy {
    var rule: QueueRules.Strategy {
        switch self {
        case .longestIdle: .longestIdle
        case .ringAll: .ringAll
        case .linear: .linear
        case .roundRobin: .roundRobin
        case .random: .random
        case .fewestCalls: .fewestCalls
        case .leastTalk: .leastTalk
        case .skills: .bestMatch
        }
    }
}

extension TalkEnd {
    init(_ by: EndedBy) {
        self =
            switch by {
            case .caller: .caller
            case .agent: .agent
            case .system: .system
            case .network: .network
            }
    }
}
