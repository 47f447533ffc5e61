// Publishing a hotline: checked, put on disk, made live, written down; or nothing of all that.

import Foundation
import IVR
import Logging
import Store
import TestTools
import Testing
import YAML

@testable import Calls

@Suite(.serialized) struct PublishingTests {
    /// A hotline that says one word.
    static func hotline(_ name: String, number: String = "8100", says word: String = "Dzień dobry") -> String {
        """
        hotline: 1
        name: \(name)
        timezone: Europe/Warsaw
        languages: [pl]
        numbers: ["\(number)"]
        start: poczatek
        prompts:
          slowo: { pl: "\(word)." }
        steps:
          poczatek: { hangup: slowo }
        tests:
          - test: wita
            caller: []
            expect: [ hear slowo, hang up ]

        """
    }

    /// A whole centre on ports of its own, with the hotlines `a` and `b`.
    struct Centre {
        let folder: TemporaryFolder
        let centre: CallCentre

        init() async throws {
            folder = try TemporaryFolder()
            var configuration = CallCentreConfiguration()
            configuration.dataDirectory = folder.path + "/data"
            configuration.hotlinesDirectory = folder.path + "/hotlines"
            configuration.promptsDirectory = folder.path + "/prompts"
            configuration.sipListen = ["127.0.0.1:0"]
            configuration.mediaThreads = 1
            _ = configuration.setStudioNumber("8299")
            for name in ["hotlines", "prompts"] { try folder.makeFolder(name) }
            try folder.write(Array(hotline("a").utf8), as: "hotlines/a.yaml")
            try folder.write(Array(hotline("b", number: "8200").utf8), as: "hotlines/b.yaml")
            let library = HotlineLibrary.load(
                directory: configuration.hotlinesDirectory,
                surroundings: .served(promptsDirectory: configuration.promptsDirectory)
            ).library
            centre = try await CallCentre.start(
                configuration, hotlines: try #require(library),
                log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        }

        func write(_ text: String, _ name: String) throws {
            try folder.write(Array(text.utf8), as: "hotlines/" + name)
        }

        func remove(_ name: String) throws {
            try FileManager.default.removeItem(atPath: folder.path + "/hotlines/" + name)
        }

        func onDisk(_ name: String) throws -> String {
            String(decoding: try folder.read("hotlines/" + name), as: UTF8.self)
        }

        func publish(_ text: String, from base: String, note: String = "a note") async -> Publication {
            await centre.editor.publish(
                HotlineDraft(file: "a.yaml", text: text, base: textDigest(base), author: "admin", note: note))
        }

        func history(_ file: String = "a.yaml") async throws -> [String] {
            try await centre.store.versions(of: file).map { "\($0.number) \($0.by ?? "file") \($0.note)" }
        }
    }

    @Test func `files and page are one truth: published, reloaded, refused and put back`() async throws {
        let house = try await Centre()
        let first = Self.hotline("a")
        #expect(try await house.history() == ["1 file "])

        // Published: on disk, live, in the history.
        let second = Self.hotline("a", says: "Dobry wieczór")
        guard case .published(let reload) = await house.publish(second, from: first, note: "evening") else {
            Issue.record("not published")
            return
        }
        #expect(reload.text(in: ReportLanguage.en).contains("Dobry wieczór"))
        #expect(try house.onDisk("a.yaml") == second && house.onDisk("b.yaml") == Self.hotline("b", number: "8200"))
        #expect(try await house.centre.editor.open("a.yaml").isServed)
        #expect(try await house.history() == ["2 admin evening", "1 file "])
        #expect(try await house.history("b.yaml") == ["1 file "])

        // From a text that is no longer there: a conflict, nothing is overwritten.
        guard case .conflict(let theirs) = await house.publish(first, from: first) else {
            Issue.record("no conflict")
            return
        }
        #expect(try theirs == second && house.onDisk("a.yaml") == second)

        // The file is edited and reloaded: the same history.
        let third = Self.hotline("a", says: "Witamy")
        try house.write(third, "a.yaml")
        #expect(try await !house.centre.editor.open("a.yaml").isServed)
        #expect(!(await house.centre.reload().isRefused))
        #expect(try await house.history() == ["3 file ", "2 admin evening", "1 file "])

        // With errors, or with a number of another hotline: refused before it gets to the disk.
        for bad in [third.replacing("start: poczatek", with: "start: nigdzie"), Self.hotline("a", number: "8200")] {
            guard case .refused(let refusal) = await house.publish(bad, from: third) else {
                Issue.record("not refused")
                continue
            }
            #expect(refusal.isRefused && !refusal.findings.isEmpty)
            #expect(try house.onDisk("a.yaml") == third)
        }
        // A fault in another file stands in the way too, and is named.
        try house.write("nonsense", "b.yaml")
        guard case .refused(let refusal) = await house.publish(first, from: third) else {
            Issue.record("not refused")
            return
        }
        let why = refusal.text(in: ReportLanguage.en)
        #expect(why.contains("b.yaml:1:") && !why.contains("a.yaml"))
        #expect(try house.onDisk("a.yaml") == third)
        try house.write(Self.hotline("b", number: "8200"), "b.yaml")

        // Rolled back: the text of the first version is a new one.
        let former = try await house.centre.editor.text(ofVersion: 1, of: "a.yaml")
        guard case .published = await house.publish(former, from: third, note: "back") else {
            Issue.record("not published")
            return
        }
        #expect(try former == first && house.onDisk("a.yaml") == first)
        #expect(try await house.history() == ["4 admin back", "3 file ", "2 admin evening", "1 file "])
        await house.centre.stop()
    }

