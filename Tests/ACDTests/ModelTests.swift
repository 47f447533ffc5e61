// Random days at a random desk, the same for the same seed, each step judged.

import ACD
import TestTools
import Testing
import Timing

/// A day of random inputs, sensible and senseless.
struct RandomDay {
    var dice: SeededGenerator
    var distributor = Distributor()
    var shadow = Shadow()
    var now: Instant
    private var lastEntry: UInt64 = 0
    private let agents = (1...5).map { AgentID($0) }
    private let strategies = QueueRules.Strategy.allCases

    init(seed: UInt64) {
        dice = SeededGenerator(seed: seed)
        now = Instant(nanoseconds: Int64(seed % 1000) * 1_000_000_000)
    }

    /// Runs until the first fault or the last step; ends with everybody gone.
    mutating func run(steps: Int) {
        perform(.configure(rules()))
        perform(.breaks([BreakRule(reason: "lunch", atOnce: 1), BreakRule(reason: "training")]))
        for _ in 0..<steps where shadow.faults.isEmpty {
            pass()
            perform(input())
        }
        for id in shadow.callers.keys.sorted() where shadow.faults.isEmpty {
            perform(.talkEnded(id, by: .system))
            perform(.leave(id))
        }
        for (id, caller) in shadow.callers where caller.outcomes.count != 1 {
            shadow.faults.append("\(id) ended with the outcomes \(caller.outcomes)")
        }
    }

    private mutating func perform(_ input: Distributor.Input) {
        shadow.note(input, now: now)
        shadow.judge(distributor.handle(input, now: now), after: input, now: now)
        shadow.faults += distributor.violations(now: now)
    }

    /// Mostly up to the next deadline, at times past it: a busy shell is late.
    private mutating func pass() {
        switch dice.roll(10) {
        case 0...3: break
        case 4...7: now = now + .milliseconds(dice.roll(4000))
        case 8: now = max(now, distributor.deadline ?? now)
        default: now = now + .milliseconds(dice.roll(40_000))
        }
    }

    private mutating func input() -> Distributor.Input {
        let agent = agents[dice.roll(agents.count)]
        switch dice.roll(100) {
        case 0..<17: return enqueue()
        case 17..<40: return answer(agent)
        case 40..<55: return finish(agent)
        case 55..<68: return .agentReady(agent)
        case 68..<71: return .leave(someone(), departure())
        case 71: return .leave(EntryID(lastEntry))
        case 72..<75: return .agentBreak(agent, reason: [nil, "lunch", "lunch", "training"][dice.roll(4)])
        case 75..<80: return .agentArrived(agent, groups: groups(), skills: skills())
        case 80..<82: return .agentLost(agent)
        case 82: return .agentChanged(agent, groups: groups(), skills: skills())
        case 83..<88: return .agentReturned(agents.first(where: isLost) ?? agent)
        case 88: return .agentLeft(agent)
        case 89..<92: return .wrapUpDone(agent)
        case 92: return .hold(someone())
        case 93: return .resume(someone())
        case 94: return .accept(agent, someone())
        case 95:
            let queue = dice.roll(2) == 0 ? "sign language" : "gone"
            return dice.roll(2) == 0 ? .talkEnded(someone(), by: .network) : .alsoServed(someone(), queue: queue)
        case 96: return dice.roll(20) == 0 ? .configure(rules()) : .deadline
        case 97: return dice.roll(20) == 0 ? .dayBegan : .worked(agent, calls: dice.roll(9), talked: .seconds(60))
        default: return .deadline
        }
    }

    private mutating func enqueue() -> Distributor.Input {
        lastEntry += 1
        let queue = ["help", "visits", "sign language", "gone"][dice.roll(25) == 0 ? 3 : dice.roll(3)]
        let since = dice.roll(10) == 0 ? now - .seconds(dice.roll(300)) : now
        return .enqueue(
            EntryID(lastEntry),
            EntryRequest(
                queue: queue, needs: needs(),
                familiar: dice.roll(4) == 0
                    ? Familiar(agent: agents[dice.roll(5)], patience: .seconds(dice.roll(30))) : nil,
                priority: dice.roll(4) == 0 ? 5 : 0, since: since,
                busyAbove: dice.roll(10) == 0 ? .seconds(30) : nil))
    }

    private mutating func answer(_ agent: AgentID) -> Distributor.Input {
        guard case .offered(let entry, _) = distributor.state(of: agent) else { return .deadline }
        return dice.roll(4) == 0 ? .reject(agent, entry) : .accept(agent, entry)
    }

