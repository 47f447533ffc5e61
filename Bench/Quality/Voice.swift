// What is said: about ten seconds of Polish and of English, spoken as the hotline speaks.

import Media
import Speech

/// One language's sentences as sound, at the rate that Opus is given and at the one that G.711 knows.
struct Voice {
    static let languages = ["pl", "en"]
    /// 20 ms frames of silence before, between and behind the sentences: PESQ finds utterances by their pauses.
    private static let pause = 20
    private static let sentences = [
        "pl": [
            "Dzień dobry, tu przychodnia przy ulicy Lipowej.",
            "Aby umówić wizytę u lekarza, proszę nacisnąć jeden.",
            "Wszyscy konsultanci są zajęci.",
        ],
        "en": [
            "Good morning, you have reached the city library.",
            "To renew a book that you have borrowed, please press one.",
            "You will wait for about three minutes.",
        ],
    ]

    let language: String
    /// Whole frames of 20 ms at 16 kHz.
    let wide: [Int16]
    /// The same at 8 kHz: what PESQ compares with.
    let narrow: [Int16]

    init(_ language: String, cache: String) async throws {
        self.language = language
        let library = PromptLibrary(cacheDirectory: cache, promptsDirectory: cache)
        let silence = [Int16](repeating: 0, count: Self.pause * Frame.sampleCount)
        var wide = silence
        for sentence in Self.sentences[language] ?? [] {
            let prompt = try await library.prompt(text: sentence, language: language)
            let count = Int(prompt.view.frames) * Frame.sampleCount
            wide += UnsafeBufferPointer(start: prompt.view.pcm, count: count) + silence
        }
        guard let narrow = RateConverter.convert(wide, from: Frame.sampleRate, to: Ear.sampleRate) else {
            throw QualityError.noSpeech(language)
        }
        self.wide = wide
        self.narrow = narrow
    }

    /// 20 ms packets of it.
    var frameCount: Int { narrow.count / Ear.sampleCount }
}

enum QualityError: Error {
    /// centrala-quality FOLDER SEEDS SHARE SHARES [all | LOSS@JITTER …]
    case usage
    case noSpeech(String)
    case noCodec
}
