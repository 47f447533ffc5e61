// Keys through legs: in, out, and between the two of a bridge.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct DigitTests {
    private static func digits(_ events: [MediaEvent], of leg: LegID) -> String {
        events.reduce(into: "") { text, event in
            if case .digit(leg, let digit, _) = event { text.append(digit.character) }
        }
    }

    /// The keys in samples, as a telephone exchange hears them.
    private static func keys(in samples: [Int16]) -> String {
        var detector = ToneDetector()
        var keys = ""
        for start in stride(from: 0, to: samples.count, by: 160) {
            let block = Array(samples[start..<min(start + 160, samples.count)])
            if let ascii = detector.detect(block, count: block.count) {
                keys.append(Character(Unicode.Scalar(ascii)))
            }
        }
        return keys
    }

    private static func press(_ event: UInt8, from phone: Phone, to leg: LegID, in rig: Rig, payloadType: UInt8 = 101) {
        let timestamp = phone.timestamp
        for update in 1...7 {
            let duration = UInt16(min(update, 5) * 160)
            let payload = [event, update >= 5 ? 0x8A : 0x0A, UInt8(duration >> 8), UInt8(duration & 0xFF)]
            let packet = Phone.packet(
                marker: update == 1, payloadType: payloadType, sequence: phone.sequence, timestamp: timestamp,
                ssrc: phone.ssrc, payload: payload)
            phone.sequence &+= 1
            rig.send(packet, from: phone, to: leg)
            rig.run(milliseconds: 20)
        }
    }

    @Test func `a key in a bridge is told once and sent once`() {
        let rig = Rig()
        let caller = Phone(port: 5_000)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        caller.tone = 440
        rig.run(milliseconds: 200)
        caller.tone = nil
        Self.press(5, from: caller, to: legs.0, in: rig)
        rig.run(milliseconds: 300)
        caller.tone = 440
        rig.run(milliseconds: 200)
        #expect(Self.digits(rig.takeEvents(), of: legs.0) == "5")
        let events = agent.heard.filter { $0.payloadType == 101 }
        #expect(Set(events.map(\.timestamp)).count == 1)
        #expect(events.count == 7)
        #expect(events.map { Int($0.payload[2]) << 8 | Int($0.payload[3]) } == [160, 320, 480, 640, 800, 800, 800])
        #expect(events.map(\.marker) == [true] + [Bool](repeating: false, count: 6))
        #expect(events.suffix(3).allSatisfy { $0.payload[1] & 0x80 != 0 })
        #expect(events.allSatisfy { $0.payload[0] == 5 })
        for (a, b) in zip(agent.heard, agent.heard.dropFirst()) { #expect(b.sequence == a.sequence &+ 1) }
        #expect(agent.heard.filter { $0.payloadType == 8 }.map(\.payload) == caller.said)
    }

    @Test func `keys that we send go as events in the clock of the sound`() throws {
        for (codec, rates, type, unit) in [
            (Codec.pcma, [8_000], 101 as UInt8, 160), (.opus, [8_000, 48_000], 110, 960), (.opus, [48_000], 110, 960),
            (.opus, [8_000], 101, 160),
        ] {
            let rig = Rig()
            let phone = Phone(port: 5_000, codec: codec)
            let leg = rig.connect(phone, plan: Rig.plan([codec], events: rates))
            rig.handle(.sendDigits(leg, try #require(DigitString("19#"))))
            rig.run(milliseconds: 1_000)
            let events = phone.heard.filter { $0.payloadType == type }
            #expect(events.count == 21)
            #expect(Set(events.map(\.timestamp)).count == 3)
            #expect(events.map { $0.payload[0] } == [1, 9, 11].flatMap { [UInt8](repeating: $0, count: 7) })
            let durations = events.prefix(7).map { Int($0.payload[2]) << 8 | Int($0.payload[3]) }
            #expect(durations == [1, 2, 3, 4, 5, 5, 5].map { $0 * unit })
            for key in 0..<3 {
                let press = Array(events[key * 7..<key * 7 + 7])
                #expect(press.map(\.marker) == [true] + [Bool](repeating: false, count: 6))
                #expect(press.map { $0.payload[1] & 0x80 != 0 } == [false, false, false, false, true, true, true])
                #expect(zip(press, press.dropFirst()).allSatisfy { $1.at - $0.at == 20 })
            }
            // A key lasts 100 ms and the pause behind it as long; timestamps say so.
            for (key, next) in [(0, 7), (7, 14)] {
                #expect(events[next].at - events[key].at == 200)
                #expect(events[next].timestamp &- events[key].timestamp == UInt32(10 * unit))
            }
            #expect(zip(events, events.dropFirst()).allSatisfy { $1.sequence == $0.sequence &+ 1 })
            #expect(rig.counters[.digitsSent] == 3)
        }
    }

    @Test func `without telephone-event keys go out as tones and are heard in band`() throws {
        let rig = Rig()
        let phone = Phone(port: 5_000)
        let leg = rig.connect(phone, plan: Rig.plan([.pcma], events: []))
        rig.handle(.sendDigits(leg, try #require(DigitString("147*2580369#"))))
        rig.run(milliseconds: 3_000)
        // The phone plays back what it heard: we recognise our own tones.
        let heard = phone.heard.filter { $0.payloadType == 8 }
        for packet in heard {
            rig.send(
                Phone.packet(
                    payloadType: 8, sequence: packet.sequence, timestamp: packet.timestamp, ssrc: 9,
                    payload: packet.payload), from: phone, to: leg)
        }
        rig.run(milliseconds: 10)
        let events = rig.takeEvents()
        #expect(Self.digits(events, of: leg) == "147*2580369#")
        for (a, b) in zip(heard, heard.dropFirst()) { #expect(b.timestamp == a.timestamp &+ 160) }
    }

    @Test func `a key for a peer without telephone-event becomes a tone, once`() {
        let rig = Rig()
        let caller = Phone(port: 5_000)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent, plan: Rig.plan([.pcma], events: [])))
        rig.handle(.bridge(legs.0, legs.1))
        Self.press(5, from: caller, to: legs.0, in: rig)
        rig.run(milliseconds: 300)
        let samples = agent.sound(.pcma)
        #expect(Self.keys(in: samples) == "5")
    }

    @Test func `tones in the sound of a peer with telephone-event are only sound`() throws {
        let rig = Rig()
        let phone = Phone(port: 5_000)
        let leg = rig.connect(phone)
        var generator = ToneGenerator(try #require(Tone.dtmf(0x35)), sampleRate: 8_000)
        for count in 0..<20 {
            var samples = [Int16](repeating: 0, count: 160)
            generator.fill(&samples, count: 160)
            var payload = [UInt8](repeating: 0, count: 160)
            G711.encode(samples, count: 160, law: .a, into: &payload)
            let packet = Phone.packet(
                payloadType: 8, sequence: UInt16(count), timestamp: UInt32(count * 160), ssrc: 3, payload: payload)
            rig.send(packet, from: phone, to: leg)
        }
        #expect(Self.digits(rig.takeEvents(), of: leg).isEmpty)
    }

    @Test func `a prompt pauses for a key and goes on where it was`() throws {
        let rig = Rig()
        let phone = Phone(port: 5_000)
        let leg = rig.connect(phone)
        let prompt = try Prompt(samples16k: Tones.sine(440, rate: 16_000, from: 0, count: 16_000))
        let playlist = Playlist([prompt])
        rig.handle(.play(leg, playlist.view, token: 1))
        rig.run(milliseconds: 300)
        rig.handle(.sendDigits(leg, try #require(DigitString("1"))))
        rig.run(milliseconds: 1_200)
        let heard = phone.heard.filter { $0.payloadType == 8 }.flatMap(\.payload)
        #expect(heard == (0..<8_000).map { prompt.view.pcma[$0] })
        for (a, b) in zip(phone.heard, phone.heard.dropFirst()) { #expect(b.sequence == a.sequence &+ 1) }
        withExtendedLifetime(playlist) {}
    }

    @Test func `a muted leg's keys are told but not passed on`() {
        let rig = Rig()
        let caller = Phone(port: 5_000)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.handle(.mute(legs.0, true))
        Self.press(5, from: caller, to: legs.0, in: rig)
        #expect(Self.digits(rig.takeEvents(), of: legs.0) == "5")
        #expect(agent.heard.allSatisfy { $0.payloadType != 101 })
    }
}
