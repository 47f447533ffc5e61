// The words of in-file tests: each comes true where it should, and only there.

import Testing
import YAML

@testable import IVR

struct TestLanguageTests {
    private static let steps = """
        start: { menu: menu, keys: { 1: { tag: jeden, record: on, then: q }, 2: poczta, 12: oddzwoń, "*": dalej }, otherwise: ankieta }
        q: { queue: q, nobody: poczta, timeout: poczta, after_call: ankieta }
        poczta: { voicemail: skrzynka, say: notice, then: koniec }
        oddzwoń: { callback: q, no_number: poczta, then: koniec }
        dalej: { transfer: "22 100 00 00", failed: koniec }
        ankieta: { survey: s, questions: [{ say: again, keys: 1-1, name: p }], then: koniec }
        """

    private func passes(_ test: String) throws -> Bool {
        let text = Fixture.text(steps: Self.steps, more: "\ntests: [{ test: t, \(test) }]\n")
            .replacing("a: { pl", with: "nagramy: { notice: recording, any: Nagramy. }\n  a: { pl")
            .replacing("start: start", with: "start: wstęp").replacing(
                "  start: {", with: "  wstęp: { say: nagramy, then: start }\n  start: {")
        let (hotline, findings) = Fixture.check(text)
        let checked = try #require(hotline, "\(findings.map(\.text).joined(separator: "\n"))")
        return try #require(checked.runTests().first).hasPassed
    }

    @Test(arguments: [
        ("caller: [press 1], expect: [hear menu, tag jeden, queue q pl, recording on]", true),
        ("caller: [press 1], expect: [tag jeden, hear menu]", false),
        ("caller: [press 1], expect: [recording off]", false),
        ("caller: [press 2], expect: [voicemail skrzynka, hang up]", true),
        ("caller: [press 2, hang up], expect: [hear notice]", true),
        ("caller: [press 1], expect: [voicemail skrzynka]", false),
        ("caller: [press 12], expect: [callback q pl, hang up]", true),
        ("from: anonymous, caller: [press 12], expect: [callback q pl]", false),
        ("from: anonymous, caller: [press 12], expect: [voicemail skrzynka]", true),
        ("caller: [press *], expect: [\"transfer +48 22 100 00 00\"]", true),
        ("caller: [press *], expect: [hang up]", false),
        ("given: { failed dalej: yes }, caller: [press *], expect: [transfer 221000000, hang up]", true),
        ("caller: [press 1, talk, press 1], expect: [answer p 1, hang up]", true),
        ("caller: [press 1, talk, press 5, silence], expect: [answer p 1]", false),
        ("caller: [silence, silence, silence], expect: [step ankieta]", true),
        ("given: { nobody q: yes }, caller: [press 1], expect: [voicemail skrzynka]", true),
        ("given: { full q: yes }, caller: [press 1], expect: [voicemail skrzynka]", true),
        ("given: { wait q: 6m }, caller: [press 1], expect: [voicemail skrzynka]", true),
        (
            "given: { wait q: 1m, ahead q: 3 }, caller: [press 1, talk], expect: [hear ahead, hear wait, step ankieta]",
            true
        ),
        ("caller: [press 1, hang up], expect: [step ankieta]", false),
    ])
    func wordsComeTrueOrNot(test: String, isTrue: Bool) throws {
        #expect(try passes(test) == isTrue)
    }

    /// Measured in a release build; here it is only printed.
    @Test func manyTestsRunInOneSecond() throws {
        let (hotline, _) = Fixture.check(try Fixture.text(Fixture.path("infolinia.yaml")))
        let checked = try #require(hotline)
        let rounds = 91
        let time = ContinuousClock().measure { for _ in 0..<rounds { _ = checked.runTests() } }
        print("\(rounds * 11) tests of a file take \(time)")
    }
}
