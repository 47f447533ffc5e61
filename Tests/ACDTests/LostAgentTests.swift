// Tabs close, machines sleep, networks fail: neither the caller nor the agent may be stuck.

import ACD
import Testing
import Timing

@Suite struct LostAgentTests {
    @Test func `lost in a talk and back within 30 seconds, the agent gets the same caller back`() {
        var desk = Desk()
        desk.ready(anna)
        let entry = desk.talk(anna)
        let talkBegan = desk.now
        let until = desk.now + .seconds(30)
        #expect(
            desk.do(.agentLost(anna)) == [
                .callerWaits(entry, for: anna, until: until), .agent(anna, .lost(entry, until: until)),
            ])
        desk.wait(seconds: 29)
        #expect(
            desk.do(.agentReturned(anna)) == [
                .reconnect(entry, anna), .agent(anna, .talking(entry, since: talkBegan)),
            ])
        #expect(desk.do(.talkEnded(entry, by: .agent)).outcomes.isEmpty)
    }

    @Test func `lost for longer, the caller goes to the head of the line with the original time`() {
        var desk = Desk()
        desk.ready(anna)
        let first = desk.talk(anna)
        desk.do(.agentArrived(bartek, groups: ["helpers"], skills: []))
        let urgent = desk.call(priority: 9).entry
        desk.do(.agentLost(anna))
        let actions = desk.wait(seconds: 30)
        #expect(actions.contains(.requeued(first)))
        #expect(actions.states(of: anna) == [.offline])
        #expect(desk.distributor.snapshot().queues[0].waiting.map(\.entry) == [first, urgent])
        #expect(desk.do(.agentReady(bartek)).offers == [Pair(first, bartek)])
        #expect(desk.do(.accept(bartek, first)).outcomes.isEmpty)
    }

    @Test func `one who comes back too late logs in anew`() {
        var desk = Desk()
        desk.ready(anna)
        desk.do(.agentLost(anna))
        desk.wait(seconds: 30)
        #expect(desk.do(.agentReturned(anna)).isEmpty)
        #expect(desk.distributor.state(of: anna) == .offline)
        desk.ready(anna)
        #expect(desk.distributor.state(of: anna) == .ready(since: desk.now))
    }

    @Test func `logging out in a talk sends the caller to the head of the line at once`() {
        var desk = Desk()
        desk.ready(anna)
        let entry = desk.talk(anna)
        desk.ready(bartek)
        let actions = desk.do(.agentLeft(anna))
        #expect(actions.contains(.requeued(entry)))
        #expect(actions.offers == [Pair(entry, bartek)])
    }

    @Test func `lost while it rings, the next agent is offered the call at once`() {
        var desk = Desk()
        desk.ready(anna, bartek)
        let (entry, _) = desk.call()
        let actions = desk.do(.agentLost(anna))
        #expect(actions.contains(.withdraw(entry, anna, .lost)))
        #expect(actions.offers == [Pair(entry, bartek)])
        #expect(desk.distributor.state(of: anna) == .lost(nil, until: desk.now + .seconds(30)))
    }

    @Test
    func `lost while ready, an agent gets no offers, keeps the place on returning and is logged out after 30 seconds`()
    {
        var desk = Desk()
        desk.ready(anna)
        desk.do(.agentLost(anna))
        let (entry, actions) = desk.call()
        #expect(actions.offers.isEmpty && actions.outcomes.isEmpty)
        desk.wait(seconds: 10)
        #expect(desk.do(.agentReturned(anna)).offers == [Pair(entry, anna)])
        desk.do(.leave(entry))
        desk.do(.agentLost(anna))
        #expect(desk.wait(seconds: 30) == [.agent(anna, .offline)])
        #expect(desk.call().actions.outcomes == [.refusedNobody])
    }

    @Test func `lost on a break, an agent comes back to the break`() {
        var desk = Desk()
        desk.ready(anna)
        desk.do(.agentBreak(anna, reason: "lunch"))
        let since = desk.now
        desk.do(.agentLost(anna))
        desk.wait(seconds: 5)
        #expect(desk.do(.agentReturned(anna)) == [.agent(anna, .onBreak(reason: "lunch", since: since))])
    }

    @Test func `lost in the wrap-up, an agent comes back to what is left of it`() {
        var desk = Desk(.help(wrapUp: 10))
        desk.ready(anna)
        let entry = desk.talk(anna)
        desk.do(.talkEnded(entry, by: .caller))
        let until = desk.now + .seconds(10)
        desk.do(.agentLost(anna))
        desk.wait(seconds: 4)
        #expect(desk.do(.agentReturned(anna)) == [.agent(anna, .wrapUp(until: until))])
        desk.do(.agentLost(anna))
        desk.wait(seconds: 20)
        #expect(desk.do(.agentReturned(anna)).states(of: anna).last == .ready(since: desk.now))
    }

    @Test func `a caller who gives up on a lost agent was answered, and the agent has a wrap-up on returning`() {
        var desk = Desk()
        desk.ready(anna)
        let entry = desk.talk(anna)
        desk.do(.agentLost(anna))
        #expect(desk.do(.leave(entry)).outcomes.isEmpty)
        #expect(desk.do(.agentReturned(anna)) == [.agent(anna, .wrapUp(until: desk.now + .seconds(30)))])
    }

    @Test func `a caller who gives up after being put back was answered: one entry, one outcome`() {
        var desk = Desk()
        desk.ready(anna)
        let entry = desk.talk(anna)
        desk.do(.agentLeft(anna))
        #expect(desk.do(.leave(entry)).outcomes.isEmpty)
        #expect(desk.distributor.snapshot().queues[0].waiting.isEmpty)
    }

    @Test func `one put back has the whole longest wait anew`() {
        var desk = Desk(.help(maxWait: 60))
        desk.ready(anna)
        let entry = desk.talk(anna)
        desk.wait(seconds: 300)
        desk.do(.agentLeft(anna))
        #expect(!desk.wait(seconds: 59).contains(.timedOut(entry)))
        #expect(desk.wait(seconds: 1).contains(.timedOut(entry)))
    }

    @Test func `a second log-in of a lost agent counts as returning`() {
        var desk = Desk()
        desk.ready(anna)
        let entry = desk.talk(anna)
        desk.do(.agentLost(anna))
        #expect(
            desk.do(.agentArrived(anna, groups: ["helpers"], skills: [])).contains(.reconnect(entry, anna)))
    }

    @Test func `a strange agent's inputs do nothing`() {
        var desk = Desk()
        let stranger = AgentID(404)
        for input: Distributor.Input in [
            .agentReady(stranger), .agentBreak(stranger, reason: nil), .agentLeft(stranger), .agentLost(stranger),
            .agentReturned(stranger), .wrapUpDone(stranger), .hold(EntryID(1)), .resume(EntryID(1)),
            .leave(EntryID(1)), .talkEnded(EntryID(1), by: .caller), .deadline,
        ] {
            #expect(desk.do(input).isEmpty)
        }
    }
}
