// Sounds to say and to look for.

import Glibc

/// Sine tones and their measure.
public enum Tones {
    /// `count` samples of a sine at −12 dBFS, beginning `from` samples after its start.
    public static func sine(_ frequency: Double, rate: Int, from: Int, count: Int) -> [Int16] {
        (0..<count).map { index in
            Int16(8_192 * sin(2 * Double.pi * frequency * Double(from + index) / Double(rate)))
        }
    }

    /// The level of `frequency` in dBFS, a full-scale sine being 0; −120 for silence.
    public static func level(of frequency: Double, in samples: [Int16], rate: Int) -> Double {
        guard !samples.isEmpty else { return -120 }
        let factor = 2 * cos(2 * Double.pi * frequency / Double(rate))
        var last = 0.0
        var beforeLast = 0.0
        for sample in samples {
            let value = Double(sample) / 32_768 + factor * last - beforeLast
            beforeLast = last
            last = value
        }
        let power = last * last + beforeLast * beforeLast - factor * last * beforeLast
        let amplitude = 2 * max(0, power).squareRoot() / Double(samples.count)
        return amplitude > 1e-6 ? 20 * log10(amplitude) : -120
    }

    /// The same as the mean over windows of 50 ms: also right when the tone's phase jumps now and then.
    public static func windowedLevel(of frequency: Double, in samples: [Int16], rate: Int) -> Double {
        let window = rate / 20
        let levels = stride(from: 0, to: samples.count - window + 1, by: window).map {
            level(of: frequency, in: Array(samples[$0..<$0 + window]), rate: rate)
        }
        guard !levels.isEmpty else { return -120 }
        let power = levels.reduce(0) { $0 + pow(10, $1 / 10) } / Double(levels.count)
        return 10 * log10(power)
    }
}
