// What a reload would change, in sentences.

import Testing
import YAML

@testable import IVR

struct DifferenceTests {
    private static let old = """
        hotline: 1
        name: próba
        timezone: Europe/Warsaw
        languages: [pl]
        numbers: ["+48 22 000 00 20", "22 000-00-21"]
        start: start
        calendars: { biuro: { week: { mon-fri: 08:00-16:00 } } }
        prompts:
          a: { pl: Ala ma kota. }
          b: { pl: Dziękujemy za telefon do urzędu miasta i zapraszamy ponownie w godzinach pracy urzędu. }
          menu: { any: "Naciśnij 1, naciśnij 2." }
        queues: { q: { agents: demo, ring: 10s, max_wait: 5m, music: m.wav } }
        mailboxes: { m: { to: tickets } }
        steps:
          start: { menu: menu, keys: { 1: q, 2: godziny }, tries: 2, otherwise: q }
          godziny: { hours: biuro, open: q, closed: koniec }
          q: { queue: q, nobody: koniec, timeout: koniec }
          koniec: { hangup: b }
        tests: [{ test: jeden, caller: [press 1], expect: [step q] }]
        """

    private func difference(_ changes: [(String, String)]) throws -> HotlineDifference {
        let new = changes.reduce(Self.old) { text, change in
            #expect(text.contains(change.0), "\(change.0)")
            return text.replacing(change.0, with: change.1)
        }
        return HotlineDifference(from: try Fixture.hotline(Self.old), to: try Fixture.hotline(new))
    }

    @Test func anotherLayoutIsNoDifference() throws {
        let difference = try difference([
            ("keys: { 1: q, 2: godziny }", "keys: { 2: { then: godziny }, 1: { then: q } }"),
            ("numbers: [\"+48 22 000 00 20\", \"22 000-00-21\"]", "numbers: [\"+48 22 000 00 21\", \"+48220000020\"]"),
            ("  a: { pl: Ala ma kota. }", "  a:\n    pl: \"Ala ma kota.\"   # taka sama"),
            ("08:00-16:00", "[08:00-16:00]"),
        ])
        #expect(difference.changes == [])
        #expect(difference.isEmpty)
    }

    @Test func everyKindOfThingThatChangesIsNamed() throws {
        let difference = try difference([
            ("name: próba", "name: próba\ntitle: Próba"), ("\"22 000-00-21\"", "\"22 000 00 22\""),
            ("08:00-16:00", "08:00-17:00"), ("Ala ma kota", "Ala ma psa"), ("ring: 10s", "ring: 15s"),
            ("max_wait: 5m, music: m.wav", "max_wait: 5m, announce: { say: a }"),
            ("to: tickets", "to: biuro@example.org"),
            ("mailboxes:", "recording: { default: off }\nmailboxes:"),
            ("2: godziny }, tries: 2", "2: { tag: dwa, then: q } }"),
            ("  godziny: { hours: biuro, open: q, closed: koniec }\n", "  nowy: { say: a, then: koniec }\n"),
            ("test: jeden, caller: [press 1]", "test: jeden, caller: [press 2]"),
        ])
        #expect(
            difference.text(in: .en) == """
                Changed settings of the hotline: title is now 'Próba'.
                Removed number '+48220000021'.
                Added number '+48220000022'.
                Changed calendar 'biuro': week mon-fri was '08:00-16:00', is '08:00-17:00'.
                Changed prompt 'a': pl was 'Ala ma kota.', is 'Ala ma psa.'.
                Added recording.
                Changed queue 'q': announce say is now 'a'; music is gone (it was 'm.wav'); ring was '10s', is '15s'.
                Changed mailbox 'm': to was 'tickets', is 'biuro@example.org'.
                Removed step 'godziny'.
                Added step 'nowy'.
                Changed step 'start': keys 2 tag is now 'dwa'; keys 2 then was 'godziny', is 'q'; tries is gone (it was '2').
                Changed test 'jeden': caller was 'press 1', is 'press 2'.
                """)
        #expect(
            difference.text(in: .pl) == """
                Zmieniono ustawienia infolinii: title jest teraz 'Próba'.
                Usunięto numer '+48220000021'.
                Dodano numer '+48220000022'.
                Zmieniono kalendarz 'biuro': week mon-fri było '08:00-16:00', jest '08:00-17:00'.
                Zmieniono zapowiedź 'a': pl było 'Ala ma kota.', jest 'Ala ma psa.'.
                Dodano nagrywanie.
                Zmieniono kolejkę 'q': announce say jest teraz 'a'; music znika (było 'm.wav'); ring było '10s', jest '15s'.
                Zmieniono skrzynkę 'm': to było 'tickets', jest 'biuro@example.org'.
                Usunięto krok 'godziny'.
                Dodano krok 'nowy'.
                Zmieniono krok 'start': keys 2 tag jest teraz 'dwa'; keys 2 then było 'godziny', jest 'q'; tries znika (było '2').
                Zmieniono test 'jeden': caller było 'press 1', jest 'press 2'.
                """)
        #expect(difference.removedSteps == ["godziny"])
    }

    @Test func aNewNameForTheSameThingIsSaidSo() throws {
        let difference = try difference([("godziny", "otwarte")])
        #expect(
            difference.text(in: .en) == """
                Renamed: step 'godziny' is now 'otwarte'.
                Changed step 'start': keys 2 then was 'godziny', is 'otwarte'.
                """)
        #expect(difference.removedSteps == ["godziny"])
    }

    @Test func longTextsAreCutToWhereTheyDiffer() throws {
        let difference = try difference([("zapraszamy ponownie", "prosimy ponownie")])
        #expect(
            difference.text(in: .pl) == """
                Zmieniono zapowiedź 'b': pl było '…rzędu miasta i zapraszamy ponownie w godzinach pracy urzędu.', \
                jest '…rzędu miasta i prosimy ponownie w godzinach pracy urzędu.'.
                """)
    }

    @Test func hotlinesThatCameAndWentAreNamed() throws {
        let one = try Fixture.hotline(Self.old)
        let other = try Fixture.hotline(
            Self.old.replacing("name: próba", with: "name: inna").replacing("000 00 2", with: "000 00 4")
                .replacing("000-00-21", with: "000-00-41"))
        let changed = try Fixture.hotline(Self.old.replacing("ring: 10s", with: "ring: 12s"))
        func library(_ hotlines: Hotline...) throws -> HotlineLibrary {
            try #require(HotlineLibrary.make(hotlines).library)
        }
        #expect(LibraryDifference(from: try library(one), to: try library(one)).text(in: .en) == "No changes.")
        #expect(
            LibraryDifference(from: try library(one), to: try library(other)).text(in: .en) == """
                New hotline 'inna'.
                Hotline 'próba' is gone.
                """)
        #expect(
            LibraryDifference(from: try library(one, other), to: try library(changed, other)).text(in: .pl) == """
                Infolinia 'próba':
                  Zmieniono kolejkę 'q': ring było '10s', jest '12s'.
                """)
    }
}
