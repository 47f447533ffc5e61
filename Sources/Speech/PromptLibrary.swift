// Text or file in, prompt out: the only door to everything that callers are told.

import Dispatch
public import Media
import Synchronization

/// Makes prompts, each once: what is asked for twice at the same time is made once, what was made lately is in memory,
/// and speech is on disk as well. All loudness is alike.
public final class PromptLibrary: Sendable {
    /// About 40 minutes of sound.
    private static let memoryLimit = 128 << 20
    /// Change it when trimming or levelling changes: what is on disk is then made anew.
    private static let version = 1

    private struct State {
        var memory = PromptMemory(limit: PromptLibrary.memoryLimit)
        var pending: [PromptMemory.Key: Task<Prompt, any Error>] = [:]
    }

    private let state = Mutex(State())
    private let cache: SpeechCache
    private let promptsDirectory: String
    private let synthesizer: any Synthesizer
    private let onProblem: @Sendable (String) -> Void
    /// Encoding a long sound takes seconds of CPU: not on the threads that serve requests.
    private let workshop = DispatchQueue(label: "prompts")

    /// - Parameters:
    ///   - cacheDirectory: for synthesised speech; made when missing (its parent must exist).
    ///   - promptsDirectory: where the hotlines' files are.
    ///   - onProblem: told when the cache cannot be used; speech still works, only slower.
    public convenience init(
        cacheDirectory: String, promptsDirectory: String, onProblem: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        self.init(
            cacheDirectory: cacheDirectory, promptsDirectory: promptsDirectory, synthesizer: ESpeak(),
            onProblem: onProblem)
    }

    init(
        cacheDirectory: String, promptsDirectory: String, synthesizer: any Synthesizer,
        onProblem: @escaping @Sendable (String) -> Void = { _ in }
    ) {
        cache = SpeechCache(directory: cacheDirectory)
        self.promptsDirectory = promptsDirectory
        self.synthesizer = synthesizer
        self.onProblem = onProblem
        if let problem = cache.prepare() { onProblem("speech cache \(cacheDirectory): \(problem)") }
    }

    /// A sentence, spoken.
    /// - Throws: `SpeechError`.
    public func prompt(text: String, language: String) async throws -> Prompt {
        let spoken = SpokenText(text: text, language: language)
        return try await prompt(.text(spoken), stamp: nil) { [self] in
            try await make(try await samples(spoken), seamless: false)
        }
    }

    /// A recording in the prompts' folder. A file that has changed is read again.
    /// - Parameter file: relative to the folder, parts separated by `/`; WAV.
    /// - Throws: `SpeechError`.
    public func prompt(file: String, for use: PromptUse = .speech) async throws -> Prompt {
        let opened = try PromptFile.open(file, in: promptsDirectory)
        defer { opened.close() }
        return try await prompt(.file(file, use), stamp: opened.stamp) { [self] in
            // Opened again inside: the file above may be closed before this runs, when another asked first.
            let own = try PromptFile.open(file, in: promptsDirectory)
            let read = await inWorkshop {
                defer { own.close() }
                return Result { () throws(SpeechError) in try own.samples(for: use) }
            }
            return try await make(try read.get(), seamless: use == .music)
        }
    }

    /// A sentence that is in memory already. Never waits for long; for the signalling thread.
    public func cached(text: String, language: String) -> Prompt? {
        state.withLock { $0.memory.prompt(.text(SpokenText(text: text, language: language))) }
    }

    /// A recording that is in memory already, as it was when last read.
    public func cached(file: String, for use: PromptUse = .speech) -> Prompt? {
        state.withLock { $0.memory.prompt(.file(file, use)) }
    }

    /// Our own music, 24 s, made to be looped. The first call takes about half a second of CPU: make it at start.
    public func holdMusic() -> Prompt {
        state.withLock { state in
            if let known = state.memory.prompt(.holdMusic) { return known }
            let samples = Loudness.level(HoldMusic.samples(), sampleRate: Frame.sampleRate, to: Loudness.music)
            // because a fixed, short, non-empty sound always becomes a prompt; only exhausted memory could stop it
            let prompt = try! Prompt(samples16k: samples, seamless: true)
            state.memory.keep(prompt, as: .holdMusic)
            return prompt
        }
    }

    /// From memory, from whoever is making it now, or by `make`.
    private func prompt(
        _ key: PromptMemory.Key, stamp: PromptFile.Stamp?, make: @escaping @Sendable () async throws -> Prompt
    ) async throws -> Prompt {
        let task: Task<Prompt, any Error> = state.withLock { state in
            if let known = state.memory.prompt(key, stamp: stamp) { return Task { known } }
            if let pending = state.pending[key] { return pending }
            let task = Task.detached { [self] in
                defer { self.state.withLock { $0.pending[key] = nil } }
                let prompt = try await make()
                self.state.withLock { $0.memory.keep(prompt, as: key, stamp: stamp) }
                return prompt
            }
            state.pending[key] = task
            return task
        }
        return try await task.value
    }

    /// Speech from disk, or synthesised, trimmed, levelled and then put there.
    private func samples(_ spoken: SpokenText) async throws -> [Int16] {
        let key = "\(Self.version)\n\(synthesizer.identity)\n\(spoken.language)\n\(spoken.text)"
        if let known = await inWorkshop({ [cache] in cache.read(key) }) { return known }
        let raw = try await synthesizer.speak(spoken)
        return await inWorkshop { [cache, onProblem] in
            let samples = Loudness.level(
                SpeechTrim.trim(raw), sampleRate: Frame.sampleRate, to: Loudness.speech)
            if let problem = cache.write(samples, key: key) { onProblem("speech cache: \(problem)") }
            return samples
        }
    }

    private func make(_ samples: [Int16], seamless: Bool) async throws -> Prompt {
        let made = await inWorkshop {
            Result { () throws(PromptError) in try Prompt(samples16k: samples, seamless: seamless) }
        }
        return try made.mapError(SpeechError.prompt).get()
    }

    private func inWorkshop<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            workshop.async { continuation.resume(returning: work()) }
        }
    }
}
