// G.722, there and back.

import Testing

@testable import Media

@Suite("G.722")
struct G722Tests {
    /// 20 ms packets of 160 octets.
    private func encode(_ samples: [Int16], rate: MixRate = .wide) -> [[UInt8]] {
        var encoder = G722Encoder(rate: rate)
        return stride(from: 0, to: samples.count - rate.sampleCount + 1, by: rate.sampleCount).map { start in
            var octets = [UInt8](repeating: 0, count: 160)
            let frame = Array(samples[start..<start + rate.sampleCount])
            #expect(encoder.encode(frame, count: frame.count, into: &octets) == 160)
            return octets
        }
    }

    private func decode(_ packets: [[UInt8]], rate: MixRate = .wide) -> [Int16] {
        var decoder = G722Decoder(rate: rate)
        return packets.flatMap { packet in
            var samples = [Int16](repeating: 0, count: rate.sampleCount)
            #expect(decoder.decode(packet, count: packet.count, into: &samples) == rate.sampleCount)
            return samples
        }
    }

    /// Signal to noise in dB, `output` being `delay` samples late.
    private func quality(_ samples: [Int16], _ output: [Int16], delay: Int) -> Double {
        let pairs = zip(samples, output.dropFirst(delay)).dropFirst(1_600)
        let noise = pairs.reduce(0.0) { $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1)) }
        let signal = pairs.reduce(0.0) { $0 + Double($1.0) * Double($1.0) }
        return Signals.decibels((signal / max(noise, 1)).squareRoot())
    }

    @Test("sound comes back with little noise, 1.4 ms later", arguments: [300.0, 1_000, 2_500, 5_500])
    func roundTrip(frequency: Double) {
        let samples = Signals.sine(frequency, rate: 16_000, count: 16_000)
        // The two halves of the band filter, 11 samples each.
        let best = (20...24).map { quality(samples, decode(encode(samples)), delay: $0) }.max() ?? 0
        #expect(best > (frequency < 4_000 ? 25 : 12), "\(frequency) Hz: \(best) dB")
    }

    @Test("a vowel comes back with little noise at either rate", arguments: MixRate.allCases)
    func vowel(rate: MixRate) {
        let samples = Signals.vowel(rate: rate.sampleRate, count: rate.sampleRate)
        let output = decode(encode(samples, rate: rate), rate: rate)
        let best = (0...24).map { quality(samples, output, delay: $0) }.max() ?? 0
        #expect(best > 9.5, "\(best) dB")
    }

    @Test("an encoder at one rate is heard at the other", arguments: MixRate.allCases)
    func otherRate(said: MixRate) {
        let heard = said == .wide ? MixRate.narrow : .wide
        let packets = encode(Signals.sine(1_000, rate: said.sampleRate, count: said.sampleRate), rate: said)
        let output = decode(packets, rate: heard)
        #expect(abs(Signals.amplitude(of: 1_000, in: output.dropFirst(1_600), rate: heard.sampleRate) - 10_000) < 1_000)
    }

    @Test("a change of rate keeps the sound as loud as it is")
    func changes() {
        var encoder = G722Encoder()
        var decoder = G722Decoder()
        var octets = [UInt8](repeating: 0, count: 160)
        for packet in 0..<200 {
            encoder.rate = packet / 7 % 2 == 0 ? .wide : .narrow
            decoder.rate = packet / 5 % 2 == 0 ? .wide : .narrow
            let (said, heard) = (encoder.rate, decoder.rate)
            // Ten whole periods.
            let frame = Signals.sine(500, rate: said.sampleRate, count: said.sampleCount)
            encoder.encode(frame, count: frame.count, into: &octets)
            var samples = [Int16](repeating: 0, count: heard.sampleCount)
            decoder.decode(octets, count: 160, into: &samples)
            #expect(samples.allSatisfy { abs(Int($0)) < 12_000 }, "packet \(packet)")
            guard packet > 0 else { continue }
            #expect(Signals.amplitude(of: 500, in: samples, rate: heard.sampleRate) > 8_000, "packet \(packet)")
        }
    }

    @Test("any octets decode to something")
    func garbage() {
        let octets = Signals.noise(count: 16_000, amplitude: 127).map { UInt8(bitPattern: Int8($0)) }
        for rate in MixRate.allCases {
            var decoder = G722Decoder(rate: rate)
            var samples = [Int16](repeating: 0, count: octets.count * rate.scale)
            #expect(decoder.decode(octets, count: octets.count, into: &samples) == samples.count)
        }
    }

    @Test("the octet that fills a packet is not heard")
    func filler() {
        for gain in [1, 3] as [Int16] {
            let sound = encode(Signals.vowel(rate: 16_000, count: 8_000).map { $0 &* gain })
            let output = decode(sound + [[UInt8]](repeating: [UInt8](repeating: G722.filler, count: 160), count: 3))
            #expect(output.suffix(3 * 320 - 64).allSatisfy { abs(Int($0)) <= 130 })
        }
    }

    /// Loses packets of a sound whose loudness changes all the time, and counts 10 ms that are much louder than they were
    /// said. `notes`: whether the decoder is told.
    private func bangs(notes: Bool) -> Int {
        let vowel = Signals.vowel(rate: 16_000, count: 160_000)
        let samples = vowel.indices.map { Int16(Double(vowel[$0]) * ($0 / 400 % 3 == 0 ? 2 : 0.4)) }
        let packets = encode(samples)
        let clean = decode(packets)
        var decoder = G722Decoder()
        var count = 0
        for (number, packet) in packets.enumerated() {
            guard number % 4 != 3 else {
                if notes { decoder.noteLoss() }
                continue
            }
            var heard = [Int16](repeating: 0, count: 320)
            decoder.decode(packet, count: 160, into: &heard)
            let said = clean[320 * number..<320 * (number + 1)].reduce(0) { max($0, abs(Int($1))) }
            if heard.contains(where: { abs(Int($0)) > said + 5_000 }) { count += 1 }
        }
        return count
    }

    @Test("behind a loss nothing bangs that would otherwise")
    func loss() {
        let (careless, careful) = (bangs(notes: false), bangs(notes: true))
        #expect(careless > 20 && careful < careless / 3, "\(careless) and \(careful)")
    }

    /// What is heard of `samples` when some packets are lost: by concealment, or by repeating the last one more and more
    /// softly.
    private func hear(_ samples: [Int16], lost: Set<Int>, concealed: Bool) -> [Int16] {
        var decoder = G722Decoder()
        var concealment = Concealment(rate: .wide)
        var last = [Int16](repeating: 0, count: 320)
        var output: [Int16] = []
        for (number, packet) in encode(samples).enumerated() {
            var frame = [Int16](repeating: 0, count: 320)
            if !lost.contains(number) {
                decoder.decode(packet, count: 160, into: &frame)
                if concealed { concealment.received(&frame, count: 320) }
            } else if concealed {
                decoder.noteLoss()
                concealment.conceal(into: &frame, count: 320)
            } else {
                frame = last.map { $0 / 4 * 3 }
            }
            last = frame
            output += frame
        }
        return output
    }

    @Test("lost packets are concealed better than by repetition")
    func concealment() {
        // Voices between 100 and 180 Hz: their periods do not fit into 20 ms.
        for period in [89, 101, 113, 127, 149, 157] {
            let samples = (0..<32_000).map { Signals.vowel(rate: 16_000, count: period)[$0 % period] }
            let clean = decode(encode(samples))
            let lost = Set(stride(from: 10, to: 100, by: 9))
            let ours = hear(samples, lost: lost, concealed: true)
            let repeated = hear(samples, lost: lost, concealed: false)
            let (a, b) = (quality(clean, ours, delay: 0), quality(clean, repeated, delay: 0))
            #expect(a > b + 3, "period \(period): \(a) dB, repetition \(b) dB")
        }
    }
}
