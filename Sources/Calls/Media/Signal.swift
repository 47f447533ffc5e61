// Tones that callers hear: one that says "speak now", and ringing.

import Foundation
import Media

/// Sines at 16 kHz, with soft edges.
struct Signal {
    private static let sampleRate = 16_000.0
    private static let edge = 0.005

    let frequency: Double
    /// Seconds of sound, then of silence.
    let on: Double
    let off: Double

    static let tone = Signal(frequency: 800, on: 0.3, off: 0.1)
    static let silence = Signal(frequency: 0, on: 0, off: 1)
    static let ringing = Signal(frequency: 425, on: 1, off: 4)

    var samples: [Int16] {
        let count = Int((on + off) * Self.sampleRate)
        return (0..<count).map { index in
            let time = Double(index) / Self.sampleRate
            guard time < on else { return 0 }
            let envelope = min(1, min(time, on - time) / Self.edge)
            return Int16(4_000 * envelope * sin(2 * .pi * frequency * time))
        }
    }

    /// Because a fixed, short, non-empty sound always becomes a prompt; only exhausted memory could stop it.
    var prompt: Prompt { try! Prompt(samples16k: samples, seamless: false) }
}
