// Who hears whom, in arithmetic.

import Testing

@testable import Media

@Suite("Mixer")
struct MixerTests {
    @Test("everybody hears the others and not themselves")
    func others() {
        let parties = (1...4).map { [Int16](repeating: Int16(1_000 * $0), count: 320) }
        var sum = [Int32](repeating: 7, count: 320)
        Mixer.clear(&sum, count: 320)
        for party in parties { Mixer.add(party, to: &sum, count: 320) }
        var heard = [Int16](repeating: 0, count: 320)
        for (index, party) in parties.enumerated() {
            Mixer.mix(sum, without: party, into: &heard, count: 320)
            #expect(heard.allSatisfy { $0 == Int16(10_000 - 1_000 * (index + 1)) })
        }
        Mixer.mix(sum, into: &heard, count: 320)
        #expect(heard.allSatisfy { $0 == 10_000 })
    }

    @Test("many loud parties saturate on the way out only")
    func saturation() {
        let loud = [Int16](repeating: 32_767, count: 320)
        var sum = [Int32](repeating: 0, count: 320)
        for _ in 0..<64 { Mixer.add(loud, to: &sum, count: 320) }
        var heard = [Int16](repeating: 0, count: 320)
        Mixer.mix(sum, without: loud, into: &heard, count: 320)
        #expect(heard.allSatisfy { $0 == 32_767 })
        let low = [Int16](repeating: -32_768, count: 320)
        for _ in 0..<128 { Mixer.add(low, to: &sum, count: 320) }
        Mixer.mix(sum, into: &heard, count: 320)
        #expect(heard.allSatisfy { $0 == -32_768 })
    }

    @Test("a ramp runs from its first gain to its last")
    func ramp() {
        var samples = [Int16](repeating: 10_000, count: 100)
        Mixer.ramp(&samples, count: 100, from: 0, to: 1)
        #expect(samples[0] == 0)
        #expect(samples[50] == 5_000)
        #expect(samples == samples.sorted())
    }

    @Test("a frame is 20 ms of 16 kHz and silent at first")
    func frame() {
        var frame = Frame()
        var silent = false
        frame.withSamples { samples in silent = (0..<Frame.sampleCount).allSatisfy { samples[$0] == 0 } }
        #expect(silent)
        frame.withMutableSamples { $0[319] = 5 }
        let last = frame.samples[319]
        #expect(last == 5)
        #expect(MemoryLayout<Frame>.size == 640)
    }

    @Test("what is too large is told, what just fits is not")
    func clipping() {
        var heard = [Int16](repeating: 0, count: 4)
        #expect(Mixer.mix([0, 32_767, -32_768, 5], into: &heard, count: 4) == false)
        #expect(Mixer.mix([0, 32_768, 0, 0], into: &heard, count: 4))
        #expect(Mixer.mix([0, 0, 0, -32_769], into: &heard, count: 4))
        #expect(Mixer.mix([40_000, 0, 0, 0], without: [8_000, 0, 0, 0], into: &heard, count: 4) == false)
        #expect(heard[0] == 32_000)
        #expect(Mixer.mix([40_000, 0, 0, 0], without: [-1, 0, 0, 0], into: &heard, count: 4))
        #expect(heard[0] == 32_767)
    }

    @Test("what is taken out of a sum is not in it", arguments: [1, 7, 160, 320])
    func subtraction(count: Int) {
        let parties = (1...3).map { Signals.noise(count: count, amplitude: 1_000 * $0) }
        var sum = [Int32](repeating: 0, count: count)
        for party in parties { Mixer.add(party, to: &sum, count: count) }
        Mixer.subtract(parties[1], from: &sum, count: count)
        var heard = [Int16](repeating: 0, count: count)
        Mixer.mix(sum, into: &heard, count: count)
        #expect(heard == zip(parties[0], parties[2]).map { $0 + $1 })
    }
}
