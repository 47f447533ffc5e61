// DTMF in band (ITU-T Q.23, Q.24); only for peers that did not negotiate telephone-event.

import Glibc

/// Finds key tones in one stream of 8 kHz samples: from 40 ms on, each press once.
///
/// Every 51 samples the last 102 are asked coarsely for a pair of tones. A pair that was there twice in a row is measured
/// over the last 30 ms (`KeyMeasure`): what is not exactly two steady tones is speech. A press ends when its pair was
/// missing four times, so that a gap of 10 ms does not split it and a pause of 40 ms does.
public struct ToneDetector: ~Copyable {
    private static var hop: Int { 51 }
    private static var block: Int { 102 }
    private static var missesToEnd: Int { 4 }
    /// Half of −45 dBm0 in each tone, as the mean square of a sample: weaker ones are crosstalk.
    private static var threshold: Float { 8_200 }
    /// Of the energy of a coarse block, in its two tones: a frequency that is off by 1.5 % seems to lose a fifth.
    private static var share: Float { 0.6 }

    /// The last 30 ms before `fresh` samples of the hop that is being filled.
    private let samples: UnsafeMutablePointer<Float>
    private var fresh = 0
    /// Pairs (row × 4 + column) of the last two coarse blocks, −1 for none.
    private var previous = -1
    private var beforePrevious = -1
    private var pressed = -1
    private var misses = 0

    public init() {
        let count = KeyMeasure.count + Self.hop
        samples = .allocate(capacity: count)
        samples.initialize(repeating: 0, count: count)
    }

    deinit { samples.deallocate() }

    /// Listens to `count` samples at 8 kHz.
    /// - Returns: the ASCII character of the key that was recognised in them (`0`…`9`, `*`, `#`, `A`…`D`), if any. Two
    ///   presses are at least 80 ms apart, so that up to 60 ms hold at most one.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func detect(_ samples: UnsafePointer<Int16>, count: Int) -> UInt8? {
        var found: UInt8?
        for index in 0..<count {
            self.samples[KeyMeasure.count + fresh] = Float(samples[index])
            fresh += 1
            guard fresh == Self.hop else { continue }
            fresh = 0
            memmove(self.samples, self.samples + Self.hop, KeyMeasure.count * MemoryLayout<Float>.stride)
            if let key = judge() { found = key }
        }
        return found
    }

    /// After each hop.
    private mutating func judge() -> UInt8? {
        let pair = coarsePair()
        defer { (previous, beforePrevious) = (pair, previous) }
        if pair == pressed {
            misses = 0
        } else {
            misses += 1
            if misses == Self.missesToEnd { pressed = -1 }
        }
        // Blocks overlap by half: this one begins where that one ended.
        guard pair >= 0, pair != pressed, pair == beforePrevious,
            KeyMeasure(UnsafePointer(samples), row: pair / 4, column: pair % 4).isKey
        else { return nil }
        (pressed, misses) = (pair, 0)
        return KeyMeasure.key(pair)
    }

    /// The strongest row and column in the last block (Goertzel), if most of the energy is theirs.
    private func coarsePair() -> Int {
        let block = samples + KeyMeasure.count - Self.block
        var energy: Float = 0
        for index in 0..<Self.block { energy += block[index] * block[index] }
        guard energy > Self.threshold * Float(Self.block) else { return -1 }
        let factors = KeyMeasure.factors
        var last = SIMD8<Float>.zero
        var beforeLast = SIMD8<Float>.zero
        for index in 0..<Self.block {
            let next = factors * last - beforeLast + block[index]
            (last, beforeLast) = (next, last)
        }
        let powers = last * last + beforeLast * beforeLast - factors * last * beforeLast
        var (row, column) = (0, 4)
        for tone in 1..<4 where powers[tone] > powers[row] { row = tone }
        for tone in 5..<8 where powers[tone] > powers[column] { column = tone }
        let tones = (powers[row] + powers[column]) * 2 / Float(Self.block)
        return tones > Self.share * energy ? row * 4 + column - 4 : -1
    }
}

// because the samples are reached only through this owner, which moves between threads whole
extension ToneDetector: @unchecked Sendable {}
