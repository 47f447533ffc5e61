// Which tones are a key, and which are not (ITU-T Q.24, with the limits of its tables for North America).

import Glibc
import Testing

@testable import Media

@Suite struct KeyToneTests {
    private static let keys = Array("123A456B789C*0#D".utf8)
    private static let low = [697.0, 770, 852, 941]
    private static let high = [1_209.0, 1_336, 1_477, 1_633]
    /// Presses begin anywhere in a packet and in the detector's blocks.
    private static let offsets = [0, 37, 80, 101, 133]

    /// `low` and `high` in dBm0, `shift` by how much each frequency is off.
    private static func press(
        _ key: UInt8, milliseconds: Int, low: Double = -13, high: Double = -13, shift: (Double, Double) = (0, 0)
    ) -> [Int16] {
        // because all keys are in the list
        let place = keys.firstIndex(of: key)!
        let frequencies = (Self.low[place / 4] * (1 + shift.0), Self.high[place % 4] * (1 + shift.1))
        // Full scale is 3.14 dBm0 in A-law (G.711).
        let amplitudes = (32_767 * pow(10, (low - 3.14) / 20), 32_767 * pow(10, (high - 3.14) / 20))
        return (0..<8 * milliseconds).map { index in
            let time = 2 * .pi * Double(index) / 8_000
            let sum = amplitudes.0 * sin(frequencies.0 * time) + amplitudes.1 * sin(frequencies.1 * time)
            return Int16(max(-32_767, min(32_767, sum)))
        }
    }

    private static func pause(_ milliseconds: Int) -> [Int16] { [Int16](repeating: 0, count: 8 * milliseconds) }

    /// The keys heard in what `line` makes of each key, from each offset.
    private static func isHeard(as wanted: (UInt8) -> [UInt8], _ line: (UInt8) -> [Int16]) -> Bool {
        for key in keys {
            for offset in offsets {
                var detector = ToneDetector()
                let samples = [Int16](repeating: 0, count: 400 + offset) + line(key) + pause(100)
                let heard = stride(from: 0, through: samples.count - 160, by: 160).compactMap { start in
                    samples[start..<start + 160].withUnsafeBufferPointer { packet in
                        // because a packet is not empty
                        detector.detect(packet.baseAddress!, count: 160)
                    }
                }
                guard heard == wanted(key) else { return false }
            }
        }
        return true
    }

