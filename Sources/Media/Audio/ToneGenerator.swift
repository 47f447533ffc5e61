// Samples of a tone, one block after another.

import Glibc

/// Plays a `Tone`. Two recursive oscillators: no sine is computed while it runs; 4 ms ramps keep the edges from clicking.
public struct ToneGenerator: Sendable, BitwiseCopyable {
    private var low: Oscillator
    private var high: Oscillator
    private let on: Int
    private let period: Int
    private let repeats: Bool
    private let rampLength: Int
    private var position = 0

    /// - Parameter sampleRate: 8,000 or 16,000.
    public init(_ tone: Tone, sampleRate: Int = 16_000) {
        let amplitude = 32_767 * pow(10, tone.level / 20)
        low = Oscillator(frequency: tone.frequencies.low, amplitude: amplitude, sampleRate: sampleRate)
        high = Oscillator(
            frequency: tone.frequencies.high, amplitude: tone.frequencies.high > 0 ? amplitude : 0,
            sampleRate: sampleRate)
        on = tone.onMilliseconds * sampleRate / 1_000
        period = (tone.onMilliseconds + tone.offMilliseconds) * sampleRate / 1_000
        repeats = tone.repeats
        rampLength = sampleRate / 250
    }

    /// True once a tone that does not repeat is over.
    public var isOver: Bool { !repeats && position >= on }

    /// Writes the next `count` samples.
    @_noLocks @_noAllocation
    public mutating func fill(_ samples: UnsafeMutablePointer<Int16>, count: Int) {
        for index in 0..<count {
            let value = low.next() + high.next()
            samples[index] = Int16(max(-32_768, min(32_767, value * gain())))
            position += 1
            if repeats, position == period { position = period == on ? rampLength : 0 }
        }
    }

    /// 0…1 by the place in the rhythm. A tone without a pause never ramps down; `position` then loops after the ramp.
    @_noLocks @_noAllocation @inline(__always)
    private func gain() -> Double {
        if position >= on { return 0 }
        if position < rampLength { return Double(position) / Double(rampLength) }
        let left = on - position
        if left < rampLength, !repeats || period > on { return Double(left) / Double(rampLength) }
        return 1
    }
}

/// y[n] = 2 cos ω · y[n-1] - y[n-2]: in double precision it stays within 0.01 dB for hours.
private struct Oscillator: Sendable, BitwiseCopyable {
    private let factor: Double
    private var last: Double
    private var beforeLast: Double

    init(frequency: Double, amplitude: Double, sampleRate: Int) {
        let step = 2 * Double.pi * frequency / Double(sampleRate)
        factor = 2 * cos(step)
        last = -amplitude * sin(step)
        beforeLast = -amplitude * sin(2 * step)
    }

    @_noLocks @_noAllocation @inline(__always)
    mutating func next() -> Double {
        let value = factor * last - beforeLast
        beforeLast = last
        last = value
        return value
    }
}
