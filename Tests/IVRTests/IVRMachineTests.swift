// One call's walk: prompts, keys, silence, languages, recording.

import Foundation
import Testing
import Timing

@testable import IVR

struct IVRMachineTests {
    private static let menu = """
        start: { say: a, then: m }
        m:
          menu: menu
          keys:
            1: { tag: jeden, then: koniec }
            12: { tag: dwanaście, then: koniec }
            2: { language: en, then: m2 }
            "*": m
          tries: 2
          timeout: 5s
          between_keys: 3s
          on_silence: a
          on_wrong: b
          otherwise: m2
        m2: { say: [a, b], interruptible: no, then: koniec }
        """

    private func call(_ steps: String = menu, more: String = "") throws -> TestCall {
        TestCall(try Fixture.hotline(steps: steps, more: more))
    }

    private func inMenu() throws -> TestCall {
        var call = try call()
        call.send(.entered)
        call.send(.played)
        return call
    }

    @Test func aPromptLeadsToTheNextStepWhenItWasHeard() throws {
        var call = try call()
        let actions = call.machine.handle(.entered, now: call.now)
        #expect(
            actions == [
                .language("pl"), .entered(step: "start", exit: nil),
                .play([Utterance(prompt: "a", language: "pl", text: "Ala.")]), .heard(prompt: "a"),
            ])
        #expect(call.send(.played).played == ["menu"])
        #expect(call.machine.step == "m")
        #expect(call.send(.entered) == [])
    }

    @Test func aStepIsEnteredByAnExitThatIsNamed() throws {
        var call = try inMenu()
        let actions = call.machine.handle(.digit("2"), now: call.now)
        #expect(actions.contains(.entered(step: "m2", exit: "key 2")), "\(actions)")
    }

    /// The machine knows an exit again by its place in the file.
    @Test(arguments: ["infolinia", "everything", "helpline"])
    func noTwoExitsOfAStepStandAtOnePlace(file: String) throws {
        let hotline = try Fixture.hotline(try Fixture.text(Fixture.path(file + ".yaml")))
        for step in hotline.steps.values {
            let places = hotline.exits(of: step).map(\.exit.position)
            #expect(Set(places).count == places.count, "\(step.name)")
        }
    }

    @Test func aDigitStopsThePromptAndActs() throws {
        var call = try inMenu()
        let actions = call.send(.digit("2"))
        #expect(actions.first == .silence)
        #expect(actions.played == ["a", "b"])
        #expect(call.machine.language == "en")
        #expect(
            actions.last
                == .play([
                    Utterance(prompt: "a", language: "en", text: "Alice."),
                    Utterance(prompt: "b", language: "en", text: "Be."),
                ]))
    }

    @Test func aDigitAfterThePromptActsWithoutSilencingAnything() throws {
        var call = try inMenu()
        call.send(.played)
        #expect(call.send(.digit("2"), after: .seconds(1)).played == ["a", "b"])
    }

    @Test func aDigitDuringTheWelcomeIsMeantForTheMenu() throws {
        var call = try call()
        call.send(.entered)
        let actions = call.send(.digit("2"))
        #expect(actions.first == .silence)
        #expect(call.machine.step == "m2")
    }

    @Test func digitsTypedAheadMakeOneChoice() throws {
        var call = try call(
            "start: { say: a, interruptible: no, then: m }\n"
                + Self.menu.split(separator: "\n").dropFirst().joined(separator: "\n"))
        call.send(.entered)
        #expect(call.send(.digit("1")) == [])
        #expect(call.send(.digit("2")) == [])
        #expect(call.send(.played).contains(.tag("dwanaście")))
    }

    @Test func keysOfSeveralDigitsWaitForTheNextOnlyWhereOneCouldFollow() throws {
        var call = try inMenu()
        #expect(call.send(.digit("1")) == [.silence])
        #expect(call.machine.deadline == call.now.instant + .seconds(3))
        #expect(call.send(.digit("2"), after: .seconds(2)).first == .tag("dwanaście"))
        call = try inMenu()
        call.send(.digit("1"))
        #expect(call.wait().first == .tag("jeden"))
        call = try inMenu()
        call.send(.digit("1"))
        #expect(call.send(.digit("5")).played == ["b", "menu"])
    }

    @Test func silenceIsRemarkedAndLeadsOnAfterTheLastTry() throws {
        var call = try inMenu()
        call.send(.played, after: .seconds(4))
        #expect(call.machine.deadline == call.now.instant + .seconds(5))
        #expect(call.wait().played == ["a", "menu"])
        call.send(.played, after: .seconds(4))
        #expect(call.wait().played == ["a", "b"])
        #expect(call.machine.step == "m2")
    }

    @Test func wrongKeysAreRemarkedAndCountAsTries() throws {
        var call = try inMenu()
        #expect(call.send(.digit("9")).played == ["b", "menu"])
        #expect(call.send(.digit("#")).played == ["a", "b"])
    }

    @Test func keysThatNoTelephoneHasAreIgnored() throws {
        var call = try inMenu()
        for digit: Character in ["A", "D", "x", "٣", "é", " "] { #expect(call.send(.digit(digit)) == []) }
        #expect(call.machine.step == "m")
    }

    @Test func aPromptThatMayNotBeInterruptedIsNot() throws {
        var call = try inMenu()
        call.send(.digit("2"))
        #expect(call.send(.digit("1")) == [])
        #expect(call.send(.played).played == ["b"])
        #expect(call.send(.digit("1")) == [])
        #expect(call.send(.played) == [.hangUp(.ended)])
        #expect(call.machine.deadline == nil)
    }

    @Test func deadlinesThatCameTooEarlyOrTooLateDoNoHarm() throws {
        var call = try inMenu()
        call.send(.played)
        #expect(call.send(.deadline, after: .seconds(4)) == [])
        #expect(call.send(.deadline, after: .seconds(1)).played == ["a", "menu"])
        call.send(.hungUp)
        #expect(call.send(.deadline, after: .seconds(100)) == [])
        #expect(call.send(.digit("1")) == [])
    }

    @Test func aPlayThatIsNeverOverDoesNotHoldTheCaller() throws {
        var call = try call()
        call.send(.entered)
        #expect(call.wait().played == ["menu"])
        call.wait()
        #expect(call.machine.deadline == call.now.instant + .seconds(5))
    }

    @Test func whoeverAgreesHearsTheNoticeToItsEnd() throws {
        let steps = """
            start: { say: a, then: zgoda }
            zgoda: { menu: notice, keys: { 1: { record: on, then: q }, 2: { record: off, then: q } }, otherwise: q }
            q: { queue: cicha, nobody: koniec, timeout: koniec }
            """
        var call = try call(steps)
        call.send(.entered)
        #expect(call.send(.digit("1")).played == ["notice"])  // typed ahead of the notice: no consent
        #expect(call.send(.digit("1")) == [])
        #expect(!call.machine.isRecordingOn)
        #expect(call.send(.played).first == .record(true))
        #expect(call.machine.isRecordingOn)

        call = try self.call(steps)
        call.send(.entered)
        call.send(.played)
        #expect(call.send(.digit("2")).prefix(2) == [.silence, .record(false)])

        call = try self.call(steps)
        call.send(.entered)
        call.send(.played)
        call.send(.digit("1"))
        #expect(call.send(.digit("2")).prefix(2) == [.silence, .record(false)])  // a change of mind
    }

    @Test(arguments: [IVRMachine.Input.notPlayed, .deadline])
    func aNoticeThatCouldNotBePlayedRecordsNobody(end: IVRMachine.Input) throws {
        let steps = """
            start: { menu: notice, keys: { 1: { record: on, then: again }, 2: { record: off, then: again } }, otherwise: again }
            again: { menu: notice, keys: { 1: { record: on, then: q }, 2: { record: off, then: q } }, otherwise: q }
            q: { voicemail: skrzynka, say: notice, then: koniec }
            """
        var call = try call(steps)
        call.send(.entered)
        call.send(.digit("1"))
        #expect(call.send(end, after: .seconds(90)).first == .record(false))
        call.send(.digit("1"))
        #expect(call.send(.played).first == .record(true))  // heard this time
        #expect(call.send(end, after: .seconds(90)).played == ["b"])  // no message without its notice
        #expect(call.machine.step == "koniec")
    }

    @Test func recordingByDefaultIsToldAtTheStart() throws {
        let hotline = try Fixture.hotline(
            steps: "start: { say: notice, then: koniec }", more: "recording: { default: on, from: queue }")
        var call = TestCall(hotline)
        #expect(call.send(.entered).first == .record(true))
        #expect(call.send(.digit("1")) == [])  // a notice is never interrupted
    }

    @Test func hoursChooseTheExit() throws {
        let steps = """
            start: { hours: urząd, open: a, closed: b, holiday: c }
            a: { say: a, then: koniec }
            b: { say: b, then: koniec }
            c: { say: [b, a], then: koniec }
            """
        let hotline = try Fixture.hotline(steps: steps)
        func heard(_ text: String) throws -> [String] {
            let time = try #require(LocalTime(text))
            var call = TestCall(hotline, at: hotline.zone.moment(of: time).unixMilliseconds)
            return call.send(.entered).played
        }
        #expect(try heard("2026-02-03 08:00") == ["a"])
        #expect(try heard("2026-02-03 16:00") == ["b"])
        #expect(try heard("2026-11-11 12:00") == ["b", "a"])
    }

    @Test func theSameCallTwiceIsTheSame() throws {
        let inputs: [IVRMachine.Input] = [.entered, .played, .digit("9"), .played, .digit("2"), .played, .played]
        func run() throws -> [[IVRMachine.Action]] {
            var call = try call()
            return inputs.map { call.machine.handle($0, now: call.now) }
        }
        #expect(try run() == run())
    }

    /// Whatever comes in whatever order: no trap, and nothing after the end.
    @Test(arguments: 0..<200)
    func anyInputsInAnyOrderAreBorne(seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ below: UInt64) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % below)
        }
        let steps =
            Self.menu.replacingOccurrences(of: "otherwise: m2", with: "otherwise: q")
            + "\nq: { queue: q, full: m, nobody: m, timeout: m, after_call: m }"
        var call = try call(steps)
        let inputs: [IVRMachine.Input] = [
            .entered, .played, .deadline, .digit("1"), .digit("2"), .digit("9"), .queue(.full), .queue(.nobody),
            .queue(.timeout), .queue(.answered), .queue(.talkEnded), .queue(.returned),
            .queue(.position(ahead: 3, wait: nil)), .queue(.position(ahead: 0, wait: .seconds(90))),
        ]
        var isOver = false
        for _ in 0..<300 {
            let actions = call.send(inputs[random(UInt64(inputs.count))], after: .milliseconds(random(7_000)))
            if isOver { #expect(actions == []) }
            isOver = isOver || actions.contains { if case .hangUp = $0 { true } else { false } }
        }
        call.send(.hungUp)
        #expect(call.machine.deadline == nil)
    }
}
