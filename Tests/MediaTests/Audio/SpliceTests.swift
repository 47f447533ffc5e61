// Seams inside of sound.

import Testing

@testable import Media

@Suite struct SpliceTests {
    private static let step = Signals.greatestStep(Signals.sine(440, rate: 8_000, count: 8_000, amplitude: 8_000))

    @Test(arguments: [1, 40, 80, 119, 140])
    func `sound that was heard in part goes on where it was left, and ends where it ends`(heard: Int) {
        let tone = Signals.sine(440, rate: 8_000, count: 160, amplitude: 8_000)
        var output = [Int16](repeating: 0, count: 160)
        Splice.goOn(tone, heard: heard, count: 160, into: &output)
        // As if the tone had no seam: the first sample is the one after what was heard, nearly.
        #expect(abs(Int(output[0]) - Int(tone[heard])) <= Self.step)
        #expect(output[159] == tone[159])
        let seam = Signals.greatestStep(Array(tone[..<heard]) + output)
        #expect(seam < Self.step + 1_000)
    }

    @Test(arguments: [(160, 80), (200, 160), (239, 160), (241, 320), (160, 160), (400, 480), (161, 320)])
    func `sound is made longer or shorter in its middle only`(count: Int, wanted: Int) {
        let tone = Signals.sine(440, rate: 8_000, count: count, amplitude: 8_000)
        var output = [Int16](repeating: 0, count: wanted)
        Splice.fit(tone, count: count, into: &output, wanted: wanted, fade: 40)
        #expect(output[0] == tone[0] && output[wanted - 1] == tone[count - 1])
        #expect(Signals.greatestStep(output) < (wanted == 320 && count == 161 ? 8_000 : Self.step + 800))
        if count == wanted { #expect(output == tone) }
    }
}
