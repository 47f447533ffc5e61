// From what the hotline says to what the media thread plays.

import IVR
import Logging
import Media
import SIP
import Speech

/// Turns utterances into playlists. What is in memory is there at once; the rest is made beside the signalling thread.
@Signalling
final class PromptDesk {
    nonisolated let library: PromptLibrary
    nonisolated private let log: Logger
    private let ownMusic: Playlist
    private var music: [String: Playlist] = [:]
    /// Before a message is recorded.
    let tone: Playlist
    /// Without an end.
    let silence: Playlist
    /// While somebody else is called: 425 Hz, 1 s on, 4 s off (ITU-T E.180 Supplement 2, Poland).
    let ringing: Playlist

    /// `ownMusic`: what callers hear in queues that name no file; made ahead, as it takes half a second.
    init(library: PromptLibrary, ownMusic: Prompt, log: Logger) {
        tone = Playlist([Signal.tone.prompt])
        silence = Playlist([Signal.silence.prompt], loops: true)
        ringing = Playlist([Signal.ringing.prompt], loops: true)
        self.library = library
        self.ownMusic = Playlist([ownMusic], loops: true)
        self.log = log
    }

    /// Calls `ready` with the playlist: at once when all is in memory, otherwise later on this thread. A sentence that
    /// cannot be made is said aloud in the log and left out: the caller hears the rest, and `isWhole` is false.
    func playlist(
        _ utterances: [Utterance], ready: @escaping @Signalling (_ playlist: Playlist, _ isWhole: Bool) -> Void
    ) {
        let known = utterances.compactMap(cached)
        if known.count == utterances.count { return ready(Playlist(known), true) }
        let library = library
        let log = log
        Task { @Signalling in
            var prompts: [Prompt] = []
            for utterance in utterances {
                if let prompt = await Self.make(utterance, library, log) { prompts.append(prompt) }
            }
            ready(Playlist(prompts), prompts.count == utterances.count)
        }
    }

    /// One sentence alone; nil when it cannot be made, which the log says.
    nonisolated func sound(_ utterance: Utterance) async -> Prompt? { await Self.make(utterance, library, log) }

    /// Hold music, looping: the file given, or our own when there is none or it could not be read.
    func music(_ file: String?) -> Playlist { file.flatMap { music[$0] } ?? ownMusic }

    /// Makes every fixed sentence and music of a hotline ahead of its first call, so that no caller waits for speech to
    /// be synthesised. Returns what could not be made, for the administrator.
    nonisolated func prepare(_ hotline: Hotline) async -> [String] {
        var problems: [String] = []
        for utterance in hotline.fixedUtterances {
            do {
                _ = try await library.prompt(utterance)
            } catch {
                problems.append("prompt \(utterance.prompt) (\(utterance.language)): \(error)")
            }
        }
        for file in Set(hotline.queues.values.compactMap(\.music)) {
            do {
                await keep(try await library.prompt(file: file, for: .music), as: file)
            } catch {
                problems.append("music \(file): \(error)")
            }
        }
        return problems
    }

    private func keep(_ prompt: Prompt, as file: String) { music[file] = Playlist([prompt], loops: true) }

    private func cached(_ utterance: Utterance) -> Prompt? {
        if let file = utterance.file { return library.cached(file: file) }
        return library.cached(text: utterance.text, language: utterance.language)
    }

    private nonisolated static func make(
        _ utterance: Utterance, _ library: PromptLibrary, _ log: Logger
    ) async -> Prompt? {
        do {
            return try await library.prompt(utterance)
        } catch {
            log.error("prompt.failed", metadata: ["prompt": "\(utterance.prompt)", "error": "\(error)"])
            return nil
        }
    }
}

extension PromptLibrary {
    /// A recording where there is one; the text spoken where there is none or it cannot be read.
    func prompt(_ utterance: Utterance) async throws -> Prompt {
        if let file = utterance.file, let recorded = try? await prompt(file: file) { return recorded }
        return try await prompt(text: utterance.text, language: utterance.language)
    }
}
