// Numbers and times as they are spoken.

import Testing

@testable import IVR

struct SpokenTests {
    private static let wordings: [(number: Int, polish: String)] = [
        (0, "0 osób"), (1, "jedna osoba"), (2, "dwie osoby"), (3, "3 osoby"), (4, "4 osoby"), (5, "5 osób"),
        (6, "6 osób"), (7, "7 osób"), (8, "8 osób"), (9, "9 osób"), (10, "10 osób"), (11, "11 osób"), (12, "12 osób"),
        (13, "13 osób"), (14, "14 osób"), (15, "15 osób"), (16, "16 osób"), (17, "17 osób"), (18, "18 osób"),
        (19, "19 osób"), (20, "20 osób"), (21, "21 osób"), (22, "dwadzieścia dwie osoby"), (23, "23 osoby"),
        (24, "24 osoby"), (25, "25 osób"), (26, "26 osób"), (27, "27 osób"), (28, "28 osób"), (29, "29 osób"),
        (30, "30 osób"),
    ]

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

    @Test func numbersFromZeroToThirtyAreSpokenRightInPolish() throws {
        let hotline = try Fixture.hotline(Self.hotline)
        for (number, words) in Self.wordings {
            let values = SpokenValues(ahead: number)
            #expect(hotline.utterance("ile", language: "pl", values: values)?.text == words)
            let english = number == 1 ? "1 person" : "\(number) people"
            #expect(hotline.utterance("ile", language: "en", values: values)?.text == english)
            #expect(hotline.utterance("miejsce", language: "pl", values: values)?.text == "\(number + 1).")
        }
        #expect(hotline.utterance("zero", language: "pl", values: SpokenValues(ahead: 0))?.text == "nikogo")
        #expect(hotline.utterance("zero", language: "pl", values: SpokenValues(ahead: 112))?.text == "112 osób")
        #expect(hotline.utterance("ile", language: "pl", values: .none) == nil)
    }

    @Test func polishFormsFollowCLDR() {
        let few = (0...200).filter { PluralForm.of($0, language: "pl") == .few }
        #expect(few.allSatisfy { (2...4).contains($0 % 10) && !(12...14).contains($0 % 100) })
        #expect(few.count == 54)
        #expect((0...200).filter { PluralForm.of($0, language: "pl") == .one } == [1])
        #expect((0...200).filter { PluralForm.of($0, language: "en") == .one } == [1])
    }

    @Test(arguments: [
        (0, "jedna minuta", "1 minute"), (1, "jedna minuta", "1 minute"), (60, "jedna minuta", "1 minute"),
        (61, "dwie minuty", "2 minutes"), (150, "3 minuty", "3 minutes"), (240, "4 minuty", "4 minutes"),
        (241, "5 minut", "5 minutes"), (600, "10 minut", "10 minutes"), (601, "15 minut", "15 minutes"),
        (1_300, "25 minut", "25 minutes"), (1_801, "40 minut", "40 minutes"), (3_600, "60 minut", "60 minutes"),
        (3_601, "ponad godzina", "more than an hour"), (1_000_000, "ponad godzina", "more than an hour"),
    ])
    func waitsAreRoundedUpAsAPersonWould(seconds: Int, polish: String, english: String) {
        #expect(SpokenWait.words(.seconds(seconds), language: "pl") == polish)
        #expect(SpokenWait.words(.seconds(seconds), language: "en") == english)
    }

    @Test func templatesKeepBracesThatAreNoValues() {
        #expect(Template("a {ahead} b").values == [.ahead])
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
