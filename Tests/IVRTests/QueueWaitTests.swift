// A caller in a queue: music, announcements, answers, exits.

import Testing
import Timing
import YAML

@testable import IVR

struct QueueWaitTests {
    private static let steps = """
        start: { menu: menu, keys: { 1: q, 2: { language: en, then: pilna }, 12: cicha, "*": q }, otherwise: q }
        q: { queue: q, nobody: nikt, timeout: długo, full: pełna, after_call: po }
        pilna: { queue: q, priority: 9, skills: [hasło, language], nobody: nikt, timeout: długo }
        cicha: { queue: cicha, nobody: nikt, timeout: długo }
        nikt: { say: a, then: koniec }
        długo: { say: b, then: koniec }
        pełna: { hangup: a }
        po: { say: [b, a], then: koniec }
        """

    private func waiting(_ keys: String = "*") throws -> TestCall {
        var call = TestCall(try Fixture.hotline(steps: Self.steps))
        call.send(.entered)
        for key in keys { call.send(.digit(key)) }
        return call
    }

    @Test func enteringAsksForAConsultantAndPlaysMusic() throws {
        var call = TestCall(try Fixture.hotline(steps: Self.steps))
        call.send(.entered)
        let request = QueueRequest(queue: "q", language: "pl", skills: ["pl"], priority: 1, since: call.now.instant)
        #expect(call.send(.digit("*")) == [.silence, .enqueue(request), .music(file: "m.wav")])
        #expect(call.machine.deadline == call.now.instant + .seconds(10))
    }

    @Test func theStepAddsSkillsAndItsPriority() throws {
        var call = TestCall(try Fixture.hotline(steps: Self.steps))
        call.send(.entered)
        let request = QueueRequest(
            queue: "q", language: "en", skills: ["en", "hasło"], priority: 9, since: call.now.instant)
        #expect(call.send(.digit("2")).contains(.enqueue(request)))
    }

