// Whatever comes in whatever order, also to the hotline with every kind of step.

import Foundation
import TestTools
import Testing
import Timing
import YAML

@testable import IVR

struct AnyInputTests {
    @Test func theHotlineWithEverythingIsCleanAndPassesItsTests() throws {
        let (hotline, findings) = Fixture.check(try Fixture.text(Fixture.path("everything.yaml")))
        #expect(findings.map(\.text) == [])
        let results = try #require(hotline).runTests()
        #expect(results.count >= 16)
        #expect(results.filter { !$0.hasPassed }.map(\.text) == [])
    }

    @Test func theExampleOfTheSpecificationIsCleanAndPassesItsElevenTests() throws {
        let (hotline, findings) = Fixture.check(try Fixture.text(Fixture.path("infolinia.yaml")))
        #expect(findings.map(\.text) == [])
        let results = try #require(hotline).runTests()
        #expect(results.count == 11)
        #expect(results.filter { !$0.hasPassed }.map(\.text) == [])
    }

    @Test func aQueueSaysHowItsCallersReachConsultants() throws {
        let queues = try #require(Fixture.check(try Fixture.text(Fixture.path("everything.yaml"))).0).queues
        let first = try #require(queues["pierwsza"])
        #expect(first.reducesNoise && !first.evensLevel)
        let second = try #require(queues["druga"])
        #expect(!second.reducesNoise && !second.evensLevel)
    }

    /// No trap, nothing after the end, a deadline wherever the machine does not wait for a person or the queue.
    @Test(arguments: 0..<150)
    func anyInputsInAnyOrderAreBorne(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let hotline = try #require(Self.hotline)
        var call = TestCall(hotline, from: random.roll(2) == 0 ? nil : "+48601000000")
        var isOver = false
        call.send(.entered)
        for _ in 0..<400 {
            let actions = call.send(input(&random), after: .milliseconds(random.roll(9_000)))
            if isOver { #expect(actions == []) }
            isOver = isOver || actions.contains { if case .hangUp = $0 { true } else { false } }
            switch call.machine.state {
            case .talking, .away, .over, .new: break
            case .saying, .choosing, .asking, .measuring, .waiting, .callingBack, .leavingMessage, .surveying,
                .transferring, .lookingUp, .parting:
                #expect(call.machine.deadline != nil)
            }
        }
        let left = call.send(.hungUp)
        #expect(left.allSatisfy { [.leaveQueue, .endMessage, .cancelTransfer].contains($0) })
        #expect(call.machine.deadline == nil)
        #expect(call.send(.digit("1")) == [])
    }

    private static let hotline = (try? Fixture.text(Fixture.path("everything.yaml"))).flatMap {
        Fixture.check($0).hotline
    }

    private func input(_ random: inout SeededGenerator) -> IVRMachine.Input {
        let ticket = Ticket(number: random.roll(12))
        let digits = Array("0123456789*#")
        switch random.roll(24) {
        case 0...8: return .digit(digits[random.roll(12)])
        case 9: return .played
        case 10: return random.roll(3) == 0 ? .notPlayed : .played
        case 11, 12: return .deadline
        case 13:
            return .load(
                ticket,
                [
                    "pierwsza": QueueLoad(
                        ahead: random.roll(99), wait: nil, hasNobody: false, isFull: random.roll(2) == 0)
                ])
        case 14: return .callback(ticket, random.roll(2) == 0 ? .accepted : .refused)
        case 15: return .messageRecorded(ticket)
        case 16: return .transferFailed(ticket)
        case 17:
            return .lookedUp(ticket, ["godzina": "x", "kwota": "\(random.roll(300))", "status": "gotowe", "nowe": "3"])
        case 18: return .lookupFailed(ticket)
        case 19: return random.roll(9) == 0 ? .transferred(ticket) : .queue(.busy)
        case 20:
            return .queue(
                .position(ahead: random.roll(9), wait: random.roll(2) == 0 ? nil : .seconds(random.roll(900))))
        case 21: return .queue([.full, .nobody, .timeout, .returned][random.roll(4)])
        case 22: return .queue(.answered)
        default: return .queue(.talkEnded)
        }
    }
}
