// What the peers of the bench say.

import Glibc

/// Mono, 16 kHz.
enum Sound {
    /// A buzz whose loudness goes up and down four times a second: codecs work as hard on it as on speech.
    static func speechLike(seconds: Int) -> [Int16] {
        (0..<seconds * 16_000).map { n in
            let t = Double(n) / 16_000
            let buzz = (1...12).reduce(0.0) { $0 + sin(2 * .pi * 140 * Double($1) * t) / Double($1) }
            return Int16(buzz * 3_000 * (0.55 + 0.45 * sin(2 * .pi * 4 * t)))
        }
    }

    /// 60 ms of tone at the beginning of each half second, otherwise silence: its beginning is heard through any codec.
    static func bursts(seconds: Int) -> [Int16] {
        (0..<seconds * 16_000).map { n in
            n % 8_000 < 960 ? Int16(10_000 * cos(2 * .pi * 1_000 * Double(n) / 16_000)) : 0
        }
    }
}
