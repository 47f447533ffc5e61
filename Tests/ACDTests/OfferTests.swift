// Who is offered whom, and what becomes of offers.

import ACD
import Testing
import Timing

@Suite struct OfferTests {
    @Test func `a caller is offered at once to the agent who is idle the longest`() {
        var desk = Desk()
        desk.ready(bartek, anna)
        let (entry, actions) = desk.call()
        #expect(actions.contains(.offer(entry, bartek, until: desk.now + .seconds(15))))
        #expect(actions.offers == [Pair(entry, bartek)])
        #expect(desk.distributor.state(of: bartek) == .offered(entry, until: desk.now + .seconds(15)))
    }

    @Test func `an agent who becomes ready is offered the caller who waits the longest`() {
        var desk = Desk()
        desk.do(.agentArrived(anna, groups: ["helpers"], skills: []))
        let first = desk.call()
        let second = desk.call()
        #expect(first.actions.offers.isEmpty && second.actions.offers.isEmpty)
        #expect(desk.do(.agentReady(anna)).offers == [Pair(first.entry, anna)])
    }

    @Test func `accepting connects, gives the outcome once and, after the talk, a wrap-up`() {
        var desk = Desk()
        desk.ready(anna)
        let (entry, _) = desk.call()
        let actions = desk.do(.accept(anna, entry))
        #expect(
            actions == [
                .connect(entry, anna), .outcome(entry, .answered), .agent(anna, .talking(entry, since: desk.now)),
            ])
        desk.wait(seconds: 60)
        let ended = desk.do(.talkEnded(entry, by: .caller))
        #expect(ended == [.agent(anna, .wrapUp(until: desk.now + .seconds(30)))])
        #expect(desk.wait(seconds: 30) == [.agent(anna, .ready(since: desk.now))])
    }

    @Test func `an agent may end the wrap-up, and gets the next call in the same moment`() {
        var desk = Desk()
        desk.ready(anna)
        let first = desk.talk(anna)
        let second = desk.call()
        desk.do(.talkEnded(first, by: .agent))
        #expect(desk.do(.wrapUpDone(anna)).offers == [Pair(second.entry, anna)])
    }

    @Test
    func `an unanswered offer sends the agent on a break and goes to the next agent, the caller keeping the place`() {
        var desk = Desk()
        desk.ready(anna, bartek)
        let first = desk.call()
        #expect(first.actions.offers == [Pair(first.entry, anna)])
        desk.do(.agentLost(bartek))
        let second = desk.call()
        desk.wait(seconds: 14)
        desk.do(.agentReturned(bartek))
        let actions = desk.wait(seconds: 1)
        #expect(actions.contains(.withdraw(first.entry, anna, .noAnswer)))
        #expect(actions.states(of: anna) == [.onBreak(reason: AgentState.noAnswer, since: desk.now - .milliseconds(1))])
        #expect(desk.distributor.state(of: bartek) == .offered(second.entry, until: desk.now + .seconds(14)))
        #expect(desk.wait(seconds: 1).offers.isEmpty)
        #expect(desk.do(.agentReady(anna)).offers == [Pair(first.entry, anna)])
    }

    @Test func `where the rule is "next", one who let it ring stays ready but is tried after the others`() {
        var desk = Desk(.help(onNoAnswer: .next))
        desk.ready(anna, bartek)
        let (entry, actions) = desk.call()
        #expect(actions.offers == [Pair(entry, anna)])
        #expect(desk.wait(seconds: 15).offers == [Pair(entry, bartek)])
        desk.do(.accept(bartek, entry))
        desk.ready(celina)
        #expect(desk.call().actions.offers.map(\.agent) == [celina])
        #expect(desk.call().actions.offers.map(\.agent) == [anna])
    }

    @Test func `a rejected call goes to the next agent, and to the same one after five seconds if nobody else is free`()
    {
        var desk = Desk()
        desk.ready(anna, bartek)
        let (entry, _) = desk.call()
        let actions = desk.do(.reject(anna, entry))
        #expect(actions.contains(.withdraw(entry, anna, .rejected)))
        #expect(actions.offers == [Pair(entry, bartek)])
        #expect(desk.do(.reject(bartek, entry)).offers.isEmpty)
        #expect(desk.wait(seconds: 4.9).offers.isEmpty)
        #expect(desk.wait(seconds: 0.1).offers == [Pair(entry, anna)])
    }

    @Test func `one who rejected a call may at once be offered another`() {
        var desk = Desk()
        desk.ready(anna)
        let first = desk.call()
        let second = desk.call()
        #expect(desk.do(.reject(anna, first.entry)).offers == [Pair(second.entry, anna)])
    }

    @Test func `when the caller leaves while it rings, the agent keeps the place among the idle`() {
        var desk = Desk()
        desk.ready(anna, bartek)
        let first = desk.call()
        let actions = desk.do(.leave(first.entry))
        #expect(actions.contains(.withdraw(first.entry, anna, .callerLeft)))
        #expect(actions.outcomes == [.shortAbandoned])
        #expect(desk.call().actions.offers.map(\.agent) == [anna])
    }

    @Test func `an answer that comes too late does nothing`() {
        var desk = Desk()
        desk.ready(anna, bartek)
        let (entry, _) = desk.call()
        desk.wait(seconds: 15)
        #expect(desk.do(.accept(anna, entry)).isEmpty)
        #expect(desk.do(.reject(anna, entry)).isEmpty)
        #expect(desk.do(.accept(bartek, EntryID(99))).isEmpty)
        #expect(desk.do(.accept(bartek, entry)).contains(.connect(entry, bartek)))
    }

    @Test func `a break during a talk begins after the wrap-up, and "ready" takes it back`() {
        var desk = Desk()
        desk.ready(anna)
        let entry = desk.talk(anna)
        #expect(desk.do(.agentBreak(anna, reason: "lunch")).isEmpty)
        desk.do(.talkEnded(entry, by: .caller))
        #expect(desk.wait(seconds: 30) == [.agent(anna, .onBreak(reason: "lunch", since: desk.now))])
        desk.do(.agentReady(anna))
        let next = desk.talk(anna)
        desk.do(.agentBreak(anna, reason: "lunch"))
        desk.do(.agentReady(anna))
        desk.do(.talkEnded(next, by: .agent))
        #expect(desk.wait(seconds: 30) == [.agent(anna, .ready(since: desk.now))])
    }

    @Test func `a break while it rings is a rejection`() {
        var desk = Desk()
        desk.ready(anna, bartek)
        let (entry, _) = desk.call()
        let actions = desk.do(.agentBreak(anna, reason: nil))
        #expect(actions.contains(.withdraw(entry, anna, .rejected)))
        #expect(actions.states(of: anna) == [.onBreak(reason: nil, since: desk.now)])
        #expect(actions.offers == [Pair(entry, bartek)])
    }

    @Test func `hold and resume are shown, and the talk goes on`() {
        var desk = Desk()
        desk.ready(anna)
        let entry = desk.talk(anna)
        let talkBegan = desk.now
        desk.wait(seconds: 10)
        #expect(desk.do(.hold(entry)) == [.agent(anna, .hold(entry, since: desk.now))])
        #expect(desk.do(.hold(entry)).isEmpty)
        desk.wait(seconds: 10)
        #expect(desk.do(.resume(entry)) == [.agent(anna, .talking(entry, since: talkBegan))])
        #expect(desk.do(.resume(entry)).isEmpty)
    }

    @Test func `without a wrap-up the agent is ready when the talk ends`() {
        var desk = Desk(.help(wrapUp: 0))
        desk.ready(anna)
        let entry = desk.talk(anna)
        #expect(desk.do(.talkEnded(entry, by: .caller)) == [.agent(anna, .ready(since: desk.now))])
        #expect(desk.do(.talkEnded(entry, by: .caller)).isEmpty)
    }
}
