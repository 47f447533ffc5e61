// Hotlines by the number dialled, and the reports of the commands.

import Foundation
import TestTools
import Testing
import YAML

@testable import IVR

struct LibraryTests {
    private func hotline(_ name: String, _ number: String) throws -> Hotline {
        try Fixture.hotline(
            """
            hotline: 1
            name: \(name)
            timezone: Europe/Warsaw
            languages: [pl]
            numbers: ["\(number)"]
            start: koniec
            prompts: { koniec: { pl: Koniec. } }
            steps: { koniec: { hangup: koniec } }
            """)
    }

    @Test func aHotlineIsFoundByItsNumberInAnyWritingAndByItsName() throws {
        let made = HotlineLibrary.make([try hotline("jeden", "+48 22 000 00 31"), try hotline("dwa", "22 000 00 32")])
        let library = try #require(made.library)
        for called in ["+48220000031", "48220000031", "0048220000031", "220000031", "jeden", "JEDEN"] {
            #expect(library.hotline(calling: called)?.name == "jeden")
        }
        #expect(library.hotline(calling: "+48220000032")?.name == "dwa")
        #expect(library.hotline(calling: "+48220000033") == nil)
        #expect(library.hotline(calling: "") == nil)
        #expect(library.hotlines.map(\.name) == ["dwa", "jeden"])
    }

    @Test func twoHotlinesThatClaimOneNumberDoNotLoad() throws {
        let made = HotlineLibrary.make([try hotline("jeden", "+48 22 000 00 31"), try hotline("dwa", "22 000 00 31")])
        #expect(made.library == nil)
        #expect(made.findings.map(\.code) == ["E071"])
    }

    @Test func aHotlineDoesNotGetANumberAtWhichTheServerItselfAnswers() throws {
        let hotlines = [try hotline("jeden", "+48 22 000 00 31")]
        let made = HotlineLibrary.make(hotlines, studioNumber: "+48220000031")
        #expect(made.library == nil)
        #expect(made.findings.map(\.code) == ["E071"])
        #expect(made.findings[0].text(in: .pl).contains("nagrywa się zapowiedzi"))
        #expect(HotlineLibrary.make(hotlines, studioNumber: "+48220000032").library != nil)
    }

    @Test func aFolderLoadsWholeOrNotAtAll() throws {
        let folder = NSTemporaryDirectory() + "/centrala-hotlines-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(HotlineLibrary.load(directory: folder, surroundings: Fixture.surroundings).library == nil)
        try FileManager.default.copyItem(atPath: Fixture.demoPath, toPath: folder + "/demo.yaml")
        let good = HotlineLibrary.load(directory: folder, surroundings: Fixture.surroundings)
        #expect(good.library?.hotline(calling: "demo")?.numbers == ["+48220000001"])
        #expect(good.findings == [])
        try "hotline: 1\n".write(toFile: folder + "/zła.yaml", atomically: true, encoding: .utf8)
        let bad = HotlineLibrary.load(directory: folder, surroundings: Fixture.surroundings)
        #expect(bad.library == nil)
        #expect(bad.findings.hasErrors)
        let report = CheckReport(
            paths: [folder + "/demo.yaml", folder + "/zła.yaml"], surroundings: Fixture.surroundings)
        #expect(report.exitStatus == 1)
        #expect(report.text(in: .en).hasSuffix("2 files: 7 errors, 0 warnings"))
        #expect(report.text(in: .pl).hasSuffix("pliki: 2, błędy: 7, ostrzeżenia: 0"))
    }

    @Test func recordingsAreLookedForInTheirFolder() throws {
        let folder = NSTemporaryDirectory() + "/centrala-prompts-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "x".write(toFile: folder + "/jest.wav", atomically: true, encoding: .utf8)
        try "".write(toFile: folder + "/pusty.wav", atomically: true, encoding: .utf8)
        let live = Surroundings.live(promptsDirectory: folder)
        #expect(live.complaint("jest.wav") == nil)
        #expect(live.complaint("pusty.wav")?.text(in: .en) == "the file 'pusty.wav' is empty")
        #expect(live.complaint("nie-ma.wav")?.text(in: .en) == "the file 'nie-ma.wav' is not in \(folder)")
    }

