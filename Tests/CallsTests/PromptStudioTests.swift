// The prompts studio over a folder of its own: what becomes of a recording when hotline, file or folder change.

import Foundation
import IVR
import Media
import Speech
import TestTools
import Testing

@testable import Calls

@Suite struct PromptStudioTests {
    private let folder: TemporaryFolder
    private let studio: PromptStudio

    init() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("hotlines")
        self.folder = folder
        let path = folder.path
        let load: @Sendable () -> [Hotline] = {
            HotlineLibrary.load(directory: path + "/hotlines", surroundings: .served(promptsDirectory: path))
                .library?.hotlines ?? []
        }
        studio = PromptStudio(
            library: PromptLibrary(cacheDirectory: path + "/cache", promptsDirectory: path), directory: path,
            hotlines: load, reload: { HotlineReload(isDryRun: false, findings: []) })
    }

    private func hotline(_ text: String) throws {
        let file = """
            hotline: 1
            name: demo
            timezone: Europe/Warsaw
            languages: [pl]
            numbers: ["8001"]
            start: koniec
            prompts:
              koniec: { pl: \(text) }
            steps:
              koniec: { hangup: koniec }
            """
        try folder.write(Array(file.utf8), as: "hotlines/demo.yaml")
    }

    private func koniec() async throws -> StudioPrompt {
        try #require(await studio.prompt("koniec", of: "demo", in: "pl"))
    }

    /// Half a second of a tone that swells.
    private static let wav: [UInt8] = {
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        let samples = (0..<8_000).map { Int16(4_000 * sin(.pi * Double($0) / 8_000) * sin(Double($0) / 8)) }
        return Array("RIFF".utf8) + bytes(UInt32(16_036)) + Array("WAVEfmt ".utf8) + bytes(UInt32(16))
            + bytes(UInt16(1)) + bytes(UInt16(1)) + bytes(UInt32(16_000)) + bytes(UInt32(32_000)) + bytes(UInt16(2))
            + bytes(UInt16(16)) + Array("data".utf8) + bytes(UInt32(16_000)) + samples.flatMap { bytes($0) }
    }()

    @Test func `a recording counts for the text of its time, and says so when that changes`() async throws {
        try hotline("Do widzenia.")
        #expect(try await koniec().state == .spoken)
        let take = try await studio.keep(Self.wav, for: try await koniec(), by: "Ewa", at: 1)
        #expect(try await koniec().state == .spoken, "nobody has accepted it yet")
        _ = try await studio.use([(try await koniec(), take)])
        let recorded = try await koniec()
        #expect(recorded.state == .recorded && !recorded.isTextNewer)
        #expect(abs(try #require(recorded.loudness) + 20) < 0.6)
        try hotline("Do usłyszenia.")
        #expect(try await koniec().isTextNewer)
        #expect(await studio.takes(of: try await koniec()).map(\.isCurrent) == [true])
    }

    @Test func `on the telephone prompts have numbers, and the next one without a recording follows`() async throws {
        try hotline("Do widzenia.")
        let more = """
            hotline: 1
            name: inna
            timezone: Europe/Warsaw
            languages: [pl, en]
            numbers: ["8002"]
            start: witamy
            prompts:
              witamy: { pl: Witamy., en: Welcome. }
              numer: { pl: "Numer {digits:caller}." }
              koniec: { pl: Koniec., en: The end. }
            steps:
              witamy: { say: witamy, then: koniec }
              koniec: { hangup: koniec }
            """
        try folder.write(Array(more.utf8), as: "hotlines/inna.yaml")
        let all = await studio.prompts().flatMap(\.prompts)
        #expect(all.compactMap(\.phoneNumber) == [1, 2, 3, 4, 5])
        #expect(all.filter { $0.phoneNumber == nil }.map(\.name) == ["numer", "numer"])
        #expect(await studio.prompt(numbered: 3)?.place == "inna/witamy/en")
        for number in [0, -1, 6, .max] { #expect(await studio.prompt(numbered: number) == nil) }
        #expect(await studio.promptToRecord(after: 0)?.phoneNumber == 1)
        let take = try await studio.keep(Self.wav, for: try await koniec(), by: "Ewa", at: 1)
        _ = try await studio.use([(try await koniec(), take)])
        #expect(await studio.promptsToRecord() == 4)
        #expect(await studio.promptToRecord(after: 0)?.phoneNumber == 2)
        #expect(await studio.promptToRecord(after: 5)?.phoneNumber == 2, "from the end on from the beginning")
        for number in 2...5 {
            let prompt = try #require(await studio.prompt(numbered: number))
            let take = try await studio.keep(Self.wav, for: prompt, by: "Ewa", at: 1)
            _ = try await studio.use([(prompt, take)])
        }
        #expect(await studio.promptToRecord(after: 3) == nil)
        try hotline("Do usłyszenia.")
        #expect(await studio.promptToRecord(after: 3)?.phoneNumber == 1, "its recording says another text")
        #expect(await studio.promptToRecord(after: 1) == nil, "there is none besides it")
    }

    @Test func `a recording is heard as callers would hear it, and nothing of it is kept`() async throws {
        try hotline("Do widzenia.")
        let tone = (0..<48_000).map { index -> Int16 in
            guard (16_000..<24_000).contains(index) else { return 0 }
            return Int16(1_000 * sin(.pi * Double(index - 16_000) / 8_000) * sin(Double(index) / 8))
        }
        let recording = Rehearsal(tone)
        let sound = try await studio.rehearse(recording)
        #expect((.milliseconds(500)...(.milliseconds(900))).contains(sound.duration))
        #expect(abs(try #require(Loudness.measure(sound.samples, sampleRate: 16_000)) + 20) < 0.6)
        #expect(abs(try #require(recording.speechEnd) - 1.5) < 0.2)
        #expect(await studio.takes(of: try await koniec()).isEmpty)
        await #expect(throws: StudioProblem(kind: .silent)) {
            try await studio.rehearse(Rehearsal([Int16](repeating: 0, count: 48_000)))
        }
        #expect(Rehearsal([]).speechEnd == nil)
        let take = try await studio.keep(recording.wav, for: try await koniec(), by: "Ewa", at: 1)
        let prompt = try await koniec()
        let kept = try #require(studio.sound(of: prompt, take: take, isOriginal: false))
        let bytes = try #require(FileManager.default.contents(atPath: kept))
        #expect(bytes.count - 44 <= sound.samples.count * 2 && bytes.count - 44 > sound.samples.count * 2 - 640)
    }

    @Test func `a take goes before the file that the hotline names, which comes back after it`() async throws {
        try folder.write(Self.wav, as: "stary.wav")
        try hotline("{ file: stary.wav, text: Do widzenia. }")
        #expect(try await koniec().state == .recorded)
        #expect(try await koniec().file == "stary.wav")
        let take = try await studio.keep(Self.wav, for: try await koniec(), by: "Ewa", at: 1)
        _ = try await studio.use([(try await koniec(), take)])
        #expect(try await koniec().file == "studio/demo/pl/koniec/1.wav")
        _ = try await studio.use([(try await koniec(), nil)])
        #expect(try await koniec().file == "stary.wav")
    }

    @Test func `takes whose files are gone are not played, and the text is spoken`() async throws {
        try hotline("Do widzenia.")
        let take = try await studio.keep(Self.wav, for: try await koniec(), by: "Ewa", at: 1)
        _ = try await studio.use([(try await koniec(), take)])
        try folder.remove("studio/demo/pl/koniec/1.wav")
        #expect(try await koniec().state == .spoken)
        #expect(await studio.sound(of: try await koniec()) != nil)
    }

    @Test func `when one of several takes is not there, none is put in use`() async throws {
        try hotline("Do widzenia.")
        let take = try await studio.keep(Self.wav, for: try await koniec(), by: "Ewa", at: 1)
        let prompt = try await koniec()
        await #expect(throws: StudioProblem(kind: .notFound)) { try await studio.use([(prompt, take), (prompt, 9)]) }
        #expect(try await koniec().state == .spoken)
    }
}
