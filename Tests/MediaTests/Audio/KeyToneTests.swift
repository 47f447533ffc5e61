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
    private static func isHeard(as wanted: (UInt8) -> [UInt8], _ line: (UInt8) -> [Int16]) throws -> Bool {
        for key in keys {
            for offset in offsets {
                guard var detector = ToneDetector() else { throw NoDetector() }
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

    @Test(arguments: [0, -3, -10, -25, -35])
    func `a key is heard from full level to below what any line leaves of it`(level: Double) throws {
        #expect(try Self.isHeard(as: { [$0] }) { Self.press($0, milliseconds: 50, low: level, high: level) })
    }

    @Test func `crosstalk is no key`() throws {
        #expect(try Self.isHeard(as: { _ in [] }) { Self.press($0, milliseconds: 200, low: -55, high: -55) })
    }

    /// At 8 dB, where Q.24 draws its line, one press in eighty is not heard as one.
    @Test(arguments: [-7, -4, 0, 2, 4])
    func `the high tone may be 7 dB weaker and 4 dB stronger`(twist: Double) throws {
        #expect(
            try Self.isHeard(as: { [$0] }) {
                Self.press($0, milliseconds: 60, low: -13 - max(0, twist), high: -13 + min(0, twist))
            })
    }

    @Test(arguments: [-15, -12, 8, 12])
    func `tones that differ by more are no key`(twist: Double) throws {
        #expect(
            try Self.isHeard(as: { _ in [] }) {
                Self.press($0, milliseconds: 100, low: -13 - max(0, twist), high: -13 + min(0, twist))
            })
    }

    @Test func `40 ms are a key and 20 ms are not`() throws {
        #expect(try Self.isHeard(as: { [$0] }) { Self.press($0, milliseconds: 40) })
        #expect(try Self.isHeard(as: { _ in [] }) { Self.press($0, milliseconds: 20) })
    }

    @Test(arguments: [40, 50, 100])
    func `after 40 ms of pause the same key is another one`(milliseconds: Int) throws {
        #expect(
            try Self.isHeard(as: { [$0, $0] }) {
                Self.press($0, milliseconds: 40) + Self.pause(milliseconds) + Self.press($0, milliseconds: 40)
            })
    }

    @Test(arguments: [(0.01, 0.01), (-0.01, -0.01), (0.01, -0.01), (0.015, 0), (-0.015, 0), (0, 0.015), (0, -0.015)])
    func `frequencies may be off a little`(shift: (Double, Double)) throws {
        #expect(try Self.isHeard(as: { [$0] }) { Self.press($0, milliseconds: 80, shift: shift) })
    }

    @Test(arguments: [(0.035, 0.035), (-0.035, -0.035), (0.035, -0.035), (0, 0.035), (0, -0.035)])
    func `what is off by 3.5 per cent is no key`(shift: (Double, Double)) throws {
        #expect(try Self.isHeard(as: { _ in [] }) { Self.press($0, milliseconds: 80, shift: shift) })
    }
}

private struct NoDetector: Error {}
