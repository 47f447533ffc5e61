// Hotlines by the number dialled, and the reports of the commands.

import Foundation
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
        #expect(report.text.hasSuffix("2 files: 7 errors, 0 warnings"))
    }

    @Test func recordingsAreLookedForInTheirFolder() throws {
        let folder = NSTemporaryDirectory() + "/centrala-prompts-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try "x".write(toFile: folder + "/jest.wav", atomically: true, encoding: .utf8)
        try "".write(toFile: folder + "/pusty.wav", atomically: true, encoding: .utf8)
        let live = Surroundings.live(promptsDirectory: folder)
        #expect(live.complaint("jest.wav") == nil)
        #expect(live.complaint("pusty.wav") == "is empty")
        #expect(live.complaint("nie-ma.wav") == "is not in \(folder)")
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
    }

    @Test func whatIsSpokenWithoutValuesIsKnownAhead() throws {
        let utterances = try Fixture.hotline(steps: "start: { say: a, then: koniec }").fixedUtterances
        #expect(utterances.map(\.text).contains("Alice."))
        #expect(!utterances.contains { $0.prompt == "ahead" || $0.prompt == "wait" })
        #expect(utterances.filter { $0.prompt == "b" }.map(\.language) == ["pl", "en"])
    }
}
