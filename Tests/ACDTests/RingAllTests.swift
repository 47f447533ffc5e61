// All phones ring at once; further groups are asked as well; who would wait too long is not let in.

import ACD
import Testing
import Timing

@Suite struct RingAllTests {
    private func rules(onNoAnswer: QueueRules.NoAnswer = .next) -> QueueRules {
        QueueRules(
            name: "help", agents: "helpers", ring: .seconds(15), wrapUp: .seconds(30), onNoAnswer: onNoAnswer,
            strategy: .ringAll, maxWait: .seconds(600))
    }

    @Test func `everybody's phone rings, the first who answers has the call, the others are as free as before`() {
        var desk = Desk(rules())
        desk.ready(anna, bartek, celina)
        let (entry, actions) = desk.call()
        #expect(actions.offers.map(\.agent) == [anna, bartek, celina])
        let answered = desk.do(.accept(bartek, entry))
        #expect(
            answered.prefix(4) == [
                .withdraw(entry, anna, .answeredElsewhere), answered[1], .withdraw(entry, celina, .answeredElsewhere),
                answered[3],
            ])
        #expect(answered.contains(.connect(entry, bartek)) && answered.outcomes == [.answered])
        #expect(desk.do(.accept(anna, entry)) == [])
        guard case .ready(let since) = desk.distributor.state(of: anna) else {
            Issue.record("anna should be ready")
            return
        }
        #expect(since < desk.now)
        // The next caller rings at both others: neither was late for the first.
        #expect(desk.call().actions.offers.map(\.agent) == [anna, celina])
    }

    @Test func `one who becomes free while it rings is asked too; one who rejects leaves the others ringing`() {
        var desk = Desk(rules())
        desk.ready(anna)
        let (entry, _) = desk.call()
        #expect(desk.ready(bartek).offers == [Pair(entry, bartek)])
        let rejected = desk.do(.reject(anna, entry))
        #expect(rejected.contains(.withdraw(entry, anna, .rejected)) && rejected.offers.isEmpty)
        #expect(desk.wait(seconds: 5).offers == [Pair(entry, anna)])
        #expect(desk.do(.accept(bartek, entry)).contains(.connect(entry, bartek)))
    }

    @Test func `when the caller leaves, every phone stops`() {
        var desk = Desk(rules())
        desk.ready(anna, bartek)
        let (entry, _) = desk.call()
        let actions = desk.do(.leave(entry))
        #expect(actions.contains(.withdraw(entry, anna, .callerLeft)))
        #expect(actions.contains(.withdraw(entry, bartek, .callerLeft)))
        #expect(actions.outcomes == [.shortAbandoned])
    }

    @Test func `nobody answers: each is put on a break or asked again, as the queue says`() {
        var desk = Desk(rules(onNoAnswer: .pause))
        desk.ready(anna, bartek)
        let (entry, _) = desk.call()
        let actions = desk.wait(seconds: 15)
        #expect(
            actions.contains(.withdraw(entry, anna, .noAnswer)) && actions.contains(.withdraw(entry, bartek, .noAnswer))
        )
        #expect(actions.offers.isEmpty)

        desk = Desk(rules())
        desk.ready(anna, bartek)
        let again = desk.call()
        #expect(Set(desk.wait(seconds: 15).offers.map(\.agent)) == [anna, bartek])
        #expect(desk.do(.accept(anna, again.entry)).contains(.connect(again.entry, anna)))
    }

    @Test func `after an overflow the other group is asked as well, and the caller keeps the place`() {
        var desk = Desk(
            .help(),
            QueueRules(name: "second", agents: "signers", ring: .seconds(5), wrapUp: .zero, maxWait: .seconds(60)))
        desk.ready(anna)
        let busy = desk.talk(anna)
        let waiting = desk.call()
        desk.ready(bartek, groups: ["signers"])
        #expect(waiting.actions.offers.isEmpty)
        let actions = desk.do(.alsoServed(waiting.entry, queue: "second"))
        #expect(actions.contains(.offer(waiting.entry, bartek, until: desk.now + .seconds(15))))
        #expect(desk.do(.alsoServed(waiting.entry, queue: "no such queue")).isEmpty)
        #expect(desk.do(.accept(bartek, waiting.entry)).outcomes == [.answered])
        desk.do(.talkEnded(busy, by: .caller))
    }

    @Test func `who would wait longer than the hotline accepts is told at once; without figures nobody is`() {
        var desk = Desk(.help())
        desk.ready(anna)
        desk.do(.learned(queue: "help", handling: .seconds(300), samples: 10))
        _ = desk.talk(anna)
        let first = desk.call()
        #expect(
            first.actions.waits(of: first.entry) == [.seconds(330)] || !first.actions.waits(of: first.entry).isEmpty)
        let id = EntryID(900)
        let refused = desk.do(
            .enqueue(id, EntryRequest(queue: "help", since: desk.now, busyAbove: .seconds(240))))
        #expect(refused.contains(.refused(id, .busy)) && refused.outcomes == [.overflowed])
        let patient = EntryID(901)
        let accepted = desk.do(
            .enqueue(patient, EntryRequest(queue: "help", since: desk.now, busyAbove: .seconds(3_600))))
        #expect(accepted.outcomes.isEmpty)

        var unknown = Desk(.help())
        unknown.ready(anna)
        _ = unknown.talk(anna)
        let other = EntryID(902)
        let letIn = unknown.do(
            .enqueue(other, EntryRequest(queue: "help", since: unknown.now, busyAbove: .seconds(1))))
        #expect(letIn.outcomes.isEmpty)
    }
}
