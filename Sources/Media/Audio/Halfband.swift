// The halfband filter between 8 and 16 kHz: 63 taps, Kaiser window, -6 dB at 4 kHz, 1.94 ms of delay each way.

import Glibc

/// The taps that are not zero: every second one of a linear-phase halfband, symmetric, plus the centre (one half).
/// Passband to 3.4 kHz, stopband from 4.6 kHz; what lies between folds into 3.4…4 kHz, where telephony carries nothing.
enum Halfband {
    /// Non-zero taps beside the centre.
    static var tapCount: Int { 32 }
    /// Samples at 8 kHz that one pass works on.
    static var block: Int {
        @_noLocks @_noAllocation get { 160 }
    }

    /// The first sixteen taps times two; the other sixteen mirror them. All thirty-two sum to 1.
    static let taps: InlineArray<16, Float> = {
        var taps = InlineArray<16, Float>(repeating: 0)
        var sum = 0.0
        for index in 0..<16 {
            let distance = Double(31 - 2 * index)
            let ideal = sin(.pi * distance / 2) / (.pi * distance)
            let value = ideal * kaiser(distance / 32, beta: 7)
            taps[index] = Float(value)
            sum += 2 * value
        }
        for index in 0..<16 { taps[index] /= Float(sum) }
        return taps
    }()

    /// Bessel-I0 window; `position` runs from -1 to 1.
    private static func kaiser(_ position: Double, beta: Double) -> Double {
        bessel(beta * (1 - position * position).squareRoot()) / bessel(beta)
    }

    private static func bessel(_ x: Double) -> Double {
        var sum = 1.0
        var term = 1.0
        for step in 1..<30 {
            term *= (x / 2 / Double(step)) * (x / 2 / Double(step))
            sum += term
        }
        return sum
    }

    /// `line` holds 31 older samples and then `count` new ones; `sums` receives the 32-tap filter's output. Outer loop
    /// over taps, so that the inner one has no chain of additions and becomes vector code.
    @_noLocks @_noAllocation
    static func filter(
        _ line: UnsafePointer<Float>, count: Int, taps: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
    ) {
        for index in 0..<count { sums[index] = 0 }
        for tap in 0..<16 {
            let weight = taps[tap]
            let newer = line + (31 - tap)
            let older = line + tap
            for index in 0..<count { sums[index] += weight * (newer[index] + older[index]) }
        }
    }

    /// Rounds and saturates.
    @_noLocks @_noAllocation @inline(__always)
    static func sample(_ value: Float) -> Int16 {
        let clipped = max(-32_767, min(32_767, value))
        return Int16(clipped + (clipped < 0 ? -0.5 : 0.5))
    }
}
