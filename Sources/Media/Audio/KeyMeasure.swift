// Whether 30 ms of sound are exactly one of DTMF's pairs of tones (ITU-T Q.23, Q.24).

import Glibc

/// Two sines fitted to 30 ms: their frequencies, levels, and how much of the sound they are. Speech has overtones and
/// glides; a key has neither.
struct KeyMeasure: BitwiseCopyable {
    /// Samples at 8 kHz that are measured: a press of 40 ms holds them wherever it begins, one of 20 ms does not.
    static var count: Int { 240 }

    /// Q.24: 1.5 % must be heard, 3.5 % must not.
    private static var largestShift: Float { 0.019 }
    /// Amplitudes, row to column. Q.24: a column may be 8 dB weaker and 4 dB stronger; noise moves that by a decibel.
    private static var twists: ClosedRange<Float> { 0.56...2.82 }
    /// −45 dBm0: Q.24 asks for −25 (North America) and that −55 is none.
    private static var weakest: Float { 128 }
    /// Of the energy, in the two tones: noise that is 12 dB weaker leaves 94 %.
    private static var purity: Float { 0.93 }

    /// Radians a sample: four rows, four columns.
    private static var speeds: SIMD8<Float> {
        SIMD8(697, 770, 852, 941, 1_209, 1_336, 1_477, 1_633) * (2 * .pi / 8_000)
    }
    /// Twice the cosines of the speeds.
    static var factors: SIMD8<Float> {
        SIMD8(1.7077378, 1.645281, 1.568687, 1.4782046, 1.164104, 0.9963702, 0.7986184, 0.5685327)
    }

    private(set) var row: Sine
    private(set) var column: Sine
    /// 0 to 1.
    private(set) var share: Float

    init(_ samples: UnsafePointer<Float>, row: Int, column: Int) {
        self.row = Sine(samples, near: Self.speeds[row])
        self.column = Sine(samples, near: Self.speeds[4 + column])
        var energy: Float = 1
        var rest: Float = 0
        var (low, high) = (self.row.begin(), self.column.begin())
        for index in 0..<Self.count {
            let difference = samples[index] - low.next() - high.next()
            energy += samples[index] * samples[index]
            rest += difference * difference
        }
        share = 1 - rest / energy
    }

    var isKey: Bool {
        let (low, high) = (row.amplitude, column.amplitude)
        return abs(row.shift) < Self.largestShift && abs(column.shift) < Self.largestShift
            && min(low, high) > Self.weakest && low > high * Self.twists.lowerBound
            && low < high * Self.twists.upperBound && share > Self.purity
    }

    /// - Parameter pair: row × 4 + column.
    /// - Returns: ASCII.
    static func key(_ pair: Int) -> UInt8 {
        switch pair {
        case 3, 7, 11, 15: UInt8(ascii: "A") + UInt8(pair / 4)
        case 12: UInt8(ascii: "*")
        case 13: UInt8(ascii: "0")
        case 14: UInt8(ascii: "#")
        default: UInt8(ascii: "1") + UInt8(pair / 4 * 3 + pair % 4)
        }
    }
}

extension KeyMeasure {
    /// One sine of the sound.
    struct Sine: BitwiseCopyable {
        /// Radians a sample.
        private var speed: Float
        /// At the first sample, amplitude and phase.
        private var start: SIMD2<Float>
        /// By what part the frequency is off.
        private(set) var shift: Float

        var amplitude: Float { (start * start).sum().squareRoot() }

        /// The frequency is told by how the phase moves between the sound's beginning, middle and end; up to 66 Hz beside
        /// the nominal one.
        init(_ samples: UnsafePointer<Float>, near nominal: Float) {
            let parts = Self.parts(samples, nominal)
            let turns = Self.turn(from: parts.0, to: parts.1) + Self.turn(from: parts.1, to: parts.2)
            let distance = atan2(turns.y, turns.x) / Float(Self.step)
            shift = distance / nominal
            speed = nominal + distance
            let fitted = Self.parts(samples, speed)
            start = (fitted.0 + fitted.1 + fitted.2) * (2 / Float(3 * Self.step))
        }

        func begin() -> Generator { Generator(state: start, rotation: SIMD2(cos(speed), sin(speed))) }

        private static var step: Int { KeyMeasure.count / 4 }

        private static func turn(from a: SIMD2<Float>, to b: SIMD2<Float>) -> SIMD2<Float> {
            SIMD2(a.x * b.x + a.y * b.y, a.x * b.y - a.y * b.x)
        }

        /// The tone's amplitude and phase in three halves of the sound that overlap by half, each under a Hann window,
        /// which keeps the other tone out.
        private static func parts(
            _ samples: UnsafePointer<Float>, _ speed: Float
        ) -> (SIMD2<Float>, SIMD2<Float>, SIMD2<Float>) {
            var wave = Generator(state: SIMD2(1, 0), rotation: SIMD2(cos(speed), -sin(speed)))
            var parts = (SIMD2<Float>.zero, SIMD2<Float>.zero, SIMD2<Float>.zero)
            var falling = SIMD2<Float>.zero
            for quarter in 0..<4 {
                var rising = SIMD2<Float>.zero
                falling = .zero
                var window = Generator(
                    state: SIMD2(1, 0), rotation: SIMD2(cos(.pi / Float(step)), sin(.pi / Float(step))))
                for index in quarter * step..<(quarter + 1) * step {
                    let weight = 0.5 - 0.5 * window.next()
                    let product = wave.state * samples[index]
                    rising += product * weight
                    falling += product * (1 - weight)
                    _ = wave.next()
                }
                switch quarter {
                case 0: parts.0 = rising
                case 1: (parts.0, parts.1) = (parts.0 + falling, rising)
                case 2: (parts.1, parts.2) = (parts.1 + falling, rising)
                default: parts.2 += falling
                }
            }
            return parts
        }
    }

    /// A pointer that turns by one angle a sample.
    struct Generator: BitwiseCopyable {
        private(set) var state: SIMD2<Float>
        private let rotation: SIMD2<Float>

        init(state: SIMD2<Float>, rotation: SIMD2<Float>) {
            self.state = state
            self.rotation = rotation
        }

        /// The real part, before it turns.
        mutating func next() -> Float {
            let real = state.x
            state = SIMD2(
                state.x * rotation.x - state.y * rotation.y, state.x * rotation.y + state.y * rotation.x)
            return real
        }
    }
}
