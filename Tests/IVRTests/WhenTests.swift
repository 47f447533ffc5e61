// Branches on what the caller typed, who calls, and how full the queues are.

import Testing
import Timing

@testable import IVR

struct WhenTests {
    private func step(_ condition: String, from number: String? = "+48221000000", value: String? = "12") throws
        -> String?
    {
        let hotline = try Fixture.hotline(
            steps: """
                start: { ask: a, digits: 1-20, into: x, then: wybór, otherwise: wybór }
                wybór: { when: [{ if: \(condition), then: tak }], otherwise: nie }
                tak: { say: a, then: koniec }
                nie: { say: b, then: koniec }
                """)
        var call = TestCall(hotline, from: number)
        call.send(.entered)
        if let value {
            for digit in value + "#" { call.send(.digit(digit)) }
        } else {
            for _ in 0..<6 { call.wait() }
        }
        return call.machine.step
    }

    @Test(arguments: [
        ("x is 12", "tak"), ("x is 13", "nie"), ("x is not 13", "tak"), ("x is not 12", "nie"), ("x is known", "tak"),
        ("x is unknown", "nie"), ("x is not known", "nie"), ("x begins 1", "tak"), ("x begins 2", "nie"),
        ("x above 11", "tak"), ("x above 12", "nie"), ("x below 12,5", "tak"), ("x below 12", "nie"),
        ("caller is anonymous", "nie"), ("caller is not anonymous", "tak"), ("caller begins +48 22", "tak"),
        ("caller is 22 100 00 00", "tak"), ("caller is not 22 100 00 00", "nie"), ("called is demo", "tak"),
        ("language is pl", "tak"), ("language is en", "nie"),
    ])
    func conditionsHoldOrNot(condition: String, step: String) throws {
        #expect(try self.step("\"\(condition)\"") == step)
    }

    @Test(arguments: [
        ("x is 12", "nie"), ("x is not 12", "tak"), ("x is unknown", "tak"), ("x above 0", "nie"),
        ("x begins 1", "nie"),
        ("caller is anonymous", "tak"), ("caller begins +48", "nie"),
    ])
    func ofWhatIsNotKnownOnlyThatIsTrue(condition: String, step: String) throws {
        #expect(try self.step("\"\(condition)\"", from: nil, value: nil) == step)
    }

    private static let load = """
        start:
          when:
            - { if: nobody q, then: a }
            - { if: full q, then: a }
            - { if: wait q above 10m, then: b }
            - { if: ahead cicha above 3, then: b }
          otherwise: koniec
        a: { say: a, then: koniec }
        b: { say: b, then: koniec }
        """

    private func measuring() throws -> (TestCall, Ticket) {
        var call = TestCall(try Fixture.hotline(steps: Self.load))
        guard case .measure(let ticket, let queues)? = call.send(.entered).first else {
            Issue.record("the load is not asked for")
            return (call, Ticket(number: 0))
        }
        #expect(queues == ["cicha", "q"])
        return (call, ticket)
    }

    @Test func theLoadOfQueuesIsAskedForOnce() throws {
        func decided(_ q: QueueLoad, _ cicha: QueueLoad?) throws -> String? {
            var (call, ticket) = try measuring()
            call.send(.load(ticket, cicha.map { ["q": q, "cicha": $0] } ?? ["q": q]))
            return call.machine.step
        }
        let calm = QueueLoad(ahead: 0, wait: nil, hasNobody: false, isFull: false)
        #expect(try decided(calm, calm) == "koniec")
        #expect(try decided(calm, nil) == "koniec")
        #expect(try decided(QueueLoad(ahead: 0, wait: nil, hasNobody: true, isFull: false), calm) == "a")
        #expect(try decided(QueueLoad(ahead: 9, wait: nil, hasNobody: false, isFull: true), calm) == "a")
        #expect(try decided(QueueLoad(ahead: 0, wait: .seconds(601), hasNobody: false, isFull: false), calm) == "b")
        #expect(try decided(calm, QueueLoad(ahead: 4, wait: nil, hasNobody: false, isFull: false)) == "b")
    }

    @Test func anAnswerToAnotherQuestionAndNoAnswerAtAllAreBorne() throws {
        var (call, ticket) = try measuring()
        let nobody = ["q": QueueLoad(ahead: 0, wait: nil, hasNobody: true, isFull: false)]
        #expect(call.send(.load(Ticket(number: ticket.number + 1), nobody)) == [])
        #expect(call.machine.deadline == call.now.instant + .seconds(2))
        call.wait()
        #expect(call.machine.step == "koniec")
        #expect(call.send(.load(ticket, nobody)) == [])
    }

    @Test func aKeyPressedMeanwhileIsForTheNextMenu() throws {
        let steps =
            Self.load.replacing("otherwise: koniec", with: "otherwise: m")
            + "\nm: { menu: menu, keys: { 1: koniec, 2: a, 12: b, \"*\": b }, otherwise: koniec }"
        var call = TestCall(try Fixture.hotline(steps: steps))
        call.send(.entered)
        #expect(call.send(.digit("2")) == [])
        call.wait()
        #expect(call.machine.step == "a")
    }
}
