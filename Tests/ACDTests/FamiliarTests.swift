// The agent who spoke with the caller before is asked first.

import ACD
import Testing
import Timing

@Suite struct FamiliarTests {
    private let before = Familiar(agent: celina, patience: .seconds(20))

    @Test func `who spoke with the caller before is asked first, whatever the strategy`() {
        var desk = Desk(.help(strategy: .linear))
        desk.ready(anna, bartek, celina)
        let (entry, actions) = desk.call(familiar: before)
        #expect(actions.offers == [Pair(entry, celina)])
        #expect(desk.distributor.choice(of: entry)?.isFamiliar == true)
    }

    @Test func `one who talks is waited for, then others are asked, at that very moment`() {
        var desk = Desk(.help(strategy: .linear))
        desk.ready(celina)
        _ = desk.talk(celina)
        desk.ready(anna)
        let (entry, actions) = desk.call(familiar: before)
        #expect(actions.offers == [])
        let stranger = desk.call()
        #expect(stranger.actions.offers == [Pair(stranger.entry, anna)], "nobody else is kept waiting")
        desk.do(.accept(anna, stranger.entry))
        desk.ready(bartek)
        let entered = desk.now
        #expect(desk.wait(seconds: 20).offers == [Pair(entry, bartek)])
        #expect(desk.now <= entered + .seconds(20))
        #expect(desk.distributor.choice(of: entry)?.isFamiliar == false)
    }

    @Test func `one who becomes free in time has the call`() {
        var desk = Desk(.help(wrapUp: 5))
        desk.ready(celina)
        let talk = desk.talk(celina)
        desk.ready(anna)
        let (entry, _) = desk.call(familiar: before)
        desk.wait(seconds: 4)
        #expect(desk.do(.talkEnded(talk, by: .caller)).offers == [])
        #expect(desk.wait(seconds: 5).offers == [Pair(entry, celina)])
    }

    @Test(arguments: [Distributor.Input.agentLeft(celina), .agentLost(celina), .agentBreak(celina, reason: nil)])
    func `one who is gone is not waited for, nor one who goes meanwhile`(_ gone: Distributor.Input) {
        var desk = Desk()
        desk.ready(celina)
        _ = desk.talk(celina)
        desk.ready(anna, bartek)
        let first = desk.call(familiar: before)
        #expect(first.actions.offers == [])
        let offers = desk.do(gone).offers
        #expect(offers.contains(Pair(first.entry, anna)) || offers.contains(Pair(first.entry, bartek)))
        desk.ready(AgentID(4))
        let second = desk.call(familiar: before)
        #expect(second.actions.offers.map(\.entry) == [second.entry])
    }

    @Test func `one who rejects the call is not waited for any longer`() {
        var desk = Desk()
        desk.ready(anna, celina)
        let (entry, _) = desk.call(familiar: before)
        #expect(desk.do(.reject(celina, entry)).offers == [Pair(entry, anna)])
    }

    @Test func `one who may not answer this queue is not waited for`() {
        var desk = Desk()
        desk.ready(celina, skills: ["pl"])
        _ = desk.talk(celina)
        desk.ready(anna, skills: ["en"])
        let (entry, actions) = desk.call(needs: ["en"], familiar: before)
        #expect(actions.offers == [Pair(entry, anna)])
    }
}