    @Test func announcementsTellThePlaceAndReturnToTheMusic() throws {
        var call = try waiting()
        call.send(.queue(.position(ahead: 2, wait: .seconds(150))))
        let announcement = call.wait()
        #expect(
            announcement == [
                .play([
                    Utterance(prompt: "ahead", language: "pl", text: "dwie osoby."),
                    Utterance(prompt: "wait", language: "pl", text: "Czekanie: trzy minuty."),
                ]), .told(wait: .seconds(180)),
            ])
        #expect(call.send(.played, after: .seconds(4)) == [.music(file: "m.wav")])
        #expect(call.machine.deadline == call.now.instant + .seconds(30))
        call.send(.queue(.position(ahead: 1, wait: .seconds(30))))
        #expect(call.wait().played == ["ahead", "wait"])
    }

    @Test func aWaitThatCannotBeToldIsNotSpoken() throws {
        var call = try waiting()
        call.send(.queue(.position(ahead: 5, wait: nil)))
        #expect(call.wait().played == ["ahead"])
    }

    @Test func whatIsToldOfTheWaitIsNotedAsItIsSpokenAndSoIsThatWeCannotSay() throws {
        var call = try waiting()
        func told(_ actions: [IVRMachine.Action]) -> [Duration?] {
            actions.compactMap { if case .told(let wait) = $0 { .some(wait) } else { nil } }
        }
        call.send(.queue(.position(ahead: 5, wait: nil)))
        #expect(told(call.wait()) == [nil])
        call.send(.played)
        call.send(.queue(.position(ahead: 4, wait: .seconds(610))))
        #expect(told(call.wait()) == [.seconds(900)])
        call.send(.played)
        call.send(.queue(.position(ahead: 4, wait: .seconds(100_000))))
        #expect(told(call.wait()) == [.seconds(900)])
    }

    @Test func withoutNewsNothingIsAnnouncedAndTheMusicGoesOn() throws {
        var call = try waiting()
        #expect(call.wait() == [])
        #expect(call.machine.deadline == call.now.instant + .seconds(30))
    }

    @Test func aCallerIsNeverToldALongerWaitThanBefore() throws {
        var call = try waiting()
        func told(_ actions: [IVRMachine.Action]) -> String? {
            guard case .play(let utterances)? = actions.first else { return nil }
            return utterances.last?.text
        }
        call.send(.queue(.position(ahead: 1, wait: .seconds(180))))
        #expect(told(call.wait()) == "Czekanie: trzy minuty.")
        call.send(.played)
        call.send(.queue(.position(ahead: 2, wait: .seconds(500))))
        #expect(told(call.wait()) == "Czekanie: trzy minuty.")
        call.send(.played)
        call.send(.queue(.position(ahead: 0, wait: .seconds(40))))
        #expect(told(call.wait()) == "Czekanie: jedna minuta.")
    }

    @Test func aQueueThatForgetsTheCallerIsLeftAtLast() throws {
        var call = try waiting("12")
        #expect(call.machine.step == "cicha")
        #expect(call.machine.deadline == call.now.instant + .seconds(300 + 20 + 30))
        let actions = call.wait()
        #expect(actions.prefix(2) == [.leaveQueue, .silence])
        #expect(call.machine.step == "długo")
    }

    @Test(arguments: [
        (IVRMachine.QueueNews.full, "pełna", "a"), (.nobody, "nikt", "a"), (.timeout, "długo", "b"),
    ])
    func everyRefusalHasItsExit(news: IVRMachine.QueueNews, step: String, prompt: String) throws {
        var call = try waiting()
        let actions = call.send(.queue(news))
        #expect(actions.first == .silence)
        #expect(actions.played == [prompt])
        #expect(call.machine.step == step)
    }

    @Test func anAnswerSilencesMusicAndAnnouncements() throws {
        var call = try waiting()
        #expect(call.send(.queue(.answered)) == [.silence])
        #expect(call.machine.deadline == nil)
        call = try waiting()
        call.send(.queue(.position(ahead: 1, wait: nil)))
        call.wait()
        #expect(call.send(.queue(.answered)) == [.silence])
        #expect(call.send(.digit("1")) == [])
        #expect(call.send(.played) == [])
        #expect(call.send(.queue(.timeout)) == [])
    }

    @Test func afterTheTalkTheCallGoesOnWhereTheFileSays() throws {
        var call = try waiting()
        call.send(.queue(.answered))
        #expect(call.send(.queue(.talkEnded), after: .seconds(90)).played == ["b", "a"])
        #expect(call.machine.step == "po")
    }

    @Test func afterTheTalkTheCallEndsWhereTheFileSaysNothing() throws {
        var call = try waiting("12")
        call.send(.queue(.answered))
        #expect(call.send(.queue(.talkEnded)) == [.hangUp(.consultantEnded)])
    }

    @Test func aCallerWhoseConsultantWasLostHearsMusicAgain() throws {
        var call = try waiting()
        call.send(.queue(.answered))
        #expect(call.send(.queue(.returned), after: .seconds(30)) == [.music(file: "m.wav")])
        call.send(.queue(.position(ahead: 0, wait: nil)))
        #expect(call.wait().played == ["ahead"])
        #expect(call.send(.queue(.answered)) == [.silence])
    }

    @Test func whoHangsUpWhileWaitingLeavesTheQueue() throws {
        var call = try waiting()
        #expect(call.send(.hungUp) == [.leaveQueue])
        call = try waiting()
        call.send(.queue(.answered))
        #expect(call.send(.hungUp) == [])
    }

    @Test func keysWhileWaitingDoNothing() throws {
        var call = try waiting()
        #expect(call.send(.digit("1")) == [])
        #expect(call.machine.step == "q")
    }

    /// Such a file does not load (E016); should one get here, the call ends instead of the server.
    @Test func aRoundWithoutTheCallerEnds() throws {
        let queue = Reference(name: "q", position: .start)
        let exit = Exit(step: "start", position: .start)
        let good = try Fixture.hotline(steps: Self.steps)
        let round = Step(
            name: "start", position: .start,
            kind: .queue(QueueStep(queue: queue, full: exit, nobody: exit, timeout: exit)))
        var call = TestCall(good.replacing(round))
        call.send(.entered)
        var turns = 0
        while call.send(.queue(.nobody)).last != .hangUp(.stuck), turns < 1_000 { turns += 1 }
        #expect(turns < 100)
    }
}

extension Hotline {
    fileprivate func replacing(_ step: Step) -> Hotline {
        var steps = steps
        steps[step.name] = step
        return Hotline(
            name: name, title: title, timeZone: timeZone, languages: languages, numbers: numbers, recording: recording,
            queues: queues, mailboxes: mailboxes, numbersPosition: numbersPosition, file: file, text: text, zone: zone,
            calendars: calendars,
            prompts: prompts, steps: steps, start: start, tests: [], outline: outline)
    }
}
