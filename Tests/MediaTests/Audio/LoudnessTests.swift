// Loudness after BS.1770.

import Testing

@testable import Media

@Suite("Loudness")
struct LoudnessTests {
    @Test("a full-scale sine of 1 kHz has -3.01 LUFS at every rate", arguments: [16_000, 22_050, 48_000])
    func reference(rate: Int) throws {
        let sine = Signals.sine(997, rate: rate, count: 3 * rate, amplitude: 32_767)
        let loudness = try #require(Loudness.measure(sine, sampleRate: rate))
        #expect(abs(loudness + 3.01) < 0.15)
    }

    @Test("pauses do not count")
    func gating() throws {
        let sine = Signals.sine(997, rate: 16_000, count: 32_000)
        let plain = try #require(Loudness.measure(sine, sampleRate: 16_000))
        let pauses = sine + [Int16](repeating: 0, count: 64_000) + sine
        let gated = try #require(Loudness.measure(pauses, sampleRate: 16_000))
        #expect(abs(plain - gated) < 0.7)
    }

    @Test("quiet and loud sounds come to the same loudness, no peak above the limit")
    func levelling() throws {
        for amplitude in [300.0, 3_000, 30_000] {
            let sound = Signals.vowel(rate: 16_000, count: 48_000).map { Int16(Double($0) * amplitude / 32_767) }
            let levelled = Loudness.level(sound, sampleRate: 16_000, to: Loudness.speech)
            let loudness = try #require(Loudness.measure(levelled, sampleRate: 16_000))
            #expect(abs(loudness - Loudness.speech) < 0.5)
            #expect(levelled.allSatisfy { abs(Int($0)) <= 26_029 })
        }
    }

    @Test("a single bang in quiet speech is held down without a click before it")
    func limiter() throws {
        var sound = Signals.sine(300, rate: 16_000, count: 48_000, amplitude: 600)
        for index in 24_000..<24_160 { sound[index] = index % 20 < 10 ? 30_000 : -30_000 }
        let levelled = Loudness.level(sound, sampleRate: 16_000, to: -20)
        #expect(levelled.allSatisfy { abs(Int($0)) <= 26_029 })
        #expect(levelled.count == sound.count)
    }

    @Test("silence stays silence, shorter sounds than a block are measured whole")
    func edges() throws {
        #expect(Loudness.measure([], sampleRate: 16_000) == nil)
        #expect(Loudness.measure([Int16](repeating: 0, count: 20_000), sampleRate: 16_000) == nil)
        #expect(Loudness.level([0, 0, 0], sampleRate: 16_000, to: -20) == [0, 0, 0])
        let short = Signals.sine(997, rate: 16_000, count: 1_600, amplitude: 32_767)
        #expect(abs(try #require(Loudness.measure(short, sampleRate: 16_000)) + 3.01) < 0.5)
    }
}
