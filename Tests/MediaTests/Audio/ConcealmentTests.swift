// Lost G.711 packets.

import Testing

@testable import Media

@Suite("Concealment")
struct ConcealmentTests {
    /// Plays `samples` in 20 ms packets without those in `lost`.
    private func play(_ samples: [Int16], lost: Set<Int>) -> [Int16] {
        var concealment = Concealment()
        var output = samples
        output.withUnsafeMutableBufferPointer { output in
            for packet in 0..<samples.count / 160 {
                let place = output.baseAddress! + 160 * packet
                if lost.contains(packet) {
                    concealment.conceal(into: place, count: 160)
                } else {
                    concealment.received(place, count: 160)
                }
            }
        }
        return output
    }

    @Test("without loss not one sample changes")
    func transparent() {
        let vowel = Signals.vowel(rate: 8_000, count: 1_600)
        #expect(play(vowel, lost: []) == vowel)
    }

    @Test("one lost packet keeps the energy and brings no click")
    func onePacket() {
        for samples in [
            Signals.vowel(rate: 8_000, count: 3_200), Signals.sine(150, rate: 8_000, count: 3_200),
            Signals.sine(440, rate: 8_000, count: 3_200),
        ] {
            let output = play(samples, lost: [10])
            let energy = Signals.rms(output[1_600..<1_760]) / Signals.rms(samples[1_600..<1_760])
            #expect(abs(Signals.decibels(energy)) < 2.5)
            #expect(Signals.greatestStep(output) <= Signals.greatestStep(samples) * 13 / 10 + 40)
        }
    }

    @Test("a tone goes on in its own pitch")
    func pitch() {
        let samples = Signals.sine(200, rate: 8_000, count: 3_200)
        let output = play(samples, lost: [10])
        #expect(Signals.amplitude(of: 200, in: output[1_600..<1_760], rate: 8_000) > 8_500)
    }

    @Test("a long gap fades within 60 ms and stays silent")
    func fade() {
        let samples = Signals.vowel(rate: 8_000, count: 4_800)
        let output = play(samples, lost: Set(10..<20))
        let energies = (10..<20).map { Signals.rms(output[160 * $0..<160 * ($0 + 1)]) }
        #expect(energies[0] > energies[1] && energies[1] > energies[2])
        #expect(output[(1_600 + 480)..<3_200].allSatisfy { $0 == 0 })
        #expect(Signals.greatestStep(output) <= Signals.greatestStep(samples) * 13 / 10 + 40)
    }

    /// A second period is taken only when the first has been heard for 25 ms.
    @Test("within 20 ms only the last period is repeated")
    func onePeriod() {
        // Every other period is softer, so that the last two can be told from each other.
        var samples = Signals.sine(100, rate: 8_000, count: 3_200)
        for index in samples.indices where index / 80 % 2 == 1 { samples[index] = samples[index] / 4 * 3 }
        let output = play(samples, lost: [10])
        for index in 20..<80 {
            let (before, after) = (Double(output[1_600 + index]), Double(output[1_680 + index]))
            #expect(abs(after - before * (1 - Double(index) / 400)) < 30, "sample \(index)")
        }
    }

    @Test("behind a gap all but a quarter of a period is what was said", arguments: [1, 2, 3, 5])
    func blend(lost: Int) {
        let samples = Signals.vowel(rate: 8_000, count: 4_800)
        let output = play(samples, lost: Set(10..<10 + lost))
        let end = (10 + lost) * 160
        #expect(output[(end + PitchSearch.longest / 4)...] == samples[(end + PitchSearch.longest / 4)...])
    }

    @Test("noise is concealed without growing louder")
    func noise() {
        let samples = Signals.noise(count: 3_200)
        let output = play(samples, lost: [8, 12, 13])
        #expect(Signals.rms(output[1_280..<1_440]) < Signals.rms(samples) * 1.3)
        #expect(Signals.rms(output[1_280..<1_440]) > Signals.rms(samples) * 0.5)
    }

    @Test("a gap before the first packet is silent")
    func nothingKnown() {
        #expect(play(Signals.sine(440, rate: 8_000, count: 800), lost: [0, 1])[..<320].allSatisfy { $0 == 0 })
    }

    /// Single losses after few packets: the past is then a patchwork of what was said and what was invented.
    @Test("gaps soon after gaps are neither louder than the tone nor do they click", arguments: [1, 2, 3, 5])
    func gapAfterGap(received: Int) {
        for frequency in stride(from: 100.0, through: 3_000, by: 29) {
            let samples = Signals.sine(frequency, rate: 8_000, count: 8_000)
            let output = play(samples, lost: Set(stride(from: 5, to: 50, by: received + 1)))
            #expect(output.allSatisfy { abs(Int($0)) <= 10_100 }, "\(frequency) Hz")
            #expect(Signals.greatestStep(output) <= Signals.greatestStep(samples) + 600, "\(frequency) Hz")
        }
    }

    @Test("the onset of a sound is not repeated louder than it was", arguments: 1...20)
    func onset(milliseconds: Int) {
        let tone = Signals.sine(700, rate: 8_000, count: 8 * milliseconds)
        let samples = [Int16](repeating: 0, count: 1_600 - tone.count) + tone + [Int16](repeating: 0, count: 1_600)
        let output = play(samples, lost: [10])
        #expect(output.allSatisfy { abs(Int($0)) <= 10_000 })
    }

    @Test("packets of 10, 30 and 60 ms are concealed too", arguments: [80, 240, 480])
    func otherLengths(length: Int) {
        var concealment = Concealment()
        var samples = Signals.vowel(rate: 8_000, count: 2_400)
        concealment.received(&samples, count: 2_400)
        var gap = [Int16](repeating: 0, count: length)
        concealment.conceal(into: &gap, count: length)
        #expect(Signals.rms(gap) > 100)
        #expect(concealment.isActive)
        #expect(concealment.isSilent == (length == 480))
        concealment.reset()
        #expect(!concealment.isActive)
    }
}
