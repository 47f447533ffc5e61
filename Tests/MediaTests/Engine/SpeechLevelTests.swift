// Levels of speech and of the pauses between.

import Glibc
import TestKit
import Testing

@testable import Media

@Suite struct SpeechLevelTests {
    /// Seconds of a tone at so many dB below a full-scale sine, 8 kHz.
    private func listen(_ level: inout SpeechLevel, seconds: Double, decibels: Double) {
        let amplitude = decibels <= -120 ? 0 : Tones.amplitude(decibels)
        for frame in 0..<Int(seconds * 50) {
            let samples = Tones.sine(440, rate: 8_000, from: frame * 160, count: 160).map {
                Int16((Double($0) * amplitude / 8_192).rounded())
            }
            level.note(samples, count: 160)
        }
    }

    @Test func `speech and noise are told in dBm0, full scale being 3`() {
        var level = SpeechLevel()
        for _ in 0..<5 {
            listen(&level, seconds: 0.6, decibels: -60)
            listen(&level, seconds: 1, decibels: -20)
        }
        #expect(level.signal == -17)
        #expect(level.background.map { abs(Int($0) + 57) <= 1 } ?? false)
        level.restart()
        #expect(level.signal == nil && level.background == nil)
    }

    @Test func `who never speaks has no level, and silence is as low as can be told`() {
        var level = SpeechLevel()
        listen(&level, seconds: 2, decibels: -120)
        #expect(level.signal == nil && level.background.map { $0 < -80 } ?? false)
    }

    @Test func `faint noise that comes and goes is not speech`() {
        var level = SpeechLevel()
        for _ in 0..<5 {
            listen(&level, seconds: 0.5, decibels: -120)
            listen(&level, seconds: 0.5, decibels: -60)
        }
        #expect(level.signal == nil)
    }
}

extension Tones {
    /// Of a sine so many dB from full scale.
    static func amplitude(_ decibels: Double) -> Double { 32_768 * pow(10, decibels / 20) }
}
