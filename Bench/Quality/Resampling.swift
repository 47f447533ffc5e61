// What the resamplers do to a sine: how level their passband is, and what they add to it (THD+N).

import Foundation
import Media

/// One resampler, measured with sines at −6 dB of full scale; 16-bit samples by themselves allow for −92 dB.
struct Resampling: Codable {
    let name: String
    /// Hertz up to which the passband is meant to reach.
    let edge: Double
    /// Everything but the sine, at 1 kHz and at worst in the passband, in dB of it.
    let distortion: Double
    let worstDistortion: Double
    /// The greatest deviation from the level at 1 kHz within 300 Hz and the edge, dB.
    let ripple: Double

    private static let amplitude = 16_384.0

    static func all() -> [Resampling] {
        let files = [
            (8_000, 16_000), (11_025, 16_000), (22_050, 16_000), (44_100, 16_000), (48_000, 16_000), (16_000, 8_000),
        ]
        return [
            Resampling("Upsampler 8 → 16 kHz", from: 8_000, to: 16_000) { up($0) },
            Resampling("Downsampler 16 → 8 kHz", from: 16_000, to: 8_000) { down($0) },
        ]
            + files.map { from, to in
                Resampling("RateConverter \(Double(from) / 1_000) → \(to / 1_000) kHz", from: from, to: to) {
                    RateConverter.convert($0, from: from, to: to) ?? []
                }
            }
    }

    private init(_ name: String, from: Int, to: Int, _ resample: ([Int16]) -> [Int16]) {
        self.name = name
        // What telephones carry of narrow band, and of wide band.
        edge = min(from, to) < 16_000 ? 3_400 : 7_000
        let measured = Array(stride(from: 300, to: edge, by: 100)) + [edge]
        func fit(_ frequency: Double) -> (level: Double, rest: Double) {
            // Without the ends, where the filter knows only a part of the sine.
            let heard = resample(Self.sine(frequency, rate: from)).dropFirst(to / 10).dropLast(to / 10)
            return Self.fit(frequency, in: heard, rate: to)
        }
        let fits = measured.map { fit($0) }
        let reference = fit(1_000)
        distortion = reference.rest
        worstDistortion = fits.map(\.rest).max() ?? 0
        ripple = fits.map { abs($0.level - reference.level) }.max() ?? 0
    }

    private static func sine(_ frequency: Double, rate: Int) -> [Int16] {
        (0..<rate).map { Int16((amplitude * sin(2 * .pi * frequency * Double($0) / Double(rate))).rounded()) }
    }

    /// The level of a sine and of what remains without it, both in dB, the rest relative to the sine. Fitted over a whole
    /// number of its periods, because every frequency is a multiple of 10 Hz and the stretch one of 100 ms.
    private static func fit(
        _ frequency: Double, in samples: ArraySlice<Int16>, rate: Int
    ) -> (level: Double, rest: Double) {
        let count = samples.count / (rate / 10) * (rate / 10)
        let stretch = Array(samples.prefix(count)).map(Double.init)
        let angles = (0..<count).map { 2 * .pi * frequency * Double($0) / Double(rate) }
        let real = zip(stretch, angles).reduce(0) { $0 + $1.0 * cos($1.1) } * 2 / Double(count)
        let imaginary = zip(stretch, angles).reduce(0) { $0 + $1.0 * sin($1.1) } * 2 / Double(count)
        let rest = zip(stretch, angles).reduce(0) { sum, pair in
            let difference = pair.0 - real * cos(pair.1) - imaginary * sin(pair.1)
            return sum + difference * difference
        }
        let power = (real * real + imaginary * imaginary) / 2
        return (10 * log10(power), 10 * log10(max(rest / Double(count), 1e-9) / power))
    }

    private static func up(_ samples: [Int16]) -> [Int16] {
        var upsampler = Upsampler()
        var output = [Int16](repeating: 0, count: 2 * samples.count)
        samples.withUnsafeBufferPointer { samples in
            // because a second of sound is not empty
            upsampler.process(samples.baseAddress!, count: samples.count, into: &output)
        }
        return output
    }

    private static func down(_ samples: [Int16]) -> [Int16] {
        var downsampler = Downsampler()
        var output = [Int16](repeating: 0, count: samples.count / 2)
        samples.withUnsafeBufferPointer { samples in
            // because a second of sound is not empty
            downsampler.process(samples.baseAddress!, count: samples.count, into: &output)
        }
        return output
    }
}
