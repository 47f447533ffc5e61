// Polish and English speech.

import Media
import Testing

@testable import Speech

@Suite("Synthesised speech")
struct ESpeakTests {
    static let polish = [
        "Dzień dobry, tu infolinia.",
        "Zażółć gęślą jaźń.",
        "Przed Panią w kolejce jest jeszcze pięć osób, przewidywany czas oczekiwania to około trzech minut.",
        "Aby porozmawiać z konsultantem, proszę wcisnąć jeden.",
    ]
    static let english = [
        "Good morning, this is the hotline.",
        "For technical help, please press two. To hear this again, press star.",
    ]

    @Test("Polish letters and English words become sound")
    func speaks() async throws {
        let speaker = ESpeak()
        for (language, texts) in [("pl", Self.polish), ("en", Self.english)] {
            for text in texts {
                let samples = try await speaker.speak(SpokenText(text: text, language: language))
                // Nobody says a word in less than a tenth of a second or spells one in two.
                let words = text.split(separator: " ").count
                #expect(samples.count > words * 1_600)
                #expect(samples.count < words * 32_000)
                #expect(samples.contains { abs(Int($0)) > 3_000 })
            }
        }
    }

    @Test("the same text in the other language sounds different, the same text again the same")
    func voices() async throws {
        let speaker = ESpeak()
        let polish = try await speaker.speak(SpokenText(text: "Telefon", language: "pl"))
        let english = try await speaker.speak(SpokenText(text: "Telefon", language: "en"))
        let again = try await speaker.speak(SpokenText(text: "Telefon", language: "pl"))
        #expect(polish != english)
        // The library varies its speech by a few milliseconds.
        #expect(abs(polish.count - again.count) < polish.count / 8)
    }

    @Test("many at once come out as one after another")
    func concurrent() async throws {
        let speaker = ESpeak()
        let polish = SpokenText(text: Self.polish[2], language: "pl")
        let english = SpokenText(text: "Yes.", language: "en")
        let alone = (try await speaker.speak(polish).count, try await speaker.speak(english).count)
        try await withThrowingTaskGroup(of: (isPolish: Bool, count: Int).self) { group in
            for index in 0..<8 {
                let isPolish = index % 2 == 0
                group.addTask { (isPolish, try await speaker.speak(isPolish ? polish : english).count) }
            }
            for try await (isPolish, count) in group {
                let (own, other) = isPolish ? alone : (alone.1, alone.0)
                // The pause at the end of a sentence varies by up to 60 ms with what was spoken before.
                #expect(abs(count - own) <= 960)
                #expect(abs(count - own) * 4 < abs(count - other))
            }
        }
    }

    @Test("a language without a voice, nothing, and a book are refused")
    func refusals() async {
        let speaker = ESpeak()
        await #expect(throws: SpeechError.self) { _ = try await speaker.speak(SpokenText(text: "Tak", language: "xx")) }
        for text in ["", "   ", "\0", "...", "?!"] {
            await #expect(throws: SpeechError.self) {
                _ = try await speaker.speak(SpokenText(text: text, language: "pl"))
            }
        }
        let book = String(repeating: "ala ma kota ", count: 1_000)
        await #expect(throws: SpeechError.self) { _ = try await speaker.speak(SpokenText(text: book, language: "pl")) }
    }

    @Test("marks that a synthesiser might obey are only text")
    func markup() async throws {
        let speaker = ESpeak()
        for text in ["<speak>tak</speak> <mark name='x'/>", "[[t'ak]] tak", "tak\0nie", "😀 tak \u{202E} nie"] {
            let samples = try await speaker.speak(SpokenText(text: text, language: "pl"))
            #expect(!samples.isEmpty)
        }
    }

    @Test("no key tone is heard in speech")
    func talkOff() async throws {
        let speaker = ESpeak()
        var detector = ToneDetector()
        for (language, texts) in [("pl", Self.polish), ("en", Self.english)] {
            for text in texts {
                let wide = try await speaker.speak(SpokenText(text: text, language: language))
                let narrow = try #require(RateConverter.convert(wide, from: 16_000, to: 8_000))
                let keys = narrow.withUnsafeBufferPointer { samples in
                    (0..<samples.count / 160).compactMap {
                        detector.detect(samples.baseAddress! + 160 * $0, count: 160)
                    }
                }
                #expect(keys.isEmpty)
            }
        }
    }
}
