// Why a call rings at one agent: told as it was at that moment.

import ACD
import Testing
import Timing

@Suite struct ChoiceTests {
    @Test func `the free are named in the order of the rule, the others by what keeps them`() {
        var desk = Desk(.help(strategy: .linear))
        let talking = AgentID(4)
        let resting = AgentID(5)
        let away = AgentID(6)
        let stranger = AgentID(7)
        desk.ready(talking)
        _ = desk.talk(talking)
        desk.ready(celina, bartek, skills: ["en"])
        desk.ready(anna)
        desk.ready(away, skills: ["en"])
        desk.do(.agentLost(away))
        desk.do(.agentArrived(resting, groups: ["helpers"], skills: ["en"]))
        desk.ready(stranger, groups: ["signers"])
        let (entry, _) = desk.call(needs: ["en"])
        let choice = desk.distributor.choice(of: entry)
        #expect(choice?.strategy == .linear && choice?.chosen == bartek)
        #expect(
            choice?.others == [
                .later: [celina], .unskilled: [anna], .talking: [talking], .onBreak: [resting], .lost: [away],
            ])
    }

    @Test func `one who did not take the call is named when the next is asked`() {
        var desk = Desk(.help(onNoAnswer: .next))
        desk.ready(anna, bartek)
        let (entry, _) = desk.call()
        desk.do(.reject(anna, entry))
        #expect(desk.distributor.choice(of: entry)?.chosen == bartek)
        #expect(desk.distributor.choice(of: entry)?.others == [.asked: [anna]])
    }

    @Test func `nobody was asked yet, nobody is asked any more: there is nothing to tell`() {
        var desk = Desk()
        desk.do(.agentArrived(anna, groups: ["helpers"], skills: []))
        let (entry, _) = desk.call()
        #expect(desk.distributor.choice(of: entry) == nil)
        desk.do(.agentReady(anna))
        #expect(desk.distributor.choice(of: entry)?.others == [:])
        desk.do(.leave(entry))
        #expect(desk.distributor.choice(of: entry) == nil)
    }
}
