// The talk of an administrator who records prompts by telephone, in virtual time.

import Store
import Testing
import Timing

@testable import Calls

@Suite struct StudioDialogueTests {
    typealias Action = StudioDialogue.Action
    typealias Line = StudioDialogue.Line

    private static let line = Line(number: 7, language: "pl", text: "Dzień dobry.")

    /// A dialogue with a clock of its own.
    private struct Talk {
        var dialogue = StudioDialogue()
        var now = Instant(nanoseconds: 1_000)

        @discardableResult
        mutating func give(_ inputs: StudioDialogue.Input...) -> [StudioDialogue.Action] {
            var last: [StudioDialogue.Action] = []
            for input in inputs { last = dialogue.handle(input, now: now) }
            return last
        }

        @discardableResult
        mutating func press(_ keys: String) -> [StudioDialogue.Action] {
            keys.reduce([]) { $0 + dialogue.handle(.key($1), now: now) }
        }

        /// Nothing happens until the time is over that the dialogue grants.
        mutating func wait() throws -> [StudioDialogue.Action] {
            now = try #require(dialogue.deadline)
            return give(.deadline)
        }

        /// The caller is known and hears the menu.
        static func known() -> Talk {
            var talk = Talk()
            talk.give(.entered(isFull: false))
            talk.press("3#730519#")
            talk.give(.proved(.accepted(.polish, unrecorded: 2)), .played)
            return talk
        }

        /// The recording of a prompt is heard.
        static func reviewing() -> Talk {
            var talk = known()
            talk.press("#")
            talk.give(.found(line), .played)
            talk.press("#")
            talk.give(.polished, .played)
            return talk
        }
    }

    private func phrases(_ actions: [Action]) -> [StudioPhrase] {
        actions.flatMap { action in
            guard case .say(let speeches) = action else { return [StudioPhrase]() }
            return speeches.compactMap { if case .phrase(let phrase, _) = $0 { phrase } else { nil } }
        }
    }

