// What cleaning does to speech and to noise, measured.

import Glibc
import Testing

@testable import Media

@Suite struct SpeechCleanerTests {
    /// Speech at `level` dBFS with noise `snr` dB below it, cleaned 20 ms at a time.
    private static func cleaned(
        _ cleaning: SpeechCleaning, rate: Int, level: Double, snr: Double
    ) throws -> (before: [Int16], after: [Int16]) {
        let speech = Signals.speech(rate: rate, seconds: 16, decibels: level)
        // Evenly spread noise of amplitude a has an effective value of a / √3.
        let amplitude = max(1, 32_768 * pow(10, (level - snr) / 20) * 3.0.squareRoot())
        let noise = Signals.noise(count: speech.count, amplitude: Int(amplitude))
        let before = zip(speech, noise).map { Int16(max(-32_768, min(32_767, Int($0) + Int($1)))) }
        var after = before
        var cleaner = try SpeechCleaner(cleaning)
        let frame = rate / 50
        after.withUnsafeMutableBufferPointer { samples in
            for start in stride(from: 0, to: samples.count, by: frame) {
                _ = cleaner.clean(samples.baseAddress! + start, count: frame, rate: rate == 16_000 ? .wide : .narrow)
            }
        }
        return (before, after)
    }

    /// Level in dBFS of the seconds of speech, or of the pauses between them, from the ninth second on.
    private static func level(_ samples: [Int16], rate: Int, ofPauses: Bool) -> Double {
        let (from, to) = ofPauses ? (3.3, 3.9) : (0.1, 2.9)
        let parts = stride(from: 8.0, to: 16, by: 4).map { turn in
            Array(samples[Int((turn + from) * Double(rate))..<Int((turn + to) * Double(rate))])
        }
        return Signals.decibels(Signals.rms(parts.flatMap { $0 }) / 32_768)
    }

    @Test(arguments: [8_000, 16_000], [10.0, 20, 30])
    func `steady noise is lowered by 12 to 16 decibels and speech stays as it is`(rate: Int, snr: Double) throws {
        let cleaning = SpeechCleaning(reducesNoise: true, evensLevel: false)
        let (before, after) = try Self.cleaned(cleaning, rate: rate, level: -20, snr: snr)
        let noise =
            Self.level(before, rate: rate, ofPauses: true) - Self.level(after, rate: rate, ofPauses: true)
        #expect((12...16).contains(noise), "\(noise) dB less noise")
        let speech = Self.level(after, rate: rate, ofPauses: false) - Self.level(before, rate: rate, ofPauses: false)
        #expect(abs(speech) < 1, "speech changed by \(speech) dB")
    }

    @Test(arguments: [8_000, 16_000], [-40.0, -30, -20, -10])
    func `whether a caller is quiet or loud, it is within 2 decibels of prompts`(rate: Int, level: Double) throws {
        let cleaning = SpeechCleaning(reducesNoise: true, evensLevel: true)
        let (_, after) = try Self.cleaned(cleaning, rate: rate, level: level, snr: 30)
        let heard = Self.level(after, rate: rate, ofPauses: false)
        #expect(abs(heard - Loudness.speech) < 2, "\(heard) dBFS")
        #expect(Self.level(after, rate: rate, ofPauses: true) < -55, "the pauses do not come up with it")
    }

    @Test func `what comes out is 10 ms late and otherwise the same when nothing is wanted`() throws {
        let cleaning = SpeechCleaning(reducesNoise: false, evensLevel: false)
        let (before, after) = try Self.cleaned(cleaning, rate: 8_000, level: -20, snr: 60)
        let (value, delay) = Signals.correlation(
            Array(before[80_000..<96_000]), Array(after[80_000..<96_400]), reach: 400)
        #expect(delay == 80)
        #expect(value > 0.99)
    }

    @Test func `full-scale sound, silence and a change of rate do no harm`() throws {
        var cleaner = try SpeechCleaner(SpeechCleaning(reducesNoise: true, evensLevel: true))
        for round in 0..<200 {
            var frame = [Int16](repeating: round % 50 < 25 ? .min : 0, count: 320)
            if round % 2 == 0 { for index in frame.indices where index % 40 < 20 { frame[index] = .max } }
            _ = cleaner.clean(&frame, count: round % 3 == 0 ? 320 : 160, rate: round % 3 == 0 ? .wide : .narrow)
        }
        var silence = [Int16](repeating: 0, count: 160)
        for _ in 0..<100 { _ = cleaner.clean(&silence, count: 160, rate: .narrow) }
        #expect(silence.allSatisfy { abs(Int($0)) < 4 })
    }
}
