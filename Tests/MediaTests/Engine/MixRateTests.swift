// Live sound at 8 and at 16 kHz, and the way from one to the other.

import CAllocationCount
import TestKit
import Testing
import Timing

@testable import Media

@Suite struct MixRateTests {
    /// What one codec says, packet by packet.
    private struct Voice {
        let codec: Codec
        let packets: [[UInt8]]

        init(_ codec: Codec, tone: Double, milliseconds: Int) throws {
            self.codec = codec
            let phone = Phone(port: 5_000, codec: codec, tone: tone)
            packets = (0..<milliseconds).compactMap { _ in phone.step() }
        }
    }

    /// Pulls 20 ms at a time at the rates given, while a packet comes every 20 ms; the first 200 ms are left out.
    private static func hear(_ voice: Voice, rates: [MixRate]) throws -> [[Int16]] {
        var playout = Playout(opusDecoder: voice.codec == .opus ? try OpusDecoder(sampleRate: 8_000) : nil)
        var counters = MediaCounters()
        playout.reset()
        var frames: [[Int16]] = []
        for (index, rate) in rates.enumerated() {
            let now = Instant(nanoseconds: 1_000_000_000 + Int64(index) * 20_000_000)
            voice.packets[index].withUnsafeBytes { bytes in
                // because the phone made it
                let header = RTPHeader(parsing: bytes)!
                playout.insert(
                    header, sequence: 65_536 + Int64(header.sequence), codec: voice.codec,
                    payload: bytes.part(from: header.payloadOffset, length: header.payloadLength), now: now,
                    counters: &counters)
            }
            var frame = [Int16](repeating: 0, count: rate.sampleCount)
            playout.pull(into: &frame, rate: rate, now: now, counters: &counters)
            frames.append(frame)
        }
        #expect(counters[.framesConcealed] == 0 && counters[.undecodable] == 0)
        return Array(frames.dropFirst(10))
    }

    @Test(arguments: [Codec.pcmu, .pcma, .opus, .g722], MixRate.allCases)
    func `every codec is heard as loud as it was said at either rate`(codec: Codec, rate: MixRate) throws {
        let voice = try Voice(codec, tone: 1_000, milliseconds: 1_000)
        let heard = try Self.hear(voice, rates: [MixRate](repeating: rate, count: 50)).flatMap { $0 }
        #expect(abs(Tones.windowedLevel(of: 1_000, in: heard, rate: rate.sampleRate) + 12) < 1)
    }

    @Test(arguments: [Codec.opus, .g722])
    func `only the wide rate carries what lies above 4 kHz`(codec: Codec) throws {
        let voice = try Voice(codec, tone: 5_000, milliseconds: 1_000)
        let wide = try Self.hear(voice, rates: [MixRate](repeating: .wide, count: 50)).flatMap { $0 }
        let narrow = try Self.hear(voice, rates: [MixRate](repeating: .narrow, count: 50)).flatMap { $0 }
        #expect(Tones.windowedLevel(of: 5_000, in: wide, rate: 16_000) > -18)
        // G.722's band filter alone, without its other half, lets 20 dB less through, folded to 3 kHz.
        #expect(Tones.windowedLevel(of: 3_000, in: narrow, rate: 8_000) < (codec == .g722 ? -30 : -40))
    }

    /// libopus begins anew: what filters remember is missing, and a pure tone, all memory, is up to 5 dB off at first.
    @Test(arguments: [(Codec.pcma, 8_500), (.opus, 15_000), (.g722, 8_500)])
    func `when the rate changes nothing bangs, and the tone goes on at once`(codec: Codec, loudest: Int) throws {
        let voice = try Voice(codec, tone: 440, milliseconds: 4_000)
        let rates = (0..<200).map { $0 / 20 % 2 == 0 ? MixRate.narrow : .wide }
        let frames = try Self.hear(voice, rates: rates)
        for (index, frame) in frames.enumerated() {
            let rate = rates[index + 10]
            #expect(frame.allSatisfy { abs(Int($0)) < loudest }, "frame \(index)")
            guard (index + 10) % 20 >= 3 else { continue }
            #expect(Tones.level(of: 440, in: frame, rate: rate.sampleRate) > -14, "frame \(index)")
        }
    }

    /// What a phone hears of frames at changing rates.
    private static func say(_ tone: Double, as codec: Codec, rates: [MixRate]) throws -> [Int16] {
        var speaker = Speaker(opusEncoder: try OpusEncoder(sampleRate: 8_000), seam: G722Seam())
        let phone = Phone(port: 5_000, codec: codec)
        var payload = [UInt8](repeating: 0, count: OpusEncoder.maximumPayload)
        for (index, rate) in rates.enumerated() {
            let count = rate.sampleCount
            let frame = Tones.sine(tone, rate: rate.sampleRate, from: index * count, count: count)
            let length: Int
            switch codec {
            case .g729: length = 0
            case .opus: length = speaker.encodeOpus(frame, heard: 0, rate: rate, complexity: 5, into: &payload)
            case .pcmu, .pcma, .g722:
                speaker.add(frame, count: rate.sampleCount, heard: 0, rate: rate, codec: codec)
                length = 160
                speaker.take(length, into: &payload)
            }
            let packet = Phone.packet(
                payloadType: codec.defaultPayloadType, sequence: UInt16(index), timestamp: UInt32(index), ssrc: 1,
                payload: Array(payload[..<length]))
            phone.take(packet, at: index * 20)
        }
        return phone.sound(codec)
    }

    @Test(arguments: [Codec.pcmu, .pcma, .opus, .g722])
    func `whatever the mix's rate is and becomes, the listener hears the tone without a bang`(codec: Codec) throws {
        let heard = try Self.say(440, as: codec, rates: (0..<200).map { $0 / 20 % 2 == 0 ? .narrow : .wide })
        let rate = codec.isWideBand ? 16_000 : 8_000
        #expect(Tones.windowedLevel(of: 440, in: heard, rate: rate) > -13)
        #expect(heard.allSatisfy { abs(Int($0)) < 9_500 })
    }

    @Test(.enabled(if: allocations_are_counted() != 0, "a sanitizer has the allocator"))
    func `a change of rate allocates nothing`() throws {
        let voice = try Voice(.opus, tone: 440, milliseconds: 200)
        var decoder = try OpusDecoder(sampleRate: 8_000)
        var encoder = try OpusEncoder(sampleRate: 8_000)
        var samples = [Int16](repeating: 0, count: 1_920)
        var payload = [UInt8](repeating: 0, count: OpusEncoder.maximumPayload)
        let first = Array(voice.packets[0].dropFirst(RTPHeader.length))
        let before = allocation_count()
        var lengths = 0
        for round in 0..<100 {
            let rate = round % 2 == 0 ? MixRate.wide : .narrow
            decoder.change(to: rate.sampleRate)
            encoder.change(to: rate.sampleRate)
            let count = decoder.decode(first, length: first.count, into: &samples, capacity: 1_920)
            if count == rate.sampleCount { lengths += 1 }
            _ = encoder.encode(samples, count: rate.sampleCount, into: &payload)
        }
        let allocated = allocation_count() - before
        #expect(allocated == 0 && lengths == 100)
    }
}
