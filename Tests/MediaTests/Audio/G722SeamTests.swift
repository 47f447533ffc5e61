// Sounds of different encoders in one G.722 stream.

import Testing

@testable import Media

@Suite("Seams in G.722")
struct G722SeamTests {
    /// A sound that another encoder made, in 20 ms packets.
    private func payloads(_ samples: [Int16]) -> [[UInt8]] {
        var encoder = G722Encoder()
        return stride(from: 0, to: samples.count - 319, by: 320).map { start in
            var octets = [UInt8](repeating: 0, count: 160)
            encoder.encode(Array(samples[start..<start + 320]), count: 320, into: &octets)
            return octets
        }
    }

    private func decode(_ packets: [[UInt8]]) -> [Int16] {
        var decoder = G722Decoder()
        return packets.flatMap { packet in
            var samples = [Int16](repeating: 0, count: 320)
            decoder.decode(packet, count: 160, into: &samples)
            return samples
        }
    }

    /// The sounds one behind the other as the far end hears them, each cut off in mid-word.
    private func join(_ sounds: [[[UInt8]]], with seam: inout G722Seam) -> [Int16] {
        var sent: [[UInt8]] = []
        for sound in sounds {
            for (number, packet) in sound.enumerated() {
                var octets = packet
                seam.pass(&octets, count: 160, isNew: number == 0)
                seam.noteSent(octets, count: 160)
                sent.append(octets)
            }
        }
        return decode(sent)
    }

    private static let loud = Signals.vowel(rate: 16_000, count: 6_400).map { $0 &* 3 / 2 }
    private static let soft = Signals.vowel(rate: 16_000, count: 6_400).map { $0 / 16 }

    private func peak(_ samples: some Collection<Int16>) -> Int { samples.reduce(0) { max($0, abs(Int($1))) } }

    @Test("a soft sound behind a loud one bangs when it is joined on as it is, and does not with a seam")
    func softAfterLoud() {
        // The second sound's beginning is not silent: as a prompt that begins at once, or a caller in mid-word.
        let sounds = [payloads(Self.loud), payloads(Array(Self.soft.dropFirst(37)))]
        var seam = G722Seam()
        let bare = decode(sounds.flatMap { $0 })
        let joined = join(sounds, with: &seam)
        #expect(peak(bare.suffix(6_000)) > 10 * peak(Self.soft), "the test has something to find")
        #expect(peak(joined.suffix(6_000)) < 2 * peak(Self.soft))
    }

    @Test("what another encoder says in mid-word is passed as it is before long")
    func passes() {
        let first = payloads(Self.loud)
        let second = Array(payloads(Self.loud).dropFirst(7))
        var seam = G722Seam()
        for packet in first {
            var octets = packet
            seam.pass(&octets, count: 160, isNew: false)
            #expect(octets == packet)
            seam.noteSent(octets, count: 160)
        }
        for (number, packet) in second.enumerated() {
            var octets = packet
            seam.pass(&octets, count: 160, isNew: number == 0)
            if number == 0 { #expect(octets != packet) }
            if number > 4 { #expect(octets == packet, "packet \(number)") }
            seam.noteSent(octets, count: 160)
        }
    }

    @Test("our own encoder goes on where another one stopped, and back", arguments: MixRate.allCases)
    func ownEncoder(rate: MixRate) {
        var seam = G722Seam()
        var sent: [[UInt8]] = []
        let other = payloads(Self.loud)
        let own = Signals.vowel(rate: rate.sampleRate, count: 20 * rate.sampleCount).map { $0 / 8 }
        for round in 0..<3 {
            for (number, packet) in other.enumerated() {
                var octets = packet
                seam.pass(&octets, count: 160, isNew: number == 0)
                seam.noteSent(octets, count: 160)
                sent.append(octets)
            }
            for number in 0..<20 {
                let frame = Array(own[number * rate.sampleCount..<(number + 1) * rate.sampleCount])
                var octets = [UInt8](repeating: 0, count: 160)
                #expect(seam.encode(frame, count: frame.count, rate: rate, into: &octets) == 160)
                seam.noteSent(octets, count: 160)
                sent.append(octets)
            }
            let heard = decode(sent)
            #expect(peak(heard.suffix(6_000)) < 2 * peak(own), "round \(round)")
            #expect(peak(heard) < peak(Self.loud) * 5 / 4, "round \(round)")
        }
    }

    @Test("packets of 10 to 60 ms and longer ones do no harm", arguments: [80, 240, 480, 481, 960, 1_400])
    func lengths(count: Int) {
        var seam = G722Seam()
        for number in 0..<20 {
            var octets = [UInt8](repeating: UInt8(number), count: count)
            seam.pass(&octets, count: count, isNew: number % 3 == 0)
            seam.noteSent(octets, count: count)
        }
        var octets = [UInt8](repeating: 0, count: 160)
        #expect(seam.encode([Int16](repeating: 0, count: 320), count: 320, rate: .wide, into: &octets) == 160)
    }
}
