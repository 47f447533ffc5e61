// Tones made and tones found.

import Testing

@testable import Media

@Suite("Tones")
struct ToneTests {
    static let keys = Array("0123456789*#ABCD".utf8)

    private func samples(_ tone: Tone, rate: Int, count: Int) -> [Int16] {
        var generator = ToneGenerator(tone, sampleRate: rate)
        var samples = [Int16](repeating: 0, count: count)
        generator.fill(&samples, count: count)
        return samples
    }

    private func detect(_ samples: [Int16]) -> [UInt8] {
        var detector = ToneDetector()
        var found: [UInt8] = []
        samples.withUnsafeBufferPointer { samples in
            for packet in 0..<samples.count / 160 {
                if let key = detector.detect(samples.baseAddress! + 160 * packet, count: 160) { found.append(key) }
            }
        }
        return found
    }

    @Test("40 ms of a key are enough, through A-law too", arguments: keys)
    func shortKey(key: UInt8) throws {
        let tone = try #require(Tone.dtmf(key))
        for start in [0, 37, 80, 101] {
            let silence = [Int16](repeating: 0, count: 400 + start)
            let press = samples(tone, rate: 8_000, count: 320)
            let line = silence + press + [Int16](repeating: 0, count: 640)
            #expect(detect(line) == [key])
            #expect(detect(line.map { G711.decode(G711.encode($0, law: .a), law: .a) }) == [key])
        }
    }

    @Test("a long press is one key and two presses are two")
    func presses() throws {
        let five = try #require(Tone.dtmf(UInt8(ascii: "5")))
        let press = samples(five, rate: 8_000, count: 4_000)
        let pause = [Int16](repeating: 0, count: 480)
        #expect(detect(press + pause) == [UInt8(ascii: "5")])
        #expect(detect(press + pause + press + pause) == [UInt8(ascii: "5"), UInt8(ascii: "5")])
    }

    @Test("single tones, noise and the network's own tones are no keys")
    func noKeys() throws {
        for frequency in [425.0, 697, 941, 1_209, 1_477] {
            #expect(detect(Signals.sine(frequency, rate: 8_000, count: 8_000)).isEmpty)
        }
        #expect(detect(Signals.noise(count: 40_000, amplitude: 20_000)).isEmpty)
        #expect(detect(Signals.vowel(rate: 8_000, count: 16_000)).isEmpty)
        #expect(detect(samples(.ringback, rate: 8_000, count: 40_000)).isEmpty)
    }

    @Test("characters that are no keys have no tone")
    func strangers() {
        for character in UInt8.min...UInt8.max where !Self.keys.contains(character) {
            #expect(Tone.dtmf(character) == nil)
        }
    }

    @Test("a key holds its two frequencies at the same level", arguments: [8_000, 16_000])
    func levels(rate: Int) throws {
        let tone = try #require(Tone.dtmf(UInt8(ascii: "8")))
        let samples = samples(tone, rate: rate, count: rate).dropFirst(rate / 100)
        let low = Signals.amplitude(of: 852, in: samples, rate: rate)
        let high = Signals.amplitude(of: 1_336, in: samples, rate: rate)
        #expect(abs(Signals.decibels(low / 32_767) + 12) < 0.2)
        #expect(abs(Signals.decibels(high / 32_767) + 12) < 0.2)
    }

    @Test("ringback sounds for a second and is silent for four, again and again")
    func rhythm() {
        let samples = samples(.ringback, rate: 8_000, count: 80_000)
        for second in 0..<10 {
            let loud = Signals.rms(samples[8_000 * second..<8_000 * (second + 1)]) > 1_000
            #expect(loud == (second % 5 == 0))
        }
        #expect(Signals.greatestStep(samples) < 2_500)
    }

    @Test("the beep ends and stays over")
    func beep() {
        var generator = ToneGenerator(.beep, sampleRate: 8_000)
        var samples = [Int16](repeating: 0, count: 1_600)
        generator.fill(&samples, count: 1_599)
        #expect(!generator.isOver)
        generator.fill(&samples, count: 1)
        #expect(generator.isOver)
        generator.fill(&samples, count: 1_600)
        #expect(samples.allSatisfy { $0 == 0 })
    }

    @Test("a minute of a tone without a pause keeps its level")
    func steady() throws {
        let tone = try #require(Tone.dtmf(UInt8(ascii: "1")))
        let samples = samples(tone, rate: 8_000, count: 480_000)
        let first = Signals.amplitude(of: 697, in: samples[800..<8_800], rate: 8_000)
        let last = Signals.amplitude(of: 697, in: samples[471_000..<479_000], rate: 8_000)
        #expect(abs(Signals.decibels(last / first)) < 0.01)
    }
}