    @Test func `number and PIN are asked for in both languages, then the account's is spoken`() {
        var talk = Talk()
        #expect(
            talk.give(.entered(isFull: false)) == [.say([.phrase(.askNumber, .polish), .phrase(.askNumber, .english)])])
        #expect(phrases(talk.press("3#")) == [.askPIN, .askPIN])
        #expect(talk.press("730519#") == [.silence, .silence, .prove(number: "3", pin: "730519")])
        #expect(
            talk.give(.proved(.accepted(.english, unrecorded: 2)))
                == [.say([.phrase(.unrecorded(2), .english), .phrase(.menu, .english)])])
    }

    @Test func `a prompt is heard, recorded after the tone, heard back, kept, and the next one follows`() {
        var talk = Talk.known()
        #expect(talk.press("#") == [.silence, .find(.next(after: 0))])
        #expect(
            talk.give(.found(Self.line))
                == [
                    .say([
                        .phrase(.prompt(number: 7, language: "pl"), .polish), .text("Dzień dobry.", language: "pl"),
                        .phrase(.speakAfterTone, .polish),
                    ])
                ])
        #expect(talk.give(.played) == [.record])
        #expect(talk.press("#") == [.finishRecording])
        #expect(talk.give(.polished) == [.say([.take, .phrase(.review, .polish)])])
        #expect(talk.press("1") == [.silence, .keep])
        #expect(talk.give(.kept(isHeard: true)) == [.silence, .find(.next(after: 7))])
        let next = Line(number: 9, language: "en", text: "Bye.")
        #expect(
            phrases(talk.give(.found(next))) == [.kept, .prompt(number: 9, language: "en"), .speakAfterTone])
    }

    @Test func `a prompt is chosen by its number, and one that is not there is said to be not`() {
        var talk = Talk.known()
        #expect(talk.press("12#") == [.silence, .silence, .find(.number(12))])
        #expect(phrases(talk.give(.found(nil))) == [.noSuchPrompt, .menu])
        #expect(talk.press("#").last == .find(.next(after: 0)))
        #expect(phrases(talk.give(.found(nil))) == [.nothingLeft, .menu])
    }

    @Test func `a star takes back digits, and ends the call where there are none`() {
        var talk = Talk.known()
        #expect(talk.press("45*7#").last == .find(.number(7)))
        talk.give(.found(Self.line))
        #expect(phrases(talk.press("*")) == [.goodbye])
        #expect(talk.give(.played) == [.hangUp])
        #expect(talk.dialogue.deadline == nil)
        #expect(talk.press("1#").isEmpty)
    }

    @Test(arguments: [("2", [Action.discard]), ("3", [.discard, .silence, .find(.next(after: 7))])])
    func `again and next forget what was recorded`(_ key: String, _ expected: [Action]) {
        var talk = Talk.reviewing()
        #expect(Array(talk.press(key).prefix(expected.count)) == expected)
    }

    @Test func `what was recorded again is recorded without the text before it`() {
        var talk = Talk.reviewing()
        #expect(phrases(talk.press("2")) == [.speakAfterTone])
        #expect(talk.give(.played) == [.record])
    }

    @Test func `silence ends a recording, and so does its greatest length`() throws {
        var talk = Talk.known()
        talk.press("#")
        talk.give(.found(Self.line), .played)
        var other = talk
        #expect(talk.give(.quiet) == [.finishRecording])
        #expect(talk.give(.quiet).isEmpty)
        let begin = other.now
        #expect(try other.wait() == [.finishRecording])
        #expect(other.now - begin == StudioDialogue.longestRecording)
    }

    @Test(arguments: [
        (StudioDialogue.Flaw.silent, StudioPhrase.silent), (.tooLong, .tooLong), (.technical, .technical),
    ])
    func `a recording that cannot be used is said to be so, and can be made again`(
        _ flaw: StudioDialogue.Flaw, _ phrase: StudioPhrase
    ) {
        var talk = Talk.known()
        talk.press("#")
        talk.give(.found(Self.line), .played, .quiet)
        #expect(phrases(talk.give(.flawed(flaw))) == [phrase, .retry])
        #expect(talk.press("1").isEmpty)
        #expect(phrases(talk.press("2")) == [.speakAfterTone])
    }

    @Test func `three wrong PINs end the call`() {
        var talk = Talk()
        talk.give(.entered(isFull: false))
        for _ in 1..<StudioDialogue.attempts {
            talk.press("3#111#")
            #expect(phrases(talk.give(.proved(.wrong))).prefix(2) == [.wrong, .askNumber])
        }
        talk.press("3#111#")
        #expect(phrases(talk.give(.proved(.wrong))).prefix(2) == [.wrong, .tooManyAttempts])
        #expect(talk.press("3#").isEmpty)
        #expect(talk.give(.played) == [.hangUp])
    }

    @Test(arguments: [
        (StudioDialogue.Proof.locked(.seconds(300)), StudioPhrase.locked(.seconds(300))), (.busy, .linesBusy),
        (.alreadyCalling, .alreadyCalling),
    ])
    func `every refusal is spoken before the call ends`(_ proof: StudioDialogue.Proof, _ phrase: StudioPhrase) {
        var talk = Talk()
        talk.give(.entered(isFull: false))
        talk.press("3#730519#")
        #expect(phrases(talk.give(.proved(proof))) == [phrase, phrase])
        #expect(talk.give(.played) == [.hangUp])
    }

    @Test func `who calls while too many record hears so`() {
        var talk = Talk()
        #expect(phrases(talk.give(.entered(isFull: true))) == [.linesBusy, .linesBusy])
        #expect(talk.press("3#").isEmpty)
        #expect(talk.give(.played) == [.hangUp])
    }

    @Test func `a question is asked three times, and a number typed without its hash counts`() throws {
        var talk = Talk()
        talk.give(.entered(isFull: false), .played)
        for _ in 1..<StudioDialogue.questions {
            #expect(phrases(try talk.wait()) == [.askNumber, .askNumber])
            talk.give(.played)
        }
        var other = talk
        #expect(phrases(try talk.wait()) == [.goodbye, .goodbye])
        other.press("3")
        #expect(phrases(try other.wait()) == [.askPIN, .askPIN])
    }

    @Test func `the call has an end, whatever is done in it, and what was not kept is forgotten`() {
        var talk = Talk()
        let begin = talk.now
        talk.give(.entered(isFull: false))
        talk.press("3#730519#")
        talk.give(.proved(.accepted(.polish, unrecorded: 2)), .played)
        talk.press("#")
        talk.give(.found(Self.line), .played)
        talk.now = begin + StudioDialogue.longestCall
        let actions = talk.give(.deadline)
        #expect(actions.first == .discard)
        #expect(phrases(actions) == [.timeIsUp])
    }

    @Test func `where an answer does not come the call ends, and it is ignored when it comes late`() throws {
        var talk = Talk.reviewing()
        talk.press("1")
        #expect(phrases(try talk.wait()) == [.technical])
        #expect(talk.give(.kept(isHeard: true)).isEmpty)
        #expect(try talk.wait() == [.hangUp], "a last sentence that is never over does not hold the call")
    }

    @Test func `no input in any order breaks it, and after the end nothing is done`() {
        var numbers = SystemRandomNumberGenerator()
        let inputs: [StudioDialogue.Input] =
            "0123456789*#ABCD".map { .key($0) } + [
                .entered(isFull: false), .played, .proved(.wrong), .proved(.accepted(.english, unrecorded: 0)),
                .found(Self.line), .found(nil), .quiet, .polished, .flawed(.silent), .kept(isHeard: false), .notKept,
                .notPermitted, .deadline,
            ]
        for _ in 0..<500 {
            var talk = Talk()
            var isOver = false
            for _ in 0..<60 {
                talk.now = talk.now + .milliseconds(Int64.random(in: 0...20_000, using: &numbers))
                let actions = talk.give(inputs[Int.random(in: inputs.indices, using: &numbers)])
                #expect(!isOver || actions.isEmpty)
                isOver = isOver || actions.contains(.hangUp)
            }
        }
    }
}

@Suite struct StudioPhraseTests {
    @Test(arguments: PageLanguage.allCases)
    func `every sentence is there in each language`(_ language: PageLanguage) {
        let phrases: [StudioPhrase] = [
            .askNumber, .askPIN, .wrong, .tooManyAttempts, .locked(.seconds(61)), .linesBusy, .alreadyCalling,
            .notPermitted, .unrecorded(3), .menu, .noSuchPrompt, .nothingLeft, .prompt(number: 1, language: "pl"),
            .prompt(number: 1, language: "en"), .speakAfterTone, .review, .retry, .silent, .tooLong, .kept,
            .keptUnheard, .technical, .timeIsUp, .goodbye,
        ]
        #expect(phrases.allSatisfy { $0.text(in: language).count > 4 })
        #expect(Set(phrases.map { $0.text(in: language) }).count == phrases.count)
    }

    @Test func `how long a lock lasts is said as a person would`() {
        #expect(StudioPhrase.locked(.seconds(300)).text(in: .polish).contains("za pięć minut."))
        #expect(StudioPhrase.locked(.seconds(30)).text(in: .polish).contains("za jedną minutę."))
        #expect(StudioPhrase.locked(.seconds(7_200)).text(in: .english).contains("in two hours."))
    }
}
