// Opus, there and back.

import Testing

@testable import Media

@Suite("Opus")
struct OpusTests {
    /// Encodes `samples` in 20 ms packets.
    private func encode(_ samples: [Int16], rate: Int, expectedLoss: Int = 0) throws -> [[UInt8]] {
        var encoder = try OpusEncoder(sampleRate: rate, expectedLoss: expectedLoss)
        let frame = rate / 50
        return stride(from: 0, to: samples.count - frame + 1, by: frame).map { start in
            var payload = [UInt8](repeating: 0, count: OpusEncoder.maximumPayload)
            let count = samples[start..<start + frame].withUnsafeBufferPointer { frame in
                encoder.encode(frame.baseAddress!, count: frame.count, into: &payload)
            }
            return Array(payload[..<count])
        }
    }

    private func decode(_ packets: [[UInt8]?], rate: Int) throws -> [Int16] {
        var decoder = try OpusDecoder(sampleRate: rate)
        var output: [Int16] = []
        var samples = [Int16](repeating: 0, count: rate / 1_000 * OpusDecoder.maximumMilliseconds)
        for (index, packet) in packets.enumerated() {
            let count: Int
            if let packet {
                count = decoder.decode(packet, length: packet.count, into: &samples, capacity: samples.count)
            } else if index + 1 < packets.count, let next = packets[index + 1] {
                count = decoder.recover(fromNext: next, length: next.count, into: &samples, count: rate / 50)
            } else {
                count = decoder.conceal(into: &samples, count: rate / 50)
            }
            output += samples[..<count]
        }
        return output
    }

    /// Redundancy is taken from the bit rate: at 40 kbit/s it does not coarsen what it stands beside.
    @Test("browsers are asked for a bit rate with room for redundancy")
    func askedOfBrowsers() throws {
        let (answer, _) = try Negotiation.answer(SDPFixture.chromium.session(), local: .browserFacing)
        let asked = answer.media.first?.value("fmtp")?.split(separator: " ").last?.split(separator: ";") ?? []
        #expect(asked.contains("maxaveragebitrate=40000"))
        #expect(asked.contains("maxplaybackrate=16000"))
        #expect(asked.contains("useinbandfec=1"))
    }

    @Test("sound comes back alike at both rates", arguments: [8_000, 16_000])
    func roundTrip(rate: Int) throws {
        let samples = Signals.vowel(rate: rate, count: rate)
        let packets = try encode(samples, rate: rate)
        #expect(packets.count == 50)
        #expect(packets.allSatisfy { !$0.isEmpty && $0.count <= OpusEncoder.maximumPayload })
        let again = try decode(packets, rate: rate)
        #expect(again.count == samples.count)
        #expect(Signals.correlation(samples, again, reach: rate / 50).value > 0.9)
    }

    @Test("a stream made at one rate is heard at the other")
    func otherRate() throws {
        let packets = try encode(Signals.sine(1_000, rate: 16_000, count: 16_000), rate: 16_000)
        let narrow = try decode(packets, rate: 8_000)
        #expect(narrow.count == 8_000)
        #expect(Signals.amplitude(of: 1_000, in: narrow.dropFirst(800), rate: 8_000) > 8_000)
    }

    @Test("a lost packet is restored from the one after it")
    func recovery() throws {
        let samples = Signals.vowel(rate: 16_000, count: 16_000)
        var packets: [[UInt8]?] = try encode(samples, rate: 16_000, expectedLoss: 20)
        packets[25] = nil
        let again = try decode(packets, rate: 16_000)
        #expect(again.count == samples.count)
        #expect(Signals.rms(again[8_000..<8_320]) > Signals.rms(samples) / 3)
    }

    @Test("concealment fades away when nothing comes any more")
    func silence() throws {
        let packets = try encode(Signals.sine(400, rate: 16_000, count: 8_000), rate: 16_000)
        let again = try decode(packets + [[UInt8]?](repeating: nil, count: 50), rate: 16_000)
        #expect(Signals.rms(again.suffix(3_200)) < 300)
    }

    @Test("what is not Opus gives nothing and does no harm")
    func garbage() throws {
        var decoder = try OpusDecoder(sampleRate: 16_000)
        var samples = [Int16](repeating: 0, count: 1_920)
        let packets = try encode(Signals.vowel(rate: 16_000, count: 3_200), rate: 16_000)
        for first in UInt8.min...UInt8.max {
            for length in [1, 2, 3, 7, 100] {
                let packet = [first] + [UInt8](repeating: 0xFF, count: length - 1)
                let count = decoder.decode(packet, length: length, into: &samples, capacity: samples.count)
                #expect((0...1_920).contains(count))
            }
        }
        for packet in packets {
            for length in 0...packet.count {
                let count = decoder.decode(packet, length: length, into: &samples, capacity: samples.count)
                #expect((0...1_920).contains(count))
            }
        }
        #expect(OpusDecoder.sampleCount([], length: 0, rate: 16_000) == nil)
        #expect(OpusDecoder.sampleCount(packets[0], length: packets[0].count, rate: 16_000) == 320)
    }

    @Test("redundancy shows in packets of speech, and only where loss is expected", arguments: [8_000, 16_000])
    func redundancy(rate: Int) throws {
        let speech = Signals.speech(rate: rate, seconds: 3)
        func share(_ packets: [[UInt8]]) -> Double {
            Double(packets.count { OpusPacket.hasRedundancy($0, length: $0.count) }) / Double(packets.count)
        }
        #expect(try share(encode(speech, rate: rate, expectedLoss: 0)) == 0)
        #expect(try share(encode(speech, rate: rate, expectedLoss: 10)) > 0.7)
        let silence = [Int16](repeating: 0, count: rate)
        #expect(try share(encode(silence, rate: rate, expectedLoss: 10)) < 0.1)
    }

    @Test("a damaged packet is not read beyond its end")
    func truncatedRedundancy() {
        for first in UInt8.min...UInt8.max {
            for length in 0...4 {
                let packet = [UInt8]([first, 255, 255, 255].prefix(length))
                // Only what is inside the array is there: the sanitizers would complain.
                let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, length))
                defer { copy.deallocate() }
                copy.initialize(repeating: 0, count: max(1, length))
                for (place, byte) in packet.enumerated() { copy[place] = byte }
                if OpusPacket.hasRedundancy(copy, length: length) { #expect(length >= 2 && first >> 3 < 16) }
            }
        }
    }

    @Test("a rate that Opus does not know is refused")
    func rates() {
        #expect(throws: OpusError.self) { _ = try OpusEncoder(sampleRate: 11_025) }
        #expect(throws: OpusError.self) { _ = try OpusDecoder(sampleRate: 0) }
    }
}
