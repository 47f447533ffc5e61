// Signals to test with, and how to look at them.

import Glibc

enum Signals {
    static func sine(_ frequency: Double, rate: Int, count: Int, amplitude: Double = 10_000, phase: Double = 0)
        -> [Int16]
    {
        (0..<count).map {
            Int16((amplitude * sin(2 * .pi * frequency * Double($0) / Double(rate) + phase)).rounded())
        }
    }

    /// Something like a vowel: a pulse train of 125 Hz through decaying resonances.
    static func vowel(rate: Int, count: Int) -> [Int16] {
        let period = rate / 125
        return (0..<count).map { index in
            let time = Double(index % period) / Double(rate)
            let voice =
                sin(2 * .pi * 700 * time) * exp(-time * 300) + 0.5 * sin(2 * .pi * 1_200 * time) * exp(-time * 500)
            return Int16(9_000 * voice)
        }
    }

    /// A repeatable stand-in for noise.
    static func noise(count: Int, amplitude: Int = 8_000) -> [Int16] {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int16(Int(state >> 33) % (2 * amplitude + 1) - amplitude)
        }
    }

    /// How much of `frequency` there is: the amplitude of that sine.
    static func amplitude(of frequency: Double, in samples: some Collection<Int16>, rate: Int) -> Double {
        var real = 0.0
        var imaginary = 0.0
        for (index, sample) in samples.enumerated() {
            let angle = 2 * .pi * frequency * Double(index) / Double(rate)
            real += Double(sample) * cos(angle)
            imaginary += Double(sample) * sin(angle)
        }
        return 2 * (real * real + imaginary * imaginary).squareRoot() / Double(samples.count)
    }

    static func rms(_ samples: some Collection<Int16>) -> Double {
        let sum = samples.reduce(0.0) { $0 + Double($1) * Double($1) }
        return (sum / Double(max(samples.count, 1))).squareRoot()
    }

    static func decibels(_ ratio: Double) -> Double { 20 * log10(max(ratio, 1e-9)) }

    /// The greatest step from one sample to the next: what a click shows in.
    static func greatestStep(_ samples: some Collection<Int16>) -> Int {
        zip(samples, samples.dropFirst()).reduce(0) { max($0, abs(Int($1.1) - Int($1.0))) }
    }

    /// Normalised correlation of `a` with `b` delayed by 0…`reach` samples: the best value and its delay.
    static func correlation(_ a: [Int16], _ b: [Int16], reach: Int) -> (value: Double, delay: Int) {
        var best = (value: -1.0, delay: 0)
        for delay in 0...reach {
            var product = 0.0
            var energyA = 1.0
            var energyB = 1.0
            for index in 0..<min(a.count, b.count - delay) {
                let (x, y) = (Double(a[index]), Double(b[index + delay]))
                product += x * y
                energyA += x * x
                energyB += y * y
            }
            let value = product / (energyA * energyB).squareRoot()
            if value > best.value { best = (value, delay) }
        }
        return best
    }
}
