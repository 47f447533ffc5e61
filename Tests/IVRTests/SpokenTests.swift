// Numbers and times as they are spoken.

import Foundation
import Testing

@testable import IVR

struct SpokenTests {
    /// `language | text | values | sentence`, read by people who speak the language.
    private static let golden = (try? Fixture.text(Fixture.path("spoken.txt"))) ?? ""

    private struct Line {
        let language: String
        let text: String
        var values = SpokenValues(today: CivilDate("2026-02-03"))
        let sentence: String

        init?(_ line: Substring) {
            let parts = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 4 else { return nil }
            (language, text, sentence) = (parts[0], parts[1], parts[3])
            for pair in parts[2].split(separator: ";") {
                let sides = pair.split(separator: "=").map(String.init)
                guard sides.count == 2 else { return nil }
                switch sides[0] {
                case "ahead": values.ahead = Int(sides[1])
                case "wait": values.wait = Int(sides[1]).map { .seconds($0) }
                default: values.texts[sides[0]] = sides[1]
                }
            }
        }
    }

    @Test func sentencesAreSpokenAsOnTheList() {
        let lines = Self.golden.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count >= 200)
        for line in lines {
            guard let golden = Line(line) else {
                Issue.record("not a line of the list: \(line)")
                continue
            }
            let spoken = Template(golden.text).filled(golden.values, language: golden.language)
            #expect(spoken == golden.sentence, "\(line)")
        }
    }

    private static let hotline = """
        hotline: 1
        name: osoby
        timezone: Europe/Warsaw
        languages: [pl, en]
        numbers: ["+48 22 000 00 22"]
        start: q
        prompts:
          ile:
            pl: { count: ahead, one: "{ahead} osoba", few: "{ahead} osoby", many: "{ahead} osób" }
            en: { count: ahead, one: "{ahead} person", other: "{ahead} people" }
          zero:
            pl: { count: ahead, zero: "nikogo", one: "{ahead} osoba", few: "{ahead} osoby", many: "{ahead} osób" }
            en: { count: ahead, zero: "nobody", one: "{ahead} person", other: "{ahead} people" }
          miejsce: { any: "{position}." }
          koniec: { any: Koniec. }
        queues: { q: { agents: demo, max_wait: 5m, announce: { say: [ile, zero, miejsce] } } }
        steps:
          q: { queue: q, nobody: koniec, timeout: koniec }
          koniec: { hangup: koniec }
        """

    @Test func formsAreChosenByTheCount() throws {
        let hotline = try Fixture.hotline(Self.hotline)
        let few = [2: "dwie osoby", 3: "trzy osoby", 4: "cztery osoby", 22: "dwadzieścia dwie osoby"]
        for number in 0...30 {
            let values = SpokenValues(ahead: number)
            let many = PolishNumber.words(number, .feminine)
            let polish =
                number == 1 ? "jedna osoba" : few[number] ?? (many + ([23, 24].contains(number) ? " osoby" : " osób"))
            #expect(hotline.utterance("ile", language: "pl", values: values)?.text == polish)
            let english = EnglishNumber.words(number) + (number == 1 ? " person" : " people")
            #expect(hotline.utterance("ile", language: "en", values: values)?.text == english)
        }
        #expect(hotline.utterance("zero", language: "pl", values: SpokenValues(ahead: 0))?.text == "nikogo")
        #expect(
            hotline.utterance("zero", language: "pl", values: SpokenValues(ahead: 112))?.text == "sto dwanaście osób")
        #expect(hotline.utterance("ile", language: "pl", values: .none) == nil)
    }

    @Test func polishFormsFollowCLDR() {
        let few = (0...200).filter { PluralForm.of($0, language: "pl") == .few }
        #expect(few.allSatisfy { (2...4).contains($0 % 10) && !(12...14).contains($0 % 100) })
        #expect(few.count == 54)
        #expect((0...200).filter { PluralForm.of($0, language: "pl") == .one } == [1])
        #expect((0...200).filter { PluralForm.of($0, language: "en") == .one } == [1])
    }

    @Test func nobodyIsToldLessThanTheWaitIs() throws {
        var last = 0
        for seconds in 0...14_400 {
            let told = try #require(SpokenWait.minutes(.seconds(seconds)))
            #expect(told * 60 >= seconds)
            #expect(told >= last)
            last = told
        }
        #expect(SpokenWait.minutes(.milliseconds(60_001)) == 2)
        #expect(SpokenWait.minutes(.seconds(14_401)) == nil)
    }

    @Test func templatesKeepBracesThatAreNoValues() {
        #expect(Template("a {ahead} b").values == [SpokenValue(.plain, "ahead")])
        #expect(Template("otwarta { klamra").filled(.none, language: "pl") == "otwarta { klamra")
        #expect(Template("{}").pieces == [.unknown("")])
        #expect(Template("").filled(.none, language: "pl") == "")
    }

    @Test(arguments: [
        ("+48 22 000 00 01", "+48220000001"), ("0048 22-000.00.01", "+48220000001"), ("22 000 00 01", "+48220000001"),
        ("48220000001", "+48220000001"), ("tel:+48220000001", "+48220000001"), ("(22) 000/00 01", "+48220000001"),
        ("112", "112"), ("1001", "1001"), ("+1 212 555 0100", "+12125550100"),
    ])
    func numbersAreNormalised(written: String, number: String) {
        #expect(PhoneNumber.normalised(written) == number)
    }

    @Test(arguments: ["", "12", "demo", "+", "+48a", "+123456", "1234567890123456", "++48220000001", "１２３"])
    func whatIsNoNumberIsNone(written: String) {
        #expect(PhoneNumber.normalised(written) == nil)
    }
}
