// One day of a queue in virtual time: the distributor that serves real calls, with imagined callers and consultants.

import Timing

/// What came of one day, or of many.
public struct DayFigures: Sendable {
    public internal(set) var offered = 0
    public internal(set) var answered = 0
    /// Answered within the queue's target.
    public internal(set) var answeredInTime = 0
    public internal(set) var abandoned = 0
    public internal(set) var shortAbandoned = 0
    public internal(set) var timedOut = 0
    /// Refused: full, nobody, too long a wait.
    public internal(set) var refused = 0
    /// Of all who were answered.
    public internal(set) var waits: [Duration] = []
    /// Talk and wrap-up of all consultants.
    public internal(set) var worked = Duration.zero
    /// Of all consultants together, overtime included.
    public internal(set) var present = Duration.zero
    /// What those who were answered had been told first, and how long they waited.
    public internal(set) var promises: [(told: Duration, ahead: Int, waited: Duration)] = []

    /// Answered in time, of all but those who gave up at once: 0 to 1; 1 without calls.
    public var serviceLevel: Double {
        let counted = offered - shortAbandoned
        return counted > 0 ? Double(answeredInTime) / Double(counted) : 1
    }

    /// Given up, of all: 0 to 1.
    public var abandonment: Double { offered > 0 ? Double(abandoned + shortAbandoned) / Double(offered) : 0 }

    /// Of the consultants' time: 0 to 1.
    public var occupancy: Double {
        present > .zero ? Double(worked.nanoseconds) / Double(present.nanoseconds) : 0
    }

    public var meanWait: Duration {
        waits.isEmpty ? .zero : .nanoseconds(waits.reduce(0) { $0 + $1.nanoseconds } / Int64(waits.count))
    }

    static func += (sum: inout DayFigures, day: DayFigures) {
        sum.offered += day.offered
        sum.answered += day.answered
        sum.answeredInTime += day.answeredInTime
        sum.abandoned += day.abandoned
        sum.shortAbandoned += day.shortAbandoned
        sum.timedOut += day.timedOut
        sum.refused += day.refused
        sum.waits += day.waits
        sum.worked += day.worked
        sum.present += day.present
        sum.promises += day.promises
    }
}

extension QueueRules {
    /// With another wrap-up, which consultants may end earlier.
    fileprivate func with(wrapUp: Duration) -> QueueRules {
        QueueRules(
            name: name, agents: agents, ring: ring, wrapUp: wrapUp, onNoAnswer: onNoAnswer, strategy: strategy,
            maxWait: maxWait, maxWaiting: maxWaiting, shortAbandon: shortAbandon)
    }
}

/// From the opening until the last caller is served.
struct SimulatedDay {
    private enum Event {
        case arrives(EntryID)
        case givesUp(EntryID)
        case picksUp(AgentID, EntryID)
        case talkEnds(EntryID)
        case wrapUpEnds(AgentID)
    }

    private struct Caller {
        let since: Instant
        var agent: AgentID?
        var told: (wait: Duration, ahead: Int)?
    }

    private let workload: Workload
    private let rules: QueueRules
    private let target: Duration
    private let consultants: Int
    private var dice: Dice
    private var distributor: Distributor
    private var callers: [EntryID: Caller] = [:]
    private var agenda = Agenda<Event>()
    private var figures = DayFigures()
    private var toCome = 0
    private let opening = Instant(nanoseconds: 0)
    private var now = Instant(nanoseconds: 0)

    /// - Parameters:
    ///   - rules: the queue's; how long the wrap-up takes says `workload`.
    ///   - learned: what consultants know of former days about the handling time; nil: nothing.
    init(
        _ workload: Workload, rules: QueueRules, target: Duration, consultants: Int, learned: Duration?, seed: UInt64
    ) {
        self.workload = workload
        self.rules = rules.with(wrapUp: workload.wrapUp.longest)
        self.target = target
        self.consultants = consultants
        dice = Dice(seed: seed)
        distributor = Distributor(seed: seed)
        if let learned {
            handle(.learned(queue: rules.name, handling: learned, samples: HandlingTime.memory))
        }
    }

