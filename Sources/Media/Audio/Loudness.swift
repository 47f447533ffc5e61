// Loudness of a sound as people hear it (ITU-R BS.1770-4, K weighting and gating), for mono.

import Glibc

/// Measures sounds and brings them to a common loudness.
public enum Loudness {
    /// What speech is levelled to, in LUFS: about where the telephone network expects speech (−20 dBFS), with 17 dB left
    /// for its peaks.
    public static let speech = -20.0
    /// Music lies under speech, so that an announcement in it stands out.
    public static let music = -26.0
    /// No sample gets louder than this, in dBFS: codecs and resampling overshoot a little.
    public static let peakLimit = -2.0

    /// The integrated loudness.
    /// - Returns: LUFS; nil for silence (nothing above −70 LUFS).
    public static func measure(_ samples: [Int16], sampleRate: Int) -> Double? {
        let blocks = blockPowers(samples, sampleRate: sampleRate)
        let audible = blocks.filter { loudness($0) > -70 }
        guard !audible.isEmpty else { return nil }
        let gate = loudness(audible.reduce(0, +) / Double(audible.count)) - 10
        let kept = audible.filter { loudness($0) > gate }
        guard !kept.isEmpty else { return nil }
        return loudness(kept.reduce(0, +) / Double(kept.count))
    }

    /// The same sound at loudness `target` (LUFS), its peaks held below `peakLimit` by a limiter that looks ahead.
    /// Silence stays as it is.
    public static func level(_ samples: [Int16], sampleRate: Int, to target: Double) -> [Int16] {
        guard let loudness = measure(samples, sampleRate: sampleRate) else { return samples }
        var gain = target - loudness
        var levelled = samples
        // What the limiter takes from the peaks is given back to the rest; three rounds come within 0.3 dB.
        for _ in 0..<3 {
            levelled = Limiter.apply(samples, gain: pow(10, gain / 20), sampleRate: sampleRate)
            guard let result = measure(levelled, sampleRate: sampleRate), abs(result - target) > 0.2 else { break }
            gain += target - result
        }
        return levelled
    }

    private static func loudness(_ power: Double) -> Double { -0.691 + 10 * log10(max(power, 1e-12)) }

    /// Mean squares of K-weighted blocks of 400 ms, 100 ms apart; one block of everything when there is less.
    private static func blockPowers(_ samples: [Int16], sampleRate: Int) -> [Double] {
        guard !samples.isEmpty else { return [] }
        var shelf = Biquad.shelf(sampleRate: sampleRate)
        var highPass = Biquad.highPass(sampleRate: sampleRate)
        let hop = sampleRate / 10
        var hops: [Double] = []
        var sum = 0.0
        var inHop = 0
        samples.withUnsafeBufferPointer { samples in
            for sample in samples {
                let value = highPass.next(shelf.next(Double(sample) / 32_768))
                sum += value * value
                inHop += 1
                if inHop == hop {
                    hops.append(sum / Double(hop))
                    (sum, inHop) = (0, 0)
                }
            }
        }
        guard hops.count >= 4 else {
            let total = hops.reduce(0) { $0 + $1 * Double(hop) } + sum
            return [total / Double(samples.count)]
        }
        return (0...hops.count - 4).map { hops[$0..<$0 + 4].reduce(0, +) / 4 }
    }
}

/// A second-order filter, direct form II transposed.
private struct Biquad {
    let b0: Double
    let b1: Double
    let b2: Double
    let a1: Double
    let a2: Double
    var first = 0.0
    var second = 0.0

    mutating func next(_ input: Double) -> Double {
        let output = b0 * input + first
        first = b1 * input - a1 * output + second
        second = b2 * input - a2 * output
        return output
    }

    /// BS.1770's first stage, the head's effect; the standard gives 48 kHz coefficients, this is the analogue prototype
    /// behind them (f0 1,682 Hz, 4 dB) for any rate.
    static func shelf(sampleRate: Int) -> Biquad {
        let k = tan(.pi * 1_681.974450955533 / Double(sampleRate))
        let q = 0.7071752369554196
        let high = pow(10, 3.999843853973347 / 20)
        let band = pow(high, 0.4996667741545416)
        let a0 = 1 + k / q + k * k
        return Biquad(
            b0: (high + band * k / q + k * k) / a0, b1: 2 * (k * k - high) / a0,
            b2: (high - band * k / q + k * k) / a0, a1: 2 * (k * k - 1) / a0, a2: (1 - k / q + k * k) / a0)
    }

    /// BS.1770's second stage (f0 38 Hz).
    static func highPass(sampleRate: Int) -> Biquad {
        let k = tan(.pi * 38.13547087602444 / Double(sampleRate))
        let q = 0.5003270373238773
        let a0 = 1 + k / q + k * k
        return Biquad(b0: 1, b1: -2, b2: 1, a1: 2 * (k * k - 1) / a0, a2: (1 - k / q + k * k) / a0)
    }
}
