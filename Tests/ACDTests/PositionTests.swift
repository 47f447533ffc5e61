// What waiting callers are told.

import ACD
import Testing
import Timing

@Suite struct PositionTests {
    /// One agent, and ten calls of three minutes known.
    private func busyDesk() -> (desk: Desk, talk: EntryID) {
        var desk = Desk(.help(wrapUp: 0))
        desk.do(.learned(queue: "help", handling: .seconds(180), samples: 10))
        desk.ready(anna)
        let entry = desk.talk(anna)
        return (desk, entry)
    }

    @Test func `callers are told how many come first, and again when it changes`() {
        var (desk, talk) = busyDesk()
        let first = desk.call()
        let second = desk.call()
        #expect(first.actions.positions(of: first.entry) == [0])
        #expect(second.actions.positions(of: second.entry) == [1])
        desk.do(.talkEnded(talk, by: .caller))
        let actions = desk.do(.accept(anna, first.entry))
        #expect(actions.positions(of: second.entry) == [0])
    }

    @Test func `the wait comes from the place, the agents at work and what is left of their talks`() throws {
        var (desk, _) = busyDesk()
        desk.wait(seconds: 60)
        let first = desk.call()
        let second = desk.call()
        let near = try #require(first.actions.waits(of: first.entry).first ?? nil)
        let far = try #require(second.actions.waits(of: second.entry).first ?? nil)
        #expect(abs(near.milliseconds - 120_000) < 100)
        #expect(abs(far.milliseconds - 300_000) < 100)
    }

    @Test func `twice the agents, half the wait`() throws {
        var (desk, _) = busyDesk()
        desk.ready(bartek)
        _ = desk.talk(bartek)
        var last: Duration?
        for _ in 0..<8 {
            let (entry, actions) = desk.call()
            last = actions.waits(of: entry).first ?? nil
        }
        let wait = try #require(last)
        #expect(abs(wait.milliseconds - 4 * 180_000) < 100)
    }

    @Test func `below five known calls we cannot say`() {
        var desk = Desk(.help(wrapUp: 0))
        desk.ready(anna)
        for count in 0..<6 {
            let talk = desk.talk(anna)
            desk.wait(seconds: 100)
            let (entry, actions) = desk.call()
            #expect((actions.waits(of: entry).first ?? nil) == nil || count == 5)
            #expect(actions.waits(of: entry).count == 1)
            desk.do(.leave(entry))
            desk.do(.talkEnded(talk, by: .caller))
        }
    }

    @Test func `calls that were cut teach nothing`() {
        var desk = Desk(.help(wrapUp: 0))
        desk.ready(anna)
        for _ in 0..<10 {
            let talk = desk.talk(anna)
            desk.wait(seconds: 2)
            desk.do(.talkEnded(talk, by: .network))
        }
        _ = desk.talk(anna)
        let (entry, actions) = desk.call()
        #expect(actions.waits(of: entry) == [nil])
    }

    @Test func `with nobody at work we cannot say`() {
        var (desk, talk) = busyDesk()
        desk.do(.agentBreak(anna, reason: nil))
        let (entry, actions) = desk.call()
        #expect(actions.waits(of: entry) == [nil])
        desk.do(.talkEnded(talk, by: .caller))
    }

    @Test func `neither the place nor the wait ever rises, whoever comes first meanwhile`() {
        var (desk, _) = busyDesk()
        let (entry, actions) = desk.call()
        var aheads = actions.positions(of: entry)
        var waits = actions.waits(of: entry).compactMap { $0 }
        var others: [EntryID] = []
        for _ in 0..<3 {
            let urgent = desk.call(priority: 9)
            others.append(urgent.entry)
            aheads += urgent.actions.positions(of: entry)
            waits += urgent.actions.waits(of: entry).compactMap { $0 }
            let later = desk.wait(seconds: 100)
            aheads += later.positions(of: entry)
            waits += later.waits(of: entry).compactMap { $0 }
        }
        for urgent in others { waits += desk.do(.leave(urgent)).waits(of: entry).compactMap { $0 } }
        #expect(aheads == aheads.sorted(by: >))
        #expect(waits == waits.sorted(by: >))
        #expect(waits.count > 1)
    }

    @Test func `the expected wait falls as time passes, without anything else happening`() {
        var (desk, _) = busyDesk()
        let (entry, _) = desk.call()
        let said = desk.wait(seconds: 125).waits(of: entry).compactMap { $0 }
        #expect(said.map { Int($0.milliseconds / 1000) }.count == 2)
    }

    @Test func `a picture for the board shows who waits, for how long, and who is ready`() {
        var (desk, talk) = busyDesk()
        let waiting = desk.call().entry
        let snapshot = desk.distributor.snapshot()
        #expect(snapshot.queues.count == 1)
        #expect(snapshot.queues[0].waiting.map(\.entry) == [waiting])
        #expect(snapshot.queues[0].waiting[0].since == desk.now)
        #expect(snapshot.queues[0].ready == 0)
        #expect(snapshot.agents.map(\.id) == [anna])
        desk.do(.agentBreak(anna, reason: nil))
        desk.do(.talkEnded(talk, by: .caller))
    }
}
