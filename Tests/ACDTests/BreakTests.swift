// Breaks by reason, and how many may be away for one at once.

import ACD
import Testing
import Timing

@Suite struct BreakTests {
    private func desk() -> Desk {
        var desk = Desk()
        desk.do(.breaks([BreakRule(reason: "lunch", atOnce: 1), BreakRule(reason: "training")]))
        desk.ready(anna, bartek, celina)
        return desk
    }

    @Test func `one more than may be away stays ready, and is told`() {
        var desk = desk()
        desk.do(.agentBreak(anna, reason: "lunch"))
        #expect(desk.do(.agentBreak(bartek, reason: "lunch")) == [.breakRefused(bartek, reason: "lunch")])
        #expect(desk.distributor.state(of: bartek) == .ready(since: desk.now + .milliseconds(-1)))
        desk.do(.agentBreak(bartek, reason: "training"))
        desk.do(.agentBreak(celina, reason: nil))
        desk.do(.agentReady(anna))
        desk.do(.agentBreak(bartek, reason: "lunch"))
        #expect(desk.distributor.state(of: bartek) == .onBreak(reason: "lunch", since: desk.now))
    }

    @Test func `who will go after a talk counts already, until the break is taken back`() {
        var desk = desk()
        let talk = desk.talk(anna)
        desk.do(.agentBreak(anna, reason: "lunch"))
        #expect(desk.do(.agentBreak(bartek, reason: "lunch")) == [.breakRefused(bartek, reason: "lunch")])
        desk.do(.agentReady(anna))
        desk.do(.agentBreak(bartek, reason: "lunch"))
        desk.do(.talkEnded(talk, by: .caller))
        desk.do(.wrapUpDone(anna))
        #expect(desk.distributor.state(of: anna) == .ready(since: desk.now))
    }

    @Test func `a break that is refused rejects no call`() {
        var desk = desk()
        desk.do(.agentBreak(bartek, reason: "lunch"))
        let (entry, actions) = desk.call()
        #expect(actions.offers == [Pair(entry, anna)])
        #expect(desk.do(.agentBreak(anna, reason: "lunch")) == [.breakRefused(anna, reason: "lunch")])
        #expect(desk.do(.accept(anna, entry)).contains(.connect(entry, anna)))
    }

    @Test func `a lost connection keeps the break, and a log-out gives the place back`() {
        var desk = desk()
        desk.do(.agentBreak(anna, reason: "lunch"))
        desk.do(.agentLost(anna))
        #expect(desk.do(.agentBreak(bartek, reason: "lunch")) == [.breakRefused(bartek, reason: "lunch")])
        desk.do(.agentLeft(anna))
        desk.do(.agentBreak(bartek, reason: "lunch"))
        #expect(desk.distributor.state(of: bartek) == .onBreak(reason: "lunch", since: desk.now))
    }
}