    private mutating func finish(_ agent: AgentID) -> Distributor.Input {
        switch distributor.state(of: agent) {
        case .talking(let entry, _), .hold(let entry, _):
            return .talkEnded(entry, by: dice.roll(2) == 0 ? .caller : .agent)
        case .wrapUp: return .wrapUpDone(agent)
        case .offline, .ready, .offered, .onBreak, .lost: return .deadline
        }
    }

    private func isLost(_ agent: AgentID) -> Bool {
        if case .lost = distributor.state(of: agent) { true } else { false }
    }

    /// One of the latest callers, served, waiting or gone.
    private mutating func someone() -> EntryID {
        EntryID(lastEntry < 12 ? lastEntry : lastEntry - UInt64(dice.roll(12)))
    }

    private mutating func departure() -> Departure {
        [.hungUp, .overflowed, .toVoicemail, .toCallback, .failed][dice.roll(5)]
    }

    private mutating func groups() -> [String] {
        [["helpers"], ["signers"], ["helpers", "signers"], ["signers", "helpers"]][dice.roll(4)]
    }

    private mutating func skills() -> Skills {
        [["en": 1 + dice.roll(3), "pl": 1], ["pl": 9], ["en": 2], ["pl": 1, "vat": 1 + dice.roll(9)]][dice.roll(4)]
    }

    private mutating func needs() -> Needs {
        switch dice.roll(6) {
        case 0: ["en"]
        case 1: Needs(required: ["en": 2], preferred: ["vat": 3])
        case 2:
            Needs(
                required: ["en": 3, "vat": 5],
                relaxed: [
                    .init(after: .seconds(10), required: ["en": 1]),
                    .init(after: .seconds(dice.roll(90)), required: []),
                ])
        default: []
        }
    }

    private mutating func rules() -> [QueueRules] {
        [
            QueueRules(
                name: "help", agents: "helpers", ring: .seconds(5 + dice.roll(15)), wrapUp: .seconds(dice.roll(2) * 20),
                onNoAnswer: dice.roll(2) == 0 ? .pause : .next, strategy: strategies[dice.roll(strategies.count)],
                maxWait: .seconds(60), maxWaiting: 5,
                raise: dice.roll(2) == 0 ? .init(every: .seconds(10 + dice.roll(20)), to: 7) : nil),
            QueueRules(
                name: "visits", agents: "helpers", ring: .seconds(15), wrapUp: .seconds(10), onNoAnswer: .next,
                strategy: .ringAll, maxWait: .seconds(120), raise: .init(every: .seconds(30), to: 4)),
            QueueRules(
                name: "sign language", agents: "signers", ring: .seconds(15), wrapUp: .zero, maxWaiting: 3),
        ]
    }
}

@Suite struct ModelTests {
    /// 80 days of 12,500 steps: a million judged steps. The seed is the argument of the case that fails.
    @Test(arguments: 1...80)
    func `whatever happens, nobody is stuck, passed over or served twice`(seed: Int) {
        var day = RandomDay(seed: UInt64(seed))
        day.run(steps: 12_500)
        #expect(day.shadow.faults.prefix(5) == [])
        let kinds = [
            "offer", "connect", "callerWaits", "reconnect", "requeued", "timedOut", "refused full", "refused nobody",
            "withdraw no-answer", "withdraw rejected", "withdraw caller-left", "withdraw lost",
            "withdraw answered-elsewhere", "refused busy",
            "position with wait", "breakRefused",
        ]
        #expect(kinds.filter { day.shadow.seen[$0, default: 0] == 0 } == [])
        #expect(Outcome.allCases.filter { day.shadow.seen["outcome \($0.rawValue)", default: 0] == 0 } == [])
    }

    @Test func `the same seed gives the same day`() {
        var one = RandomDay(seed: 77)
        var other = RandomDay(seed: 77)
        one.run(steps: 2000)
        other.run(steps: 2000)
        #expect(one.shadow.seen == other.shadow.seen)
        #expect(one.now == other.now)
    }

    @Test func `a checker that sees nothing would be no checker: a stolen offer is found`() {
        var day = RandomDay(seed: 5)
        day.run(steps: 50)
        day.shadow.judge([.connect(EntryID(1), anna)], after: .deadline, now: day.now)
        #expect(!day.shadow.faults.isEmpty)
    }
}
