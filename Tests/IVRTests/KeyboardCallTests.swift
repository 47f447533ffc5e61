// A hotline walked with the keyboard.

import Testing
import YAML

@testable import IVR

struct KeyboardCallTests {
    private func call(_ steps: String) throws -> KeyboardCall {
        KeyboardCall(
            try Fixture.hotline(steps: steps), caller: "+48600000000", unixMilliseconds: Fixture.tuesday, language: .en)
    }

    private func plain(_ lines: [String]) -> [String] { lines.map { String($0.dropFirst(10)) } }

    @Test func textsAndStepsAreShownWithTheTimeOnTheWall() throws {
        var call = try call("start: { say: a, then: koniec }")
        #expect(call.begin() == ["10:00:00  language: pl", "10:00:00  [start]", "10:00:00  „Ala.”"])
        let heard = call.type("")
        #expect(plain(heard) == ["[koniec]", "„Be.”"])
        #expect(heard[0].hasPrefix("10:00:00") && !call.isOver)
        #expect(plain(call.type("")) == ["(the hotline hangs up)"])
        #expect(call.isOver && call.type("1") == [])
    }

    @Test func keysActAndWaitingLetsTimePass() throws {
        var call = try call(
            "start: { menu: again, keys: { 1: koniec, 2: start }, timeout: 5s, tries: 2, otherwise: koniec }")
        _ = call.begin()
        #expect(plain(call.type("2")).contains("[start]"))
        _ = call.type("")
        #expect(plain(call.type("")).first == "(silence, 5 s)")
        #expect(plain(call.type("1")).contains("[koniec]"))
    }

    @Test func aConsultantAnswersAndHangsUp() throws {
        var call = try call(
            """
            start: { queue: q, nobody: koniec, timeout: koniec, after_call: dalej }
            dalej: { say: a, then: koniec }
            """)
        #expect(plain(call.begin()).contains("→ queue q [pl]"))
        #expect(call.prompt.contains("a: a consultant answers"))
        #expect(plain(call.type("a")) == ["(a consultant answers)"])
        #expect(plain(call.type("e")).contains("[dalej]"))
    }

    @Test func aFullQueueAndNobodyThereLeadOn() throws {
        var call = try call("start: { queue: q, full: koniec, nobody: koniec, timeout: koniec }")
        _ = call.begin()
        #expect(plain(call.type("n")).contains("[koniec]"))
        call = try self.call("start: { queue: q, full: koniec, nobody: koniec, timeout: koniec }")
        _ = call.begin()
        #expect(plain(call.type("f")).contains("[koniec]"))
    }

    @Test func secretsAreNotShown() throws {
        var call = try call(
            "start: { ask: a, digits: 4, secret: yes, into: pin, then: koniec, otherwise: koniec }")
        _ = call.begin()
        let lines = call.type("1234")
        #expect(plain(lines).first == "(••••)" && !lines.joined().contains("1234"))
        #expect(plain(lines).contains("[koniec]"))
    }

    @Test func messagesTransfersCallbacksAndLookupsAreAnsweredByHand() throws {
        var call = try call("start: { voicemail: skrzynka, say: notice, then: koniec }")
        _ = call.begin()
        #expect(plain(call.type("")) == ["(tone) → mailbox skrzynka"])
        #expect(plain(call.type("#")).contains("[koniec]"))

        call = try self.call("start: { transfer: \"22 100 00 00\", failed: koniec }")
        #expect(plain(call.begin()).contains("→ transfer: +48221000000"))
        #expect(plain(call.type("n")).contains("[koniec]"))

        call = try self.call("start: { callback: q, say: a, no_number: koniec, then: koniec }")
        #expect(plain(call.begin()).suffix(2) == ["→ to be called back: +48600000000", "„Ala.”"])

        call = try self.call(
            """
            start: { lookup: "https://example.org/x", into: [kto, kiedy], within: 2s, then: dalej, failed: koniec }
            dalej: { when: [{ if: kto is Jan Nowak, then: koniec }], otherwise: inny }
            inny: { say: a, then: koniec }
            """)
        #expect(plain(call.begin()).contains("→ lookup: https://example.org/x"))
        let found = plain(call.type("kto=Jan Nowak kiedy=jutro"))
        #expect(found.contains("[dalej]") && found.contains("[koniec]") && !found.contains("[inny]"))
    }

    @Test func whatIsNotUnderstoodIsSaidAndChangesNothing() throws {
        var call = try call("start: { say: a, then: koniec }")
        _ = call.begin()
        #expect(call.type("xyz") == ["? " + call.prompt])
        #expect(plain(call.hangUp()) == ["(the caller hangs up)"])
        #expect(call.isOver && call.hangUp() == [])
    }
}