    mutating func run() -> DayFigures {
        handle(.configure([rules]))
        for number in 0..<max(0, consultants) {
            let agent = AgentID(Int64(number + 1))
            handle(.agentArrived(agent, groups: [rules.agents], skills: []))
            handle(.agentReady(agent))
        }
        for time in workload.arrivals(&dice) {
            toCome += 1
            agenda.add(.arrives(EntryID(UInt64(toCome))), at: opening + time)
        }
        while toCome > 0 || !callers.isEmpty, let next = earliest(agenda.next, distributor.deadline) {
            now = max(now, next)
            if let due = agenda.take(until: now) { perform(due) } else { handle(.deadline) }
        }
        let length = max(now - opening, workload.length)
        figures.present = .nanoseconds(length.nanoseconds * Int64(consultants))
        return figures
    }

    private func earliest(_ a: Instant?, _ b: Instant?) -> Instant? {
        guard let a, let b else { return a ?? b }
        return min(a, b)
    }

    private mutating func perform(_ event: Event) {
        switch event {
        case .arrives(let entry):
            toCome -= 1
            figures.offered += 1
            callers[entry] = Caller(since: now)
            if let patience = workload.patience { agenda.add(.givesUp(entry), at: now + patience.draw(&dice)) }
            handle(.enqueue(entry, EntryRequest(queue: rules.name, since: now)))
        case .givesUp(let entry):
            if let caller = callers[entry], caller.agent == nil { handle(.leave(entry)) }
        case .picksUp(let agent, let entry): handle(.accept(agent, entry))
        case .talkEnds(let entry):
            guard let agent = callers.removeValue(forKey: entry)?.agent else { return }
            handle(.talkEnded(entry, by: .caller))
            let wrapUp = min(workload.wrapUp.draw(&dice), rules.wrapUp)
            figures.worked += wrapUp
            agenda.add(.wrapUpEnds(agent), at: now + wrapUp)
        case .wrapUpEnds(let agent): handle(.wrapUpDone(agent))
        }
    }

    private mutating func handle(_ input: Distributor.Input) {
        for action in distributor.handle(input, now: now) { note(action) }
    }

    private mutating func note(_ action: Distributor.Action) {
        switch action {
        case .offer(let entry, let agent, let until):
            // Never so late that the phone has rung out: who is at work answers.
            let ring = Duration.nanoseconds((until - now).nanoseconds / 2)
            agenda.add(.picksUp(agent, entry), at: now + min(workload.pickUp, ring))
        case .connect(let entry, let agent): connected(entry, agent)
        case .position(let entry, let ahead, let wait?):
            if callers[entry]?.told == nil { callers[entry]?.told = (wait, ahead) }
        case .outcome(let entry, let outcome): ended(entry, outcome)
        case .position, .refused, .withdraw, .timedOut, .agent, .breakRefused, .callerWaits, .reconnect, .requeued:
            break
        }
    }

    private mutating func connected(_ entry: EntryID, _ agent: AgentID) {
        guard let caller = callers[entry] else { return }
        callers[entry]?.agent = agent
        let waited = now - caller.since
        figures.waits.append(waited)
        if waited <= target { figures.answeredInTime += 1 }
        if let told = caller.told { figures.promises.append((told.wait, told.ahead, waited)) }
        let talk = workload.talk.draw(&dice)
        figures.worked += talk
        agenda.add(.talkEnds(entry), at: now + talk)
    }

    private mutating func ended(_ entry: EntryID, _ outcome: Outcome) {
        switch outcome {
        case .answered: return figures.answered += 1
        case .abandoned: figures.abandoned += 1
        case .shortAbandoned: figures.shortAbandoned += 1
        case .timedOut: figures.timedOut += 1
        case .refusedFull, .refusedNobody, .overflowed: figures.refused += 1
        case .toVoicemail, .toCallback, .failed: break
        }
        callers[entry] = nil
    }
}
