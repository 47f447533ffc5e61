// Lost packets of G.711 and G.722.

import Testing

@testable import Media

@Suite("Concealment")
struct ConcealmentTests {
    /// Plays `samples` in 20 ms packets without those in `lost`.
    private func play(_ samples: [Int16], lost: Set<Int>, rate: MixRate = .narrow) -> [Int16] {
        var concealment = Concealment(rate: rate)
        let frame = rate.sampleCount
        var output = samples
        output.withUnsafeMutableBufferPointer { output in
            for packet in 0..<samples.count / frame {
                let place = output.baseAddress! + frame * packet
                if lost.contains(packet) {
                    concealment.conceal(into: place, count: frame)
                } else {
                    concealment.received(place, count: frame)
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

    @Test("one lost packet keeps the energy and brings no click", arguments: MixRate.allCases)
    func onePacket(rate: MixRate) {
        let (frame, count) = (rate.sampleCount, 20 * rate.sampleCount)
        for samples in [
            Signals.vowel(rate: rate.sampleRate, count: count), Signals.sine(150, rate: rate.sampleRate, count: count),
            Signals.sine(440, rate: rate.sampleRate, count: count),
        ] {
            let output = play(samples, lost: [10], rate: rate)
            let gap = 10 * frame..<11 * frame
            let energy = Signals.rms(output[gap]) / Signals.rms(samples[gap])
            #expect(abs(Signals.decibels(energy)) < 2.5)
            #expect(Signals.greatestStep(output) <= Signals.greatestStep(samples) * 13 / 10 + 40)
        }
    }

    @Test("a tone goes on in its own pitch", arguments: MixRate.allCases)
    func pitch(rate: MixRate) {
        let frame = rate.sampleCount
        let samples = Signals.sine(200, rate: rate.sampleRate, count: 20 * frame)
        let output = play(samples, lost: [10], rate: rate)
        #expect(Signals.amplitude(of: 200, in: output[10 * frame..<11 * frame], rate: rate.sampleRate) > 8_500)
    }

    @Test("a long gap fades within 60 ms and stays silent", arguments: MixRate.allCases)
    func fade(rate: MixRate) {
        let frame = rate.sampleCount
        let samples = Signals.vowel(rate: rate.sampleRate, count: 30 * frame)
        let output = play(samples, lost: Set(10..<20), rate: rate)
        let energies = (10..<20).map { Signals.rms(output[frame * $0..<frame * ($0 + 1)]) }
        #expect(energies[0] > energies[1] && energies[1] > energies[2])
        #expect(output[13 * frame..<20 * frame].allSatisfy { $0 == 0 })
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
        for rate in MixRate.allCases {
            for frequency in stride(from: 100.0, through: 3_000, by: 29) {
                let samples = Signals.sine(frequency, rate: rate.sampleRate, count: rate.sampleRate)
                let output = play(samples, lost: Set(stride(from: 5, to: 50, by: received + 1)), rate: rate)
                #expect(output.allSatisfy { abs(Int($0)) <= 10_100 }, "\(frequency) Hz at \(rate)")
                #expect(
                    Signals.greatestStep(output) <= Signals.greatestStep(samples) + 600, "\(frequency) Hz at \(rate)")
            }
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
