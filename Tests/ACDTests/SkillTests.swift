// Skills with levels, priorities that grow, and consultants of several groups.

import Testing
import Timing

@testable import ACD

@Suite struct SkillTests {
    @Test func `a level below the one asked for is not enough`() {
        var desk = Desk()
        desk.ready(anna, skills: ["permits": 2])
        desk.ready(bartek, skills: ["permits": 3])
        let (entry, actions) = desk.call(needs: Needs(required: ["permits": 3]))
        #expect(actions.offers == [Pair(entry, bartek)])
        #expect(desk.call(needs: Needs(required: ["permits": 4])).actions.outcomes == [.refusedNobody])
    }

    @Test func `who has more of what is preferred is asked first, whatever the rule, and nobody is left out`() {
        var desk = Desk(.help(onNoAnswer: .next, strategy: .linear))
        desk.ready(anna)
        desk.ready(bartek, skills: ["permits": 3])
        desk.ready(celina, skills: ["permits": 7, "building": 1])
        let (entry, actions) = desk.call(needs: Needs(preferred: ["permits": 1, "building": 1]))
        #expect(actions.offers == [Pair(entry, celina)])
        #expect(desk.wait(seconds: 15).offers == [Pair(entry, bartek)])
        #expect(desk.wait(seconds: 15).offers == [Pair(entry, anna)])
    }

    @Test func `the best match masters what is asked for best, and of equals can do the least beside`() {
        var desk = Desk(.help(strategy: .bestMatch))
        desk.ready(anna, skills: ["permits": 5, "building": 9])
        desk.ready(bartek, skills: ["permits": 5])
        desk.ready(celina, skills: ["permits": 4])
        let needs = Needs(required: ["permits": 2])
        let asked = (0..<3).map { _ in desk.call(needs: needs).actions.offers[0].agent }
        #expect(asked == [bartek, anna, celina])
    }

    @Test func `after the time set others are asked as well, at that very moment`() {
        var desk = Desk()
        desk.ready(anna, skills: ["permits": 1])
        let needs = Needs(
            required: ["permits": 5, "en": 1],
            relaxed: [.init(after: .seconds(90), required: []), .init(after: .seconds(40), required: ["permits": 1])])
        let (entry, actions) = desk.call(needs: needs)
        #expect(actions.offers == [] && actions.outcomes == [], "somebody may be asked later")
        let began = desk.now
        #expect(desk.wait(seconds: 40).offers == [Pair(entry, anna)])
        #expect(desk.now == began + .seconds(40))
        #expect(desk.distributor.choice(of: entry)?.relaxedAfter == .seconds(40))
    }

    @Test func `one who fits only later does not stand in the way of a full queue's refusal`() {
        var desk = Desk(.help(maxWaiting: 1))
        desk.ready(anna)
        let needs = Needs(required: ["en": 1], relaxed: [.init(after: .seconds(60), required: [])])
        #expect(desk.call(needs: needs).actions.outcomes == [])
        #expect(desk.call(needs: needs).actions.outcomes == [.refusedFull])
    }

    @Test func `the expected wait knows when the first who may come may come`() {
        var desk = Desk()
        desk.do(.learned(queue: "help", handling: .seconds(300), samples: 50))
        desk.ready(anna)
        let needs = Needs(required: ["en": 1], relaxed: [.init(after: .seconds(120), required: [])])
        let (entry, actions) = desk.call(needs: needs)
        #expect(actions.waits(of: entry) == [.seconds(120)])
    }

    @Test func `a priority grows with the wait up to its limit, and the order follows`() {
        let urgent = QueueRules.help(name: "urgent")
        var desk = Desk(.help(raise: .init(every: .seconds(60), to: 3)), urgent)
        desk.ready(anna)
        let talk = desk.talk(anna)
        let old = desk.call(priority: 1).entry
        desk.wait(seconds: 61)
        let two = desk.call("urgent", priority: 2).entry
        let three = desk.call("urgent", priority: 3).entry
        #expect(desk.distributor.line == [three, old, two], "two, and longer than two")
        desk.wait(seconds: 60)
        desk.do(.deadline)
        #expect(desk.distributor.line == [old, three, two], "three, and longer than three")
        desk.wait(seconds: 300)
        let four = desk.call("urgent", priority: 4).entry
        #expect(desk.distributor.line == [four, old, three, two], "three is the most")
        desk.do(.talkEnded(talk, by: .caller))
        #expect(desk.do(.wrapUpDone(anna)).offers == [Pair(four, anna)])
        #expect(desk.distributor.choice(of: four)?.priority == 4)
    }

    @Test func `a time of waiting brought along counts for the priority too`() {
        var desk = Desk(.help(raise: .init(every: .seconds(60), to: 9)))
        desk.do(.agentArrived(anna, groups: ["helpers"], skills: []))
        let young = desk.call(priority: 2)
        let since = desk.now + .seconds(-200)
        desk.do(.enqueue(EntryID(100), EntryRequest(queue: "help", since: since)))
        #expect(desk.do(.agentReady(anna)).offers == [Pair(EntryID(100), anna)])
        #expect(desk.distributor.choice(of: young.entry) == nil)
    }

    @Test
    func `a consultant of two groups is asked first for the calls of the first, after others for those of the second`()
    {
        let visits = QueueRules(
            name: "visits", agents: "visitors", ring: .seconds(15), wrapUp: .zero, strategy: .linear)
        var desk = Desk(.help(strategy: .linear), visits)
        desk.ready(anna, groups: ["helpers", "visitors"])
        desk.ready(bartek, groups: ["visitors", "helpers"])
        let visit = desk.call("visits")
        #expect(visit.actions.offers == [Pair(visit.entry, bartek)])
        let second = desk.call("visits")
        #expect(second.actions.offers == [Pair(second.entry, anna)], "nobody waits while one of them is free")
    }
}
