// Prompts from text and files.

import Media
import Synchronization
import TestTools
import Testing

@testable import Speech

@Suite("Prompt library")
struct PromptLibraryTests {
    private func samples(_ prompt: Prompt) -> [Int16] {
        (0..<Int(prompt.view.frames) * Frame.sampleCount).map { prompt.view.pcm[$0] }
    }

    private func library(_ folder: TemporaryFolder, _ synthesizer: any Synthesizer) -> PromptLibrary {
        PromptLibrary(cacheDirectory: "\(folder.path)/cache", promptsDirectory: folder.path, synthesizer: synthesizer)
    }

    @Test("all sentences in both languages are equally loud")
    func loudness() async throws {
        let folder = try TemporaryFolder()
        let library = PromptLibrary(cacheDirectory: "\(folder.path)/cache", promptsDirectory: folder.path)
        var loudnesses: [Double] = []
        for text in ESpeakTests.polish + ["Tak.", "Dziękujemy."] {
            let prompt = try await library.prompt(text: text, language: "pl")
            loudnesses.append(try #require(Loudness.measure(samples(prompt), sampleRate: 16_000)))
        }
        for text in ESpeakTests.english {
            let prompt = try await library.prompt(text: text, language: "en")
            loudnesses.append(try #require(Loudness.measure(samples(prompt), sampleRate: 16_000)))
        }
        let (quietest, loudest) = (try #require(loudnesses.min()), try #require(loudnesses.max()))
        #expect(loudest - quietest < 1.5)
        #expect(abs(quietest - Loudness.speech) < 1.5)
    }

    @Test("a sentence is spoken once, also when many ask at the same time")
    func once() async throws {
        let folder = try TemporaryFolder()
        let synthesizer = CountingSynthesizer()
        let library = library(folder, synthesizer)
        #expect(library.cached(text: "Tak", language: "pl") == nil)
        let prompts = try await withThrowingTaskGroup(of: Prompt.self) { group in
            for _ in 0..<20 { group.addTask { try await library.prompt(text: "Tak", language: "pl") } }
            return try await group.reduce(into: [Prompt]()) { $0.append($1) }
        }
        #expect(synthesizer.asked == 1)
        #expect(prompts.allSatisfy { $0 === prompts[0] })
        #expect(library.cached(text: "Tak", language: "pl") === prompts[0])
        #expect(library.cached(text: "Tak", language: "en") == nil)
    }

    @Test("after a restart the disk gives identical bytes, until voice or file changes")
    func disk() async throws {
        let folder = try TemporaryFolder()
        let first = CountingSynthesizer()
        let spoken = samples(try await library(folder, first).prompt(text: "Zażółć", language: "pl"))
        let second = CountingSynthesizer()
        let again = samples(try await library(folder, second).prompt(text: "Zażółć", language: "pl"))
        #expect(second.asked == 0)
        #expect(again == spoken)
        let newer = CountingSynthesizer(identity: "counting 2")
        _ = try await library(folder, newer).prompt(text: "Zażółć", language: "pl")
        #expect(newer.asked == 1)
    }

    @Test("a cache file that is cut short or worn is made anew")
    func damage() throws {
        let folder = try TemporaryFolder()
        let cache = SpeechCache(directory: folder.path)
        let sound: [Int16] = (0..<50).map { Int16($0 * 300) }
        #expect(cache.write(sound, key: "k") == nil)
        #expect(cache.read("k") == sound)
        #expect(cache.read("other") == nil)
        let name = try #require(cache.path("k").split(separator: "/").last.map(String.init))
        let whole = try folder.read(name)
        for length in 0..<whole.count {
            try folder.write(Array(whole[..<length]), as: name)
            #expect(cache.read("k") == nil)
        }
        for place in whole.indices {
            var worn = whole
            worn[place] ^= 0x10
            try folder.write(worn, as: name)
            #expect(cache.read("k") == nil)
        }
    }

    @Test("a failure is told to everyone who waits and is not kept")
    func failure() async throws {
        let folder = try TemporaryFolder()
        let synthesizer = CountingSynthesizer()
        let library = library(folder, synthesizer)
        for _ in 0..<2 {
            await #expect(throws: SpeechError.self) { _ = try await library.prompt(text: "Yes", language: "en") }
        }
        #expect(synthesizer.asked == 2)
    }

    @Test("a cache that cannot be written is told, and speech still works")
    func noCache() async throws {
        let folder = try TemporaryFolder()
        try folder.write([1], as: "file")
        let problems = Mutex<[String]>([])
        let library = PromptLibrary(
            cacheDirectory: "\(folder.path)/file/cache", promptsDirectory: folder.path,
            synthesizer: CountingSynthesizer()
        ) { problem in problems.withLock { $0.append(problem) } }
        _ = try await library.prompt(text: "Tak", language: "pl")
        #expect(problems.withLock { !$0.isEmpty })
    }

    @Test("a recorded prompt is as loud as a spoken one, and read again when it changes")
    func recordings() async throws {
        let folder = try TemporaryFolder()
        let library = library(folder, CountingSynthesizer())
        try folder.writeTone(amplitude: 500, seconds: 2, as: "quiet.wav")
        let quiet = try await library.prompt(file: "quiet.wav")
        #expect(abs(try #require(Loudness.measure(samples(quiet), sampleRate: 16_000)) - Loudness.speech) < 1)
        #expect(quiet.duration == .seconds(2))
        #expect(try await library.prompt(file: "quiet.wav") === quiet)
        #expect(library.cached(file: "quiet.wav") === quiet)
        let music = try await library.prompt(file: "quiet.wav", for: .music)
        #expect(abs(try #require(Loudness.measure(samples(music), sampleRate: 16_000)) - Loudness.music) < 1)
        try folder.writeTone(amplitude: 500, seconds: 3, as: "quiet.wav")
        #expect(try await library.prompt(file: "quiet.wav").duration == .seconds(3))
    }

    @Test("names that lead out of the folder, and files that are none, are refused")
    func names() async throws {
        let folder = try TemporaryFolder()
        let library = library(folder, CountingSynthesizer())
        try folder.writeTone(amplitude: 500, seconds: 61, as: "long.wav")
        try folder.write(Array("RIFF".utf8), as: "broken.wav")
        try folder.link("link.wav", to: "long.wav")
        for name in [
            "", ".", "..", "/etc/passwd", "../x.wav", "a/../long.wav", "./long.wav", "a//b.wav", "long.wav/",
            "long.wav\0",
            "link.wav", "missing.wav", "broken.wav", "long.wav", "cache",
        ] {
            await #expect(throws: SpeechError.self, "\(name)") { _ = try await library.prompt(file: name) }
        }
        #expect(try await library.prompt(file: "long.wav", for: .music).duration == .seconds(61))
    }

    @Test("hold music lasts 24 s and loops without a click")
    func holdMusic() throws {
        let folder = try TemporaryFolder()
        let library = library(folder, CountingSynthesizer())
        let music = library.holdMusic()
        #expect(library.holdMusic() === music)
        #expect(music.duration == .seconds(24))
        let sound = samples(music)
        #expect(abs(try #require(Loudness.measure(sound, sampleRate: 16_000)) - Loudness.music) < 1)
        func steps(_ sound: ArraySlice<Int16>) -> Int {
            zip(sound, sound.dropFirst()).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) }
        }
        let seam = Array(sound.suffix(1_600) + sound.prefix(1_600))
        #expect(steps(seam[...]) <= steps(sound[...]))
        for law in [G711.Law.a, .mu] {
            let codes = law == .a ? music.view.pcma : music.view.pcmu
            let narrow = (0..<192_000).map { G711.decode(codes[$0], law: law) }
            let seam = Array(narrow.suffix(800) + narrow.prefix(800))
            #expect(steps(seam[...]) <= steps(narrow[...]))
        }
    }

    @Test("memory is bounded: what was not used lately goes first")
    func memory() throws {
        let prompts = try (0..<4).map { try Prompt(samples16k: [Int16](repeating: Int16($0), count: 16_000)) }
        var memory = PromptMemory(limit: prompts[0].byteCount * 5 / 2)
        memory.keep(prompts[0], as: .file("0", .speech))
        memory.keep(prompts[1], as: .file("1", .speech))
        #expect(memory.prompt(.file("0", .speech)) === prompts[0])
        memory.keep(prompts[2], as: .file("2", .speech))
        #expect(memory.prompt(.file("1", .speech)) == nil)
        #expect(memory.prompt(.file("0", .speech)) === prompts[0])
        #expect(memory.prompt(.file("2", .speech)) === prompts[2])
    }
}

extension TemporaryFolder {
    /// A WAV of 8 kHz with a tone of 400 Hz.
    func writeTone(amplitude: Int16, seconds: Int, as name: String) throws {
        let sound = (0..<8_000 * seconds).map { $0 % 20 < 10 ? amplitude : -amplitude }
        var writer = try SoundFileWriter(path: "\(path)/\(name)", format: .wav, sampleRate: 8_000, channels: 1)
        try writer.write(sound, frames: sound.count)
        try writer.finish()
    }
}
