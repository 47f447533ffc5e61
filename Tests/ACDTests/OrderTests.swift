// One order over all queues; skills; what happens when nobody can come.

import ACD
import Testing
import Timing

@Suite struct OrderTests {
    @Test func `over all queues of an agent the higher priority comes first, then the longer wait`() {
        var desk = Desk(.help(), .help(name: "visits"))
        desk.do(.agentArrived(anna, groups: ["helpers"], skills: []))
        let a = desk.call("help").entry
        let b = desk.call("visits").entry
        let c = desk.call("visits", priority: 5).entry
        let d = desk.call("help", priority: 5).entry
        var served: [EntryID] = []
        var actions = desk.do(.agentReady(anna))
        while let pair = actions.offers.first {
            served.append(pair.entry)
            desk.do(.accept(anna, pair.entry))
            desk.do(.talkEnded(pair.entry, by: .caller))
            actions = desk.do(.wrapUpDone(anna))
        }
        #expect(served == [c, d, a, b])
    }

    @Test func `callers of the same instant are served in the order of arrival`() {
        var desk = Desk()
        desk.do(.agentArrived(anna, groups: ["helpers"], skills: []))
        let since = desk.now
        for number in [7, 3, 5] as [UInt64] {
            desk.do(.enqueue(EntryID(number), EntryRequest(queue: "help", since: since)))
        }
        let waiting = desk.distributor.snapshot().queues[0].waiting.map(\.entry.rawValue)
        #expect(waiting == [3, 5, 7])
    }

    @Test func `one who waited elsewhere before comes in with that time`() {
        var desk = Desk()
        desk.do(.agentArrived(anna, groups: ["helpers"], skills: []))
        let early = desk.now - .seconds(300)
        let first = desk.call().entry
        desk.do(.enqueue(EntryID(50), EntryRequest(queue: "help", since: early)))
        #expect(desk.distributor.snapshot().queues[0].waiting.map(\.entry) == [EntryID(50), first])
    }

    @Test func `a call goes only to one who has all the skills, and others pass it by`() {
        var desk = Desk()
        desk.ready(anna, skills: ["pl"])
        desk.do(.agentArrived(bartek, groups: ["helpers"], skills: ["pl", "en"]))
        let english = desk.call(needs: ["en"])
        #expect(english.actions.offers.isEmpty)
        let polish = desk.call(needs: ["pl"])
        #expect(polish.actions.offers == [Pair(polish.entry, anna)])
        #expect(desk.do(.agentReady(bartek)).offers == [Pair(english.entry, bartek)])
    }

    @Test func `a skill learned in the middle of the day counts at once`() {
        var desk = Desk()
        desk.do(.agentArrived(bartek, groups: ["helpers"], skills: ["en"]))
        desk.ready(anna, skills: ["pl"])
        let english = desk.call(needs: ["en"])
        let actions = desk.do(.agentArrived(anna, groups: ["helpers"], skills: ["pl", "en"]))
        #expect(actions.offers == [Pair(english.entry, anna)])
    }

    @Test func `nobody logged in, nobody of the group, nobody with the skill: refused`() {
        var desk = Desk()
        #expect(desk.call().actions == [.refused(EntryID(1), .nobody), .outcome(EntryID(1), .refusedNobody)])
        desk.ready(anna, groups: ["others"])
        #expect(desk.call().actions.outcomes == [.refusedNobody])
        desk.ready(bartek, skills: ["pl"])
        #expect(desk.call(needs: ["en"]).actions.outcomes == [.refusedNobody])
        #expect(desk.call("no such queue").actions.outcomes == [.refusedNobody])
    }

    @Test func `agents on a break are logged in: callers wait for them`() {
        var desk = Desk()
        desk.ready(anna)
        desk.do(.agentBreak(anna, reason: "lunch"))
        #expect(desk.call().actions.outcomes.isEmpty)
    }

    @Test func `a full queue refuses, but never one whom a free agent can take`() {
        var desk = Desk(.help(maxWaiting: 1))
        desk.ready(anna, bartek)
        #expect(desk.call().actions.offers.map(\.agent) == [anna])
        #expect(desk.call().actions.offers.map(\.agent) == [bartek])
        let third = desk.call()
        #expect(third.actions == [.refused(third.entry, .full), .outcome(third.entry, .refusedFull)])
    }

    @Test func `after the longest wait the caller is told, once`() {
        var desk = Desk(.help(maxWait: 60))
        desk.do(.agentArrived(anna, groups: ["helpers"], skills: []))
        let (entry, _) = desk.call()
        let actions = desk.wait(seconds: 60)
        #expect(actions.contains(.timedOut(entry)))
        #expect(actions.outcomes == [.timedOut])
        #expect(desk.do(.leave(entry)).isEmpty)
    }

    @Test func `a phone that rings at the end of the longest wait may ring to its end`() {
        var desk = Desk(.help(maxWait: 60))
        desk.do(.agentArrived(anna, groups: ["helpers"], skills: []))
        desk.do(.agentArrived(bartek, groups: ["helpers"], skills: []))
        let first = desk.call().entry
        desk.wait(seconds: 55)
        desk.do(.agentReady(anna))
        #expect(desk.wait(seconds: 10).outcomes.isEmpty)
        desk.do(.agentReady(bartek))
        let actions = desk.wait(seconds: 5)
        #expect(actions.offers.isEmpty)
        #expect(actions.contains(.timedOut(first)))
    }

    @Test func `when all agents log out, callers stay until their longest wait`() {
        var desk = Desk(.help(maxWait: 60))
        desk.ready(anna)
        _ = desk.talk(anna)
        let (entry, _) = desk.call()
        desk.do(.agentLeft(anna))
        #expect(desk.wait(seconds: 59).outcomes.isEmpty)
        #expect(desk.wait(seconds: 1).contains(.outcome(entry, .timedOut)))
    }

    @Test(
        arguments: [
            (Departure.hungUp, Outcome.abandoned), (.overflowed, .overflowed), (.toVoicemail, .toVoicemail),
            (.toCallback, .toCallback), (.failed, .failed),
        ])
    func `each way of leaving has its outcome`(departure: Departure, outcome: Outcome) {
        var desk = Desk()
        desk.do(.agentArrived(anna, groups: ["helpers"], skills: []))
        let (entry, _) = desk.call()
        desk.wait(seconds: 5.001)
        #expect(desk.do(.leave(entry, departure)).outcomes == [outcome])
    }

    @Test func `new rules hold for those who come later, and a queue that is gone serves those who wait in it`() {
        var desk = Desk(.help(ring: 15))
        desk.do(.agentArrived(anna, groups: ["helpers"], skills: []))
        let (entry, _) = desk.call()
        desk.do(.configure([.help(name: "visits", ring: 20)]))
        #expect(desk.call().actions.outcomes == [.refusedNobody])
        #expect(desk.distributor.snapshot().queues.map(\.name) == ["help", "visits"])
        #expect(desk.do(.agentReady(anna)).contains(.offer(entry, anna, until: desk.now + .seconds(15))))
    }
}