    @Test func aFailingTestPrintsWhatWasExpectedAndTheWholeCall() throws {
        let hotline = try Fixture.hotline(
            steps: "start: { say: a, then: q }\nq: { queue: q, nobody: koniec, timeout: koniec }",
            more: """

                tests:
                  - test: tak
                    expect: [hear a, queue q pl]
                  - test: nie
                    caller: [talk]
                    expect: [hear a, queue q en, hang up]
                """)
        let results = hotline.runTests()
        #expect(results.map(\.hasPassed) == [true, false])
        #expect(
            results[1].text == """
                FAILED  nie  (test.yaml:\(results[1].line))
                    expected, in this order:
                      + hear a
                      - queue q en    <- did not happen
                        hang up
                    the call:
                      00:00  (language pl)
                      00:00  step start
                      00:00  hear a
                      00:00  step q
                      00:00  queue q pl
                      00:02  (a consultant answers)
                      00:02  recording off
                      01:02  (the consultant hangs up)
                      01:02  hang up
                """)
        #expect(results[0].text == "ok      tak")
        let polish = results[1].text(in: .pl)
        for words in [
            "BŁĄD    nie", "- queue q en    <- nie nastąpiło", "00:00  (język pl)", "01:02  (konsultant się rozłącza)",
        ] {
            #expect(polish.contains(words), "\(words)")
        }
        #expect(results[1].trace.flatMap(\.words.untranslated) == [])
    }

    @Test func whatIsSpokenWithoutValuesIsKnownAhead() throws {
        let utterances = try Fixture.hotline(steps: "start: { say: a, then: koniec }").fixedUtterances
        #expect(utterances.map(\.text).contains("Alice."))
        #expect(!utterances.contains { $0.prompt == "ahead" || $0.prompt == "wait" })
        #expect(utterances.filter { $0.prompt == "b" }.map(\.language) == ["pl", "en"])
    }

    @Test func whatTheStudioRecordedReplacesTextsThatAreTheSameInEachCall() throws {
        let folder = try TemporaryFolder()
        let file = """
            hotline: 1
            name: nagrana
            timezone: Europe/Warsaw
            languages: [pl]
            numbers: ["8300"]
            start: koniec
            prompts:
              koniec: { pl: Do widzenia. }
              ile: { pl: "Przed Tobą: {ahead}." }
            steps:
              koniec: { hangup: koniec }
            """
        func hotline() throws -> Hotline {
            let checked = HotlineChecker.check(
                text: file, file: "nagrana.yaml", surroundings: .live(promptsDirectory: folder.path))
            return try #require(checked.hotline)
        }
        let spoken = try hotline()
        for prompt in ["koniec", "ile"] {
            let place = PromptPlace(hotline: "nagrana", prompt: prompt, language: "pl")
            try folder.makeFolder(place.folder)
            try folder.write(Array("2\n".utf8), as: "\(place.folder)/\(PromptPlace.pointer)")
        }
        #expect(try hotline().fixedUtterances.map(\.file) == [nil])
        for prompt in ["koniec", "ile"] {
            let place = PromptPlace(hotline: "nagrana", prompt: prompt, language: "pl")
            try folder.write([1], as: place.file(ofTake: 2))
        }
        let recorded = try hotline()
        #expect(recorded.fixedUtterances.map(\.file) == ["studio/nagrana/pl/koniec/2.wav"])
        #expect(recorded.promptSheet.map(\.isRecordable) == [true, false])
        #expect(recorded.promptSheet.map(\.values) == [[], ["ahead"]])
        #expect(
            recorded.promptSheet[1].utterance?.text == "Przed Tobą: dwa."
                && recorded.promptSheet[1].text == "Przed Tobą: {ahead}.")
        let changes = HotlineDifference(from: spoken, to: recorded).changes
        #expect(changes.map(\.name) == ["koniec"])
        #expect(HotlineDifference(from: recorded, to: spoken).changes.count == 1)
    }
}
