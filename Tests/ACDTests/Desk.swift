// A distributor with a virtual clock that is checked after every input.

import ACD
import Testing
import Timing

let anna = AgentID(1)
let bartek = AgentID(2)
let celina = AgentID(3)

struct Desk {
    var distributor: Distributor
    var now = Instant(nanoseconds: 1_000_000_000_000)
    private var lastEntry: UInt64 = 0

    init(_ rules: QueueRules..., seed: UInt64 = 0) {
        distributor = Distributor(seed: seed)
        _ = distributor.handle(.configure(rules.isEmpty ? [.help()] : rules), now: now)
    }

    /// Does one input and returns what came of it.
    @discardableResult
    mutating func `do`(_ input: Distributor.Input, at location: SourceLocation = #_sourceLocation) -> [Distributor
        .Action]
    {
        let actions = distributor.handle(input, now: now)
        #expect(distributor.violations(now: now) == [], sourceLocation: location)
        return actions
    }

    /// Lets time pass, stopping at every deadline; returns all that happened.
    @discardableResult
    mutating func wait(
        seconds: Double, at location: SourceLocation = #_sourceLocation
    ) -> [Distributor.Action] {
        let end = now + .seconds(seconds)
        var actions: [Distributor.Action] = []
        while let deadline = distributor.deadline, deadline <= end {
            now = deadline
            actions += `do`(.deadline, at: location)
        }
        now = end
        return actions
    }

    /// Logs in and says "ready", one millisecond after whatever was before.
    @discardableResult
    mutating func ready(
        _ agents: AgentID..., groups: [String] = ["helpers"], skills: Skills = []
    ) -> [Distributor.Action] {
        var actions: [Distributor.Action] = []
        for agent in agents {
            now = now + .milliseconds(1)
            actions += `do`(.agentArrived(agent, groups: groups, skills: skills))
            actions += `do`(.agentReady(agent))
        }
        return actions
    }

    /// A new caller comes, one millisecond after whatever was before.
    mutating func call(
        _ queue: String = "help", needs: Needs = [], familiar: Familiar? = nil, priority: Int = 0
    ) -> (entry: EntryID, actions: [Distributor.Action]) {
        now = now + .milliseconds(1)
        lastEntry += 1
        let entry = EntryID(lastEntry)
        let request = EntryRequest(queue: queue, needs: needs, familiar: familiar, priority: priority, since: now)
        return (entry, `do`(.enqueue(entry, request)))
    }

    /// A caller comes and this agent, who must be the one offered, answers.
    mutating func talk(_ agent: AgentID, _ queue: String = "help") -> EntryID {
        let (entry, actions) = call(queue)
        #expect(actions.offers == [Pair(entry, agent)])
        `do`(.accept(agent, entry))
        return entry
    }
}

extension QueueRules {
    static func help(
        name: String = "help", ring: Int = 15, wrapUp: Int = 30, onNoAnswer: NoAnswer = .pause,
        strategy: Strategy = .longestIdle, maxWait: Int? = 600, maxWaiting: Int? = nil, raise: Raise? = nil
    ) -> QueueRules {
        QueueRules(
            name: name, agents: "helpers", ring: .seconds(ring), wrapUp: .seconds(wrapUp), onNoAnswer: onNoAnswer,
            strategy: strategy, maxWait: maxWait.map { .seconds($0) }, maxWaiting: maxWaiting, raise: raise)
    }
}

struct Pair: Equatable {
    let entry: EntryID
    let agent: AgentID

    init(_ entry: EntryID, _ agent: AgentID) {
        self.entry = entry
        self.agent = agent
    }
}

extension [Distributor.Action] {
    var offers: [Pair] {
        compactMap { if case .offer(let entry, let agent, _) = $0 { Pair(entry, agent) } else { nil } }
    }

    var outcomes: [Outcome] { compactMap { if case .outcome(_, let outcome) = $0 { outcome } else { nil } } }

    func states(of agent: AgentID) -> [AgentState] {
        compactMap { if case .agent(agent, let state) = $0 { state } else { nil } }
    }

    func positions(of entry: EntryID) -> [Int] {
        compactMap { if case .position(entry, let ahead, _) = $0 { ahead } else { nil } }
    }

    func waits(of entry: EntryID) -> [Duration?] {
        compactMap { if case .position(entry, _, let wait) = $0 { wait } else { nil } }.map { $0 }
    }
}
