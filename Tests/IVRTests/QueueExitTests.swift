// The ways out of a queue that a caller or the time takes: busy, keys, the offer, overflow.

import Testing
import Timing

@testable import IVR

struct QueueExitTests {
    private static let queues = """
        queues:
          q:
            agents: demo
            max_wait: 10m
            music: m.wav
            announce: { first: 20s, every: 40s, say: [ahead] }
            offer: { after: 60s, say: offer, keys: { 1: { tag: wolał, then: oddzwoń }, 2: koniec } }
            overflow: [{ after: 5m, go: nikt }, { after: 3m, also: cicha }]
          cicha: { agents: demo, max_wait: 5m }
        """
    private static let steps = """
        start: { queue: q, busy: { wait: 15m, then: tłok }, nobody: nikt, timeout: długo, keys: { 9: { language: en, record: off, then: koniec }, "*": nikt } }
        tłok: { say: b, then: koniec }
        nikt: { say: a, then: koniec }
        długo: { say: [a, b], then: koniec }
        oddzwoń: { callback: q, say: b, no_number: nikt, then: koniec }
        """

    private func waiting() throws -> TestCall {
        let text = Fixture.text(steps: Self.steps)
            .replacing(/queues:\n.*\n.*\n/, with: Self.queues + "\n")
            .replacing("  a: { pl", with: "  offer: { any: \"Press 1, press 2.\" }\n  a: { pl")
        var call = TestCall(try Fixture.hotline(text), from: "+48601000000")
        let actions = call.send(.entered)
        let request = QueueRequest(
            queue: "q", language: "pl", skills: [], priority: 0, since: call.now.instant, busyAbove: .seconds(900))
        #expect(actions == [.enqueue(request), .music(file: "m.wav")])
        return call
    }

    @Test func whoWouldWaitTooLongIsLedElsewhere() throws {
        var call = try waiting()
        #expect(call.send(.queue(.busy)).played == ["b"])
        #expect(call.machine.step == "tłok")
    }

    @Test func aKeyLeavesTheQueue() throws {
        var call = try waiting()
        #expect(call.send(.digit("5")) == [])
        #expect(call.send(.digit("1")) == [])  // not offered yet
        #expect(call.send(.digit("9")).prefix(3) == [.leaveQueue, .silence, .record(false)])
        #expect(call.machine.language == "en")
        #expect(call.machine.step == "koniec")
    }

    @Test func theOfferIsSaidOnceAndItsKeysHoldFromThenOn() throws {
        var call = try waiting()
        call.send(.queue(.position(ahead: 2, wait: nil)))
        #expect(call.wait().played == ["ahead"])
        call.send(.played, after: .seconds(3))
        #expect(call.wait().played == ["offer"])
        #expect(call.now.instant.nanoseconds == 60_000_000_000)
        #expect(call.send(.played, after: .seconds(10)) == [.music(file: "m.wav")])
        #expect(call.machine.deadline == call.now.instant + .seconds(5))  // the announcement that became due meanwhile
        #expect(call.wait().played == ["ahead"])
        call.send(.played)
        let since = Instant(nanoseconds: 0)
        let actions = call.send(.digit("1"))
        #expect(actions.prefix(3) == [.leaveQueue, .silence, .tag("wolał")])
        guard case .requestCallback(let request)? = actions.last else {
            Issue.record("no callback is asked for")
            return
        }
        #expect(request.since == since)
    }

    @Test func aKeyDuringTheOfferStopsIt() throws {
        var call = try waiting()
        call.send(.queue(.position(ahead: 1, wait: nil)))
        call.wait()
        call.send(.played)
        call.wait()
        #expect(call.send(.digit("2")).prefix(2) == [.leaveQueue, .silence])
        #expect(call.machine.step == "koniec")
    }

    @Test func overflowComesInTheOrderOfItsTimesAlsoDuringAnAnnouncement() throws {
        var call = try waiting()
        var also: Instant?
        var left: Instant?
        for _ in 0..<200 where left == nil {
            call.send(.queue(.position(ahead: 1, wait: nil)))
            let actions = call.wait()
            if actions.contains(.alsoQueue("cicha")) { also = call.now.instant }
            if actions.first == .leaveQueue { left = call.now.instant }
        }
        #expect(also == Instant(nanoseconds: 180_000_000_000))
        #expect(left == Instant(nanoseconds: 300_000_000_000))
        #expect(call.machine.step == "nikt")
    }

    @Test func whoComesBackToAQueueKeepsTheTimeOfTheFirstWait() throws {
        let steps = """
            start: { queue: cicha, nobody: again, timeout: again, after_call: again }
            again: { menu: again, keys: { 1: start }, otherwise: koniec }
            """
        var call = TestCall(try Fixture.hotline(steps: steps))
        func since(_ actions: [IVRMachine.Action]) -> Instant? {
            actions.compactMap { if case .enqueue(let request) = $0 { request.since } else { nil } }.first
        }
        #expect(since(call.send(.entered)) == Instant(nanoseconds: 0))
        call.send(.queue(.timeout), after: .seconds(300))
        #expect(since(call.send(.digit("1"))) == Instant(nanoseconds: 0))
        call.send(.queue(.answered))
        call.send(.queue(.talkEnded), after: .seconds(60))
        #expect(since(call.send(.digit("1"))) == call.now.instant)
    }
}
