// Digits that callers type: numbers, ends, checks, secrets.

import Testing
import Timing
import YAML

@testable import IVR

struct AskTests {
    private static let steps = """
        start: { say: a, then: numer }
        numer: { ask: a, digits: 4-6, into: numer, tries: 2, timeout: 7s, between_keys: 3s, on_silence: b, on_wrong: again, then: dalej, otherwise: koniec }
        dalej: { menu: menu, keys: { 1: koniec, 2: koniec, 12: koniec, "*": koniec }, otherwise: koniec }
        """

    private func asked(_ steps: String = steps) throws -> TestCall {
        var call = TestCall(try Fixture.hotline(steps: steps))
        call.send(.entered)
        call.send(.played)
        return call
    }

    private func type(_ digits: String, _ call: inout TestCall) -> [IVRMachine.Action] {
        digits.flatMap { call.send(.digit($0), after: .milliseconds(500)) }
    }

    @Test func theEndKeyEndsTheDigits() throws {
        var call = try asked()
        #expect(type("1234", &call) == [.silence])
        #expect(call.machine.deadline == call.now.instant + .seconds(3))
        #expect(call.send(.digit("#")).played == ["menu"])
        #expect(call.machine.values["numer"]?.text == "1234")
    }

    @Test func theLastDigitThatFitsEndsThemAndALateEndKeyMeansNothing() throws {
        var call = try asked()
        #expect(type("123456", &call).played == ["menu"])
        #expect(call.send(.digit("#")) == [])
        #expect(call.send(.digit("#")).played == ["menu"])  // a wrong key now
    }

    @Test func aPauseEndsThem() throws {
        var call = try asked()
        _ = type("12345", &call)
        #expect(call.wait().played == ["menu"])
        #expect(call.machine.values["numer"]?.text == "12345")
    }

    @Test func tooFewDigitsAreWrongAndSilenceIsSilence() throws {
        var call = try asked()
        call.send(.played)
        #expect(call.machine.deadline == call.now.instant + .seconds(7))
        #expect(call.wait().played == ["b", "a"])
        #expect(type("12#", &call).played == ["b"])
        #expect(call.machine.step == "koniec")
        #expect(call.machine.values.isEmpty)
        call = try asked()
        #expect(type("12#", &call).played == ["again", "a"])
    }

    @Test func theStarBeginsAnew() throws {
        var call = try asked()
        #expect(type("99*1234#", &call).played == ["menu"])
        #expect(call.machine.values["numer"]?.text == "1234")
    }

    @Test func digitsTypedAheadCountWithTheirEndKey() throws {
        var call = TestCall(
            try Fixture.hotline(
                steps: Self.steps.replacing("start: { say: a,", with: "start: { say: a, interruptible: no,")))
        call.send(.entered)
        #expect(type("123456#2", &call) == [])
        call.send(.played)
        #expect(call.machine.step == "koniec")
        #expect(call.machine.values["numer"]?.text == "123456")
    }

    @Test func aNoticeInTheQuestionIsHeardToItsEnd() throws {
        var call = try asked(Self.steps.replacing("ask: a", with: "ask: notice, end: none"))
        #expect(type("1234", &call) == [])
        call.send(.played)
        _ = type("1234", &call)
        #expect(call.wait().played == ["menu"])
    }

    private static let secret = """
        start: { say: a, interruptible: no, then: kod }
        kod: { ask: b, digits: 5, into: kod, secret: yes, tries: 2, then: sprawdź, otherwise: koniec }
        sprawdź: { when: [{ if: kod begins 97, then: pytaj }], otherwise: koniec }
        pytaj: { lookup: "https://example.org/x?k={called}", send: [kod, caller], then: powiedz, failed: koniec }
        powiedz: { say: a, then: koniec }
        """

