// The checker against files with known findings, carets included.

import Foundation
import Testing
import YAML

@testable import IVR

struct CheckerTests {
    static let files =
        (try? FileManager.default.contentsOfDirectory(atPath: Fixture.path("findings")))?
        .filter { $0.hasSuffix(".yaml") }.sorted() ?? []

    @Test(arguments: files)
    func itSaysExactlyThis(file: String) throws {
        let text = try Fixture.text(Fixture.path("findings/" + file))
        let golden = try Fixture.text(Fixture.path("findings/" + file.replacingOccurrences(of: ".yaml", with: ".txt")))
        let surroundings = file.hasPrefix("staffed") ? Fixture.staffed : Fixture.surroundings
        let (hotline, findings) = HotlineChecker.check(text: text, file: file, surroundings: surroundings)
        #expect(findings.map(\.text).joined(separator: "\n") + "\n" == golden)
        #expect((hotline == nil) == findings.hasErrors)
    }

    @Test func thereAreFilesToCheck() {
        #expect(Self.files.count >= 14)
    }

    @Test func aGoodFileHasNothingToBeSaid() throws {
        let (hotline, findings) = Fixture.check(try Fixture.text(Fixture.path("helpline.yaml")))
        #expect(findings == [])
        #expect(hotline?.numbers == ["+48220000100", "+48220000101"])
        let failures = hotline?.runTests().filter { !$0.hasPassed }.map(\.text) ?? ["did not load"]
        #expect(failures == [])
    }

    @Test func theDemoHotlineIsCleanAndPassesItsTests() throws {
        let text = try Fixture.text(Fixture.demoPath)
        let (hotline, findings) = Fixture.check(text)
        #expect(findings.map(\.text) == [])
        let checked = try #require(hotline)
        let results = checked.runTests()
        #expect(results.count >= 9)
        #expect(results.filter { !$0.hasPassed }.map(\.text) == [])
        let clock = ContinuousClock()
        let rounds = 20
        let checking = clock.measure { for _ in 0..<rounds { _ = Fixture.check(text) } }
        let testing = clock.measure { for _ in 0..<rounds { _ = checked.runTests() } }
        print("demo hotline: a check takes \(checking / rounds), a test \(testing / (rounds * results.count))")
    }

    @Test func theNoticeMustBeHeardOnEveryPathEvenAfterARefusal() throws {
        let steps = """
            start: { menu: notice, keys: { 1: { record: on, then: q }, 2: { record: off, then: again } }, otherwise: q }
            again: { menu: again, keys: { 1: { record: on, then: q } }, otherwise: q }
            q: { queue: cicha, nobody: koniec, timeout: koniec }
            """
        let findings = Fixture.check(Fixture.text(steps: steps)).findings
        #expect(findings.map(\.code) == ["E060"])
        #expect(findings.first?.message.hasSuffix("start → (key 2) again → (key 1) q") == true)
    }

    @Test func remarksAndAnnouncementsMayOnlyOfferKeysThatAreThere() {
        let steps = """
            start: { menu: again, keys: { 1: q }, on_wrong: menu, otherwise: q }
            q: { queue: q, keys: { 2: koniec }, nobody: koniec, timeout: koniec }
            """
        let text = Fixture.text(steps: steps).replacing("Czekanie: {wait}.", with: "Czekanie: {wait}. Naciśnij 3.")
        let findings = Fixture.check(text).findings.filter { $0.code == "E033" }
        #expect(findings.map(\.sourceLine).contains { $0.contains("Naciśnij 3") })
        #expect(findings.map(\.message).contains { $0.hasPrefix("prompt 'menu' tells callers to press 12,") })
        #expect(!findings.map(\.message).contains { $0.contains("press 1,") })
    }

    @Test func keysAreReadFromTextsInBothLanguages() {
        let text = """
            Po polsku: naciśnij 1. Wciśnij klawisz 2 lub 3. Naciśnij gwiazdkę; wciśnij #. Press the key 4 or 5, press star. \
            Wybierz 22 000 00 01. Press 6 and one of us will answer. Naciśnij 12.
            """
        let keys = OfferedKeys(in: text)
        #expect(keys.pressed == ["1", "2", "3", "*", "#", "4", "5", "*", "6", "12"])
        #expect(keys.chosen == ["22"])
    }

    @Test func timesAreReadFromNotices() {
        #expect(RecordingProof.times(in: "Nagranie usuwamy po 90 dniach.").map(\.days) == [90...90])
        #expect(RecordingProof.times(in: "erased after 3 months, or 2 weeks").map(\.days) == [84...93, 14...14])
        #expect(RecordingProof.times(in: "Mów po sygnale, naciśnij 1.").isEmpty)
    }
}
