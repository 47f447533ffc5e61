// The prompts studio over a folder of its own: what becomes of a recording when hotline, file or folder change.

import Foundation
import IVR
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