    /// Added to a line, at `level` in dBm0 over the telephone's 4 kHz: Gaussian, from a fixed seed.
    private static func noise(over line: [Int16], level: Double, seed: UInt64) -> [Int16] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next() -> Double {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Double(state >> 11) / 9_007_199_254_740_992
        }
        let deviation = 32_767 * pow(10, (level - 3.14) / 20) / 2.0.squareRoot()
        return line.map { sample in
            let gauss = (-2 * log(max(next(), .leastNormalMagnitude))).squareRoot() * cos(2 * .pi * next())
            return Int16(max(-32_767, min(32_767, Double(sample) + deviation * gauss)))
        }
    }

    @Test(arguments: [3, 0, -3, -10, -25, -35])
    func `a key is heard from full level to below what any line leaves of it`(level: Double) {
        #expect(Self.isHeard(as: { [$0] }) { Self.press($0, milliseconds: 40, low: level, high: level) })
    }

    @Test func `crosstalk is no key`() {
        #expect(Self.isHeard(as: { _ in [] }) { Self.press($0, milliseconds: 200, low: -55, high: -55) })
    }

    @Test(arguments: [-8, -7, -4, 0, 2, 4])
    func `the high tone may be 8 dB weaker and 4 dB stronger`(twist: Double) {
        #expect(
            Self.isHeard(as: { [$0] }) {
                Self.press($0, milliseconds: 40, low: -13 - max(0, twist), high: -13 + min(0, twist))
            })
    }

    @Test(arguments: [-15, -12, -10, 6, 8, 12])
    func `tones that differ by more are no key`(twist: Double) {
        #expect(
            Self.isHeard(as: { _ in [] }) {
                Self.press($0, milliseconds: 100, low: -13 - max(0, twist), high: -13 + min(0, twist))
            })
    }

    @Test func `40 ms are a key and 20 ms are not`() {
        #expect(Self.isHeard(as: { [$0] }) { Self.press($0, milliseconds: 35) })
        #expect(Self.isHeard(as: { [$0] }) { Self.press($0, milliseconds: 40) })
        #expect(Self.isHeard(as: { _ in [] }) { Self.press($0, milliseconds: 23) })
        #expect(Self.isHeard(as: { _ in [] }) { Self.press($0, milliseconds: 20) })
    }

    @Test(arguments: [30, 40, 50, 100])
    func `after 40 ms of pause the same key is another one`(milliseconds: Int) {
        #expect(
            Self.isHeard(as: { [$0, $0] }) {
                Self.press($0, milliseconds: 40) + Self.pause(milliseconds) + Self.press($0, milliseconds: 40)
            })
    }

    @Test(arguments: [2, 5, 10, 15])
    func `a gap of 10 ms does not make two presses of one`(milliseconds: Int) {
        #expect(
            Self.isHeard(as: { [$0] }) {
                Self.press($0, milliseconds: 40) + Self.pause(milliseconds) + Self.press($0, milliseconds: 40)
            })
        #expect(
            Self.isHeard(as: { [$0] }) {
                Self.press($0, milliseconds: 20) + Self.pause(milliseconds) + Self.press($0, milliseconds: 40)
            })
    }

    @Test func `a lost packet inside a press does not make two presses of it`() {
        #expect(
            Self.isHeard(as: { [$0] }) { key in
                let press = Self.press(key, milliseconds: 107)
                return Array(press[..<320]) + press[480...]
            })
    }

    private static let signs = [(1.0, 1.0), (-1, -1), (1, -1), (-1, 1), (1, 0), (-1, 0), (0, 1), (0, -1)]

    @Test(arguments: signs)
    func `frequencies may be off by 1.5 per cent`(sign: (Double, Double)) {
        let shift = (0.015 * sign.0, 0.015 * sign.1)
        for (low, high) in [(-13.0, -13.0), (-13, -21), (-17, -13)] {
            #expect(
                Self.isHeard(as: { [$0] }) {
                    Self.press($0, milliseconds: 40, low: low, high: high, shift: shift)
                })
        }
    }

    @Test(arguments: signs)
    func `what is off by 3.5 per cent is no key`(sign: (Double, Double)) {
        for part in [0.025, 0.035, 0.05] {
            #expect(
                Self.isHeard(as: { _ in [] }) {
                    Self.press($0, milliseconds: 80, shift: (part * sign.0, part * sign.1))
                })
        }
    }

    /// Full presses of 40 ms; the pair has −10 dBm0.
    @Test(arguments: [20, 15])
    func `noise 15 dB below a key does not hide it`(ratio: Double) {
        #expect(
            Self.isHeard(as: { [$0, $0] }) { key in
                let line = Self.press(key, milliseconds: 40) + Self.pause(40) + Self.press(key, milliseconds: 40)
                return Self.noise(over: line, level: -10 - ratio, seed: UInt64(key))
            })
        #expect(
            Self.isHeard(as: { [$0] }) { key in
                Self.noise(
                    over: Self.press(key, milliseconds: 400, low: -13, high: -13, shift: (0.015, -0.015)),
                    level: -10 - ratio, seed: UInt64(key))
            })
    }

    @Test(arguments: [80, 240, 480])
    func `packets of any length tell the same keys`(count: Int) {
        for key in Self.keys {
            let press = Self.press(key, milliseconds: 40)
            let samples = Self.pause(53) + press + Self.pause(40) + press + Self.pause(100)
            var detector = ToneDetector()
            let heard = stride(from: 0, through: samples.count - count, by: count).compactMap { start in
                samples[start..<start + count].withUnsafeBufferPointer { packet in
                    // because a packet is not empty
                    detector.detect(packet.baseAddress!, count: count)
                }
            }
            #expect(heard == [key, key])
        }
    }
}
