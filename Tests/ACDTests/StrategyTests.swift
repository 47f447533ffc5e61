// Whom each strategy asks first.

import ACD
import TestTools
import Testing
import Timing

@Suite struct StrategyTests {
    /// Calls that come one after the other, each answered, talked for so many seconds and over before the next.
    private func answered(_ desk: inout Desk, calls: Int, seconds: [AgentID: Double] = [:]) -> [AgentID] {
        (0..<calls).map { _ in
            let (entry, actions) = desk.call()
            let agent = actions.offers[0].agent
            desk.do(.accept(agent, entry))
            desk.wait(seconds: seconds[agent] ?? 10)
            desk.do(.talkEnded(entry, by: .caller))
            desk.do(.wrapUpDone(agent))
            return agent
        }
    }

    @Test func `linear asks in the order of the numbers, however long the others are free`() {
        var desk = Desk(.help(strategy: .linear))
        desk.ready(celina, bartek, anna)
        #expect(answered(&desk, calls: 3) == [anna, anna, anna])
        let first = desk.call()
        let second = desk.call()
        #expect(first.actions.offers == [Pair(first.entry, anna)])
        #expect(second.actions.offers == [Pair(second.entry, bartek)])
    }

    @Test func `linear goes on to the next when the first does not answer`() {
        var desk = Desk(.help(onNoAnswer: .next, strategy: .linear))
        desk.ready(anna, bartek, celina)
        let (entry, _) = desk.call()
        #expect(desk.wait(seconds: 15).offers == [Pair(entry, bartek)])
        #expect(desk.wait(seconds: 15).offers == [Pair(entry, celina)])
        #expect(desk.wait(seconds: 15).offers == [Pair(entry, anna)])
    }

    @Test func `round-robin goes round, skips who is busy, and each queue has its own round`() {
        let visits = QueueRules.help(name: "visits", strategy: .roundRobin)
        var desk = Desk(.help(strategy: .roundRobin), visits)
        desk.ready(celina, anna, bartek)
        #expect(answered(&desk, calls: 5) == [anna, bartek, celina, anna, bartek])
        #expect(desk.talk(anna, "visits") != EntryID(0))
        let next = desk.call()
        #expect(next.actions.offers == [Pair(next.entry, celina)])
        desk.do(.leave(next.entry))
        let after = desk.call()
        #expect(after.actions.offers == [Pair(after.entry, bartek)], "anna talks")
    }

    @Test func `random gives each the same chance and the same seed the same day`() {
        func day(_ seed: UInt64) -> [AgentID] {
            var desk = Desk(.help(strategy: .random), seed: seed)
            desk.ready(anna, bartek, celina)
            return answered(&desk, calls: 600)
        }
        let one = day(1)
        for agent in [anna, bartek, celina] { #expect((150...250).contains(one.count { $0 == agent })) }
        #expect(day(1) == one)
        #expect(day(2) != one)
    }

    @Test func `fewest-calls evens out, over log-outs too, and begins anew each day`() {
        var desk = Desk(.help(strategy: .fewestCalls))
        desk.ready(anna)
        #expect(answered(&desk, calls: 3) == [anna, anna, anna])
        desk.do(.agentLeft(anna))
        desk.ready(anna, bartek)
        #expect(answered(&desk, calls: 4) == [bartek, bartek, bartek, anna])
        desk.do(.dayBegan)
        #expect(answered(&desk, calls: 2).sorted() == [anna, bartek])
    }

    @Test func `what was done before a restart counts, but not over what was done since`() {
        var desk = Desk(.help(strategy: .fewestCalls))
        desk.do(.worked(anna, calls: 2, talked: .seconds(60)))
        desk.ready(anna, bartek)
        #expect(answered(&desk, calls: 3) == [bartek, bartek, anna])
        desk.do(.worked(anna, calls: 50, talked: .zero))
        #expect(answered(&desk, calls: 2) == [bartek, anna])
    }

    @Test func `least-talk asks whoever has talked the least`() {
        var desk = Desk(.help(strategy: .leastTalk))
        desk.ready(anna, bartek)
        let agents = answered(&desk, calls: 6, seconds: [anna: 100, bartek: 30])
        #expect(agents == [anna, bartek, bartek, bartek, bartek, anna])
    }

    @Test func `fewest-skills keeps those who can do more for who needs them`() {
        var desk = Desk(.help(strategy: .bestMatch))
        desk.ready(anna, skills: ["pl", "en", "uk"])
        desk.ready(bartek, skills: ["pl"])
        desk.ready(celina, skills: ["pl", "en"])
        let polish = desk.call(needs: ["pl"])
        let english = desk.call(needs: ["en"])
        let ukrainian = desk.call(needs: ["uk"])
        #expect(polish.actions.offers == [Pair(polish.entry, bartek)])
        #expect(english.actions.offers == [Pair(english.entry, celina)])
        #expect(ukrainian.actions.offers == [Pair(ukrainian.entry, anna)])
    }

    @Test(arguments: QueueRules.Strategy.allCases)
    func `whatever the strategy, who did not answer lately is asked last`(strategy: QueueRules.Strategy) {
        guard strategy != .ringAll else { return }
        var desk = Desk(.help(onNoAnswer: .next, strategy: strategy))
        desk.ready(anna, bartek)
        let first = desk.call()
        let silent = first.actions.offers[0].agent
        desk.wait(seconds: 15)
        desk.do(.leave(first.entry))
        let next = desk.call()
        #expect(next.actions.offers.map(\.agent) == [silent == anna ? bartek : anna])
    }
}