    @Test func `of two who publish at once one is told of the conflict`() async throws {
        let house = try await Centre()
        let base = Self.hotline("a")
        async let one = house.publish(Self.hotline("a", says: "Jeden"), from: base)
        async let two = house.publish(Self.hotline("a", says: "Dwa"), from: base)
        let outcomes = await [one, two].map { outcome in
            switch outcome {
            case .published: "published"
            case .conflict: "conflict"
            case .refused, .failed, .noSuchFile: "else"
            }
        }
        #expect(outcomes.sorted() == ["conflict", "published"])
        #expect(try await house.history().count == 2)
        await house.centre.stop()
    }

    @Test func `a text is checked, tested, drawn and compared without touching what is served`() async throws {
        let house = try await Centre()
        let editor = house.centre.editor
        let text = Self.hotline("a", says: "Żółty {zonk}")
        let found = try await editor.check(text, as: "a.yaml", language: .polish)
        let finding = try #require(found.findings.first { $0.severity == "error" })
        #expect(finding.line == 8 && finding.code == "E026" && finding.file == nil && finding.to > finding.from)
        #expect(try await editor.picture(of: text, as: "a.yaml", language: .english, traffic: false) == nil)
        #expect(try await editor.test(text, as: "a.yaml", language: .polish) == nil)

        // The number of another hotline is found here, before publishing.
        let clash = try await editor.check(Self.hotline("a", number: "8200"), as: "a.yaml", language: .polish)
        #expect(clash.findings.map(\.code) == ["E071"])
        #expect(clash.findings.first?.message.contains("należy już do infolinii") == true)
        #expect(clash.findings.first?.kind == "Dwie infolinie, które chcą tego samego numeru")
        let taken = try await editor.check(Self.hotline("a", number: "8299"), as: "a.yaml", language: .polish)
        #expect(taken.findings.map(\.code) == ["E071"], "there prompts are recorded")
        let own = try await editor.check(Self.hotline("a"), as: "a.yaml", language: .polish)
        #expect(own.errors == 0)

        let good = Self.hotline("a", says: "Witamy")
        let tested = try #require(try await editor.test(good, as: "a.yaml", language: .polish))
        #expect(tested.results.map(\.hasPassed) == [true])
        let picture = try await editor.picture(of: good, as: "a.yaml", language: .polish, traffic: true)
        #expect(picture?.contains("step-poczatek") == true && picture?.contains("im mocniejszy") == true)
        let difference = try await editor.difference(
            to: good, as: "a.yaml", fromVersion: nil, language: .english)
        #expect(difference.sentences?.count == 1 && difference.lines.count { $0.kind == "added" } == 1)
        await #expect(throws: HotlineEditor.Failure.noSuchVersion) {
            try await editor.difference(to: good, as: "a.yaml", fromVersion: 7, language: .english)
        }
        for name in ["../a.yaml", "none.yaml"] {
            await #expect(throws: HotlineEditor.Failure.noSuchFile) {
                try await editor.check("", as: name, language: .english)
            }
        }
        #expect(try house.onDisk("a.yaml") == Self.hotline("a"))
        await house.centre.stop()
    }
}