    @Test func aSecretIsMaskedUntilItWasTyped() throws {
        var call = TestCall(try Fixture.hotline(steps: Self.secret))
        call.send(.entered)
        #expect(type("97", &call) == [])
        #expect(call.send(.played).first == .secret(true))  // what was typed ahead is forgotten
        #expect(type("1111#", &call).played == ["b"])
        let actions = type("97531", &call)
        #expect(actions.prefix(2) == [.silence, .secret(false)])
        #expect(actions.count { $0 == .secret(false) } == 1)
        #expect(call.machine.step == "pytaj")
    }

    /// Whatever is printed of the machine and its actions, no digit of the secret is in it.
    @Test func aSecretIsNowhereToBeRead() throws {
        var call = TestCall(try Fixture.hotline(steps: Self.secret), from: "+48601000000")
        var printed = ""
        var actions: [IVRMachine.Action] = []
        func note(_ new: [IVRMachine.Action]) {
            actions += new
            printed += "\(new) \(String(reflecting: new)) \(String(reflecting: call.machine))"
            dump(call.machine, to: &printed)
            dump(new, to: &printed)
        }
        note(call.send(.entered))
        note(call.send(.played))
        for digit in "97531" { note(call.send(.digit(digit))) }
        let lookups = actions.compactMap { action in
            if case .lookup(let request) = action { request } else { nil }
        }
        #expect(lookups.first?.body["kod"] == CallValue("97531", isSecret: true))
        for part in ["9753", "7531"] { #expect(!printed.contains(part)) }
        #expect(printed.contains("•••"))
    }

    @Test func aSecretCannotBeSpokenNorPutIntoAnAddress() {
        let text = Fixture.text(steps: Self.secret)
            .replacing("k={called}", with: "k={kod}").replacing(
                "a: { pl: Ala., en: Alice. }", with: "a: { any: \"{kod}\" }")
        let findings = Fixture.check(text).findings
        #expect(findings.map(\.code) == ["E026", "E026"])
    }

    @Test func inATestASecretIsNotWrittenDown() throws {
        let hotline = try Fixture.hotline(
            steps: Self.secret, more: "\ntests: [{ test: kod, caller: [press 97531], expect: [hear notice] }]\n"
        )
        let result = try #require(hotline.runTests().first)
        #expect(!result.text.contains("97531"))
        #expect(result.text.contains("(presses •••••)"))
    }
}

struct DigitCheckTests {
    private static let numbers: [(check: DigitCheck, digits: String, value: String?)] = [
        (.pesel, "44051401359", "44051401359"), (.pesel, "02270812350", "02270812350"), (.pesel, "02270812359", nil),
        (.pesel, "44051401358", nil), (.pesel, "00000000000", nil), (.pesel, "4405140135", nil),
        (.nip, "5260250274", "5260250274"), (.nip, "5260250275", nil), (.nip, "0000000000", nil),
        (.regon, "123456785", "123456785"), (.regon, "123456784", nil), (.regon, "000000000", nil),
        (.regon, "23511332857188", "23511332857188"), (.regon, "23511332857189", nil),
        (.date, "01052026", "2026-05-01"), (.date, "29022026", nil), (.date, "29022028", "2028-02-29"),
        (.date, "1052026", nil), (.phone, "601000000", "+48601000000"), (.phone, "0048601000000", "+48601000000"),
        (.phone, "0601000000", "+48601000000"), (.phone, "01234567890", nil), (.phone, "112", nil),
        (.phone, "12345678", nil),
    ]

    @Test func numbersAreChecked() {
        for (check, digits, value) in Self.numbers { #expect(check.value(of: digits) == value, "\(check) \(digits)") }
    }

    /// Every slip of one digit and every swap of neighbours in a PESEL whose digits differ changes the sum.
    @Test func aSlipInAPESELIsSeen() {
        let good = Array("44051401359")
        for index in good.indices {
            for digit in "0123456789" where digit != good[index] {
                var bad = good
                bad[index] = digit
                #expect(DigitCheck.pesel.value(of: String(bad)) == nil)
            }
        }
    }
}
