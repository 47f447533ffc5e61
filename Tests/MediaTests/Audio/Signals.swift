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

    /// Something like speech, as loud as `decibels` (dBFS) while it lasts: a gliding voice through three resonances,
    /// four syllables a second, three seconds of them and one second of silence in turn.
    static func speech(rate: Int, seconds: Int, decibels: Double = -20) -> [Int16] {
        let formants = [[700.0, 1_200, 2_500], [300, 2_200, 2_900], [450, 900, 2_400], [550, 1_700, 2_500]]
        var last = [0.0, 0, 0]
        var beforeLast = [0.0, 0, 0]
        var phase = 0.0
        var active = 0.0
        let sound = (0..<rate * seconds).map { index in
            let time = Double(index) / Double(rate)
            let syllable = Int(time * 4)
            phase += (110 + 30 * sin(2 * .pi * 0.7 * time)) / Double(rate)
            let pulse = phase >= 1 ? 1.0 : 0
            phase -= pulse
            var value = 0.0
            for (place, formant) in formants[syllable * 7 % 4].enumerated() {
                let radius = exp(-.pi * Double(80 + 40 * place) / Double(rate))
                let turn = 2 * radius * cos(2 * .pi * formant / Double(rate))
                let next = pulse * (1 - radius) + turn * last[place] - radius * radius * beforeLast[place]
                (beforeLast[place], last[place]) = (last[place], next)
                value += next / Double(place + 1)
            }
            guard syllable % 16 < 12 else { return 0.0 }
            let swell = sin(.pi * (time * 4 - Double(syllable)))
            value *= swell * swell
            active += value * value
            return value
        }
        let gain = 32_768 * pow(10, decibels / 20) / (active / Double(sound.count * 3 / 4)).squareRoot()
        return sound.map { Int16(max(-32_768, min(32_767, $0 * gain))) }
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
