// Pauses that we describe instead of sending them (RFC 3389; DTX of Opus, RFC 6716 §2.1.9): when, how, and that no sound is
// cut off.

import Foundation
import TestKit
import Testing
import Timing

@testable import Media

@Suite struct SentPauseTests {
    /// Comfort noise is 19 for the peer and 13 for us.
    private static func plan(_ codecs: [Codec], packetTime: Int = 20) -> MediaPlan {
        var plan = Rig.plan(codecs, packetTime: packetTime)
        plan.comfortNoise = ComfortNoiseBinding(payloadType: 19, receivePayloadType: 13)
        return plan
    }

    /// Numbers follow on, and timestamps go with the clock, to the beat and the packet that is being filled.
    private static func expectInTime(_ heard: [Phone.Heard], clockRate: Int = 8_000, slack: Int = 10) {
        guard let first = heard.first else { return }
        for (one, next) in zip(heard, heard.dropFirst()) {
            #expect(next.sequence == one.sequence &+ 1 && next.ssrc == one.ssrc)
            #expect(next.timestamp != one.timestamp)
        }
        for packet in heard {
            let passed = Int(packet.timestamp &- first.timestamp) * 1_000 / clockRate
            #expect(abs(passed - (packet.at - first.at)) <= slack, "at \(packet.at)")
        }
    }

    @Test(arguments: [Codec.pcma, .pcmu, .g722], [10, 20, 30, 60])
    func `who hears only somebody muted is told that it is quiet five times a second`(codec: Codec, packetTime: Int) {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: codec, packetTime: packetTime, tone: 440)
        let agent = Phone(port: 5_002, codec: codec, packetTime: packetTime)
        let legs = (
            rig.connect(caller, plan: Self.plan([codec], packetTime: packetTime)),
            rig.connect(agent, plan: Self.plan([codec], packetTime: packetTime))
        )
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_000)
        rig.handle(.mute(legs.0, true))
        let muted = rig.time
        rig.run(milliseconds: 2_000)
        let noise = agent.heard.filter { $0.payloadType == 19 }
        #expect(noise.allSatisfy { $0.payload == [70] && !$0.marker })
        #expect((8...10).contains(noise.count))
        #expect(noise.first.map { $0.at - muted <= 280 } == true)
        for (one, next) in zip(noise, noise.dropFirst()) { #expect(next.at - one.at == 200) }
        #expect(!agent.heard.contains { $0.payloadType != 19 && $0.at > muted + 280 })

        rig.handle(.mute(legs.0, false))
        rig.run(milliseconds: 1_000)
        let after = agent.heard.filter { $0.at > muted + 2_000 && $0.payloadType != 19 }
        #expect(after.first?.marker == true && after.dropFirst().allSatisfy { !$0.marker })
        #expect(after.count >= 900 / packetTime)
        Self.expectInTime(agent.heard, slack: packetTime + 10)
    }

    @Test func `a peer that did not ask for noise gets silence in packets`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.handle(.mute(legs.0, true))
        rig.run(milliseconds: 1_000)
        #expect(agent.heard.count >= 48 && agent.heard.allSatisfy { $0.payload.count == 160 })
        #expect(rig.counters[.noiseSent] == 0 && rig.counters[.pausesLeftOut] == 0)
    }

    @Test func `held without music a peer is told that the line is not dead, around prompts`() throws {
        let rig = Rig()
        let phone = Phone(port: 5_000)
        let leg = rig.connect(phone, plan: Self.plan([.pcma]))
        rig.run(milliseconds: 1_000)
        #expect((5...6).contains(phone.heard.count))
        #expect(phone.heard.allSatisfy { $0.payloadType == 19 && $0.payload == [70] })
        let prompt = try Prompt(samples16k: Tones.sine(440, rate: 16_000, from: 0, count: 16 * 300))
        let playlist = Playlist([prompt])
        phone.forget()
        for token in 1...3 as ClosedRange<UInt32> {
            rig.handle(.play(leg, playlist.view, token: token))
            rig.run(milliseconds: 310)
        }
        rig.run(milliseconds: 1_000)
        let sound = phone.heard.filter { $0.payloadType == 8 }
        #expect(sound.count == 45 && sound.filter(\.marker).count == 1, "what follows at once is one talk")
        #expect(sound.flatMap(\.payload) == (0..<3).flatMap { _ in (0..<2_400).map { prompt.view.pcma[$0] } })
        let noise = phone.heard.filter { $0.payloadType == 19 }
        #expect((4...6).contains(noise.count))
        let gap = zip(phone.heard, phone.heard.dropFirst()).first { $1.payloadType == 19 && $0.payloadType == 8 }
        #expect(gap.map { $1.at - $0.at <= 50 && $1.timestamp == $0.timestamp &+ 160 } == true)
        Self.expectInTime(phone.heard, slack: 40)
        withExtendedLifetime(playlist) {}
    }

    @Test func `in a conference in which nobody talks all are told so, and every word that begins is whole`() {
        let room = Conference([.pcmu, .pcmu, .pcmu], noise: true)
        for phone in room.phones { phone.tone = 0 }
        let bridge = room.bridge()
        for index in 0..<3 { room.join(index, bridge) }
        room.rig.run(milliseconds: 2_000)
        for phone in room.phones { phone.forget() }
        room.rig.run(milliseconds: 1_000)
        for phone in room.phones {
            #expect((4...6).contains(phone.heard.count) && phone.heard.allSatisfy { $0.payloadType == 19 })
        }
        for _ in 0..<3 {
            room.phones[0].tone = 440
            room.rig.run(milliseconds: 400)
            room.phones[0].tone = 0
            room.rig.run(milliseconds: 1_000)
        }
        let isLoud: ([UInt8]) -> Bool = { payload in payload.contains { $0 & 0x7F != 0x7F } }
        let said = room.phones[0].said.filter(isLoud)
        for phone in room.phones[1...] {
            let heard = phone.heard.filter { $0.payloadType == 0 }
            #expect(heard.map(\.payload).filter(isLoud) == said)
            #expect(heard.filter(\.marker).count == 3, "each begins a talk")
            Self.expectInTime(phone.heard)
        }
    }

    @Test func `a pause between words is sent as it is`() {
        let room = Conference([.pcmu, .pcmu, .pcmu], noise: true)
        for phone in room.phones { phone.tone = 0 }
        let bridge = room.bridge()
        for index in 0..<3 { room.join(index, bridge) }
        room.phones[0].tone = 440
        room.rig.run(milliseconds: 1_000)
        room.phones[1].forget()
        for _ in 0..<5 {
            room.phones[0].tone = 0
            room.rig.run(milliseconds: 160)
            room.phones[0].tone = 440
            room.rig.run(milliseconds: 200)
        }
        #expect(room.phones[1].heard.count == 90 && room.phones[1].heard.allSatisfy { $0.payloadType == 0 })
    }

    @Test(arguments: [UInt8(59), 62, 66])
    func `quiet noise is described as loud as it is, louder noise is sent`(level: UInt8) {
        for (said, isDescribed) in [(level, true), (45, false)] {
            let rig = Rig()
            let caller = Phone(port: 5_000, codec: .pcmu, tone: 440)
            let agent = Phone(port: 5_002)
            let legs = (rig.connect(caller, plan: Self.plan([.pcmu])), rig.connect(agent, plan: Self.plan([.pcma])))
            rig.handle(.bridge(legs.0, legs.1))
            rig.run(milliseconds: 500)
            caller.tone = nil
            let packet = Phone.packet(
                payloadType: 13, sequence: caller.sequence, timestamp: caller.timestamp, ssrc: caller.ssrc,
                payload: [said])
            rig.send(packet, from: caller, to: legs.0)
            rig.run(milliseconds: 500)
            agent.forget()
            rig.run(milliseconds: 1_000)
            let noise = agent.heard.filter { $0.payloadType == 19 }
            #expect(noise.isEmpty != isDescribed)
            #expect(noise.allSatisfy { abs(Int($0.payload[0]) - Int(said)) <= 1 })
            #expect(isDescribed || agent.heard.count >= 49)
        }
    }

    @Test func `the recorder learns which packets of ours were noise`() {
        let rig = Rig()
        let phone = Phone(port: 5_000)
        let leg = rig.connect(phone, plan: Self.plan([.pcma]))
        rig.handle(.record(leg, recording: 1))
        rig.run(milliseconds: 500)
        var count = 0
        rig.taps.read { block, payload in
            #expect(block.side == .right && block.flags.contains(.noise) && payload.first == 70)
            count += 1
        }
        #expect(count == phone.heard.count && count > 0)
    }

    // MARK: Opus

    @Test(arguments: [true, false])
    func `pauses of Opus are left out for who asked for that, and the sound behind them is in time`(isAsked: Bool) {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .pcmu, tone: 440)
        let agent = Phone(port: 5_002, codec: .opus)
        var plan = Rig.plan([.opus])
        plan.leavesPausesOut = isAsked
        let legs = (rig.connect(caller), rig.connect(agent, plan: plan))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_000)
        caller.tone = 0
        rig.run(milliseconds: 1_000)
        agent.forget()
        rig.run(milliseconds: 4_000)
        #expect(isAsked ? (8...16).contains(agent.heard.count) : agent.heard.count == 200)
        caller.tone = 440
        rig.run(milliseconds: 1_000)
        Self.expectInTime(agent.heard, clockRate: 48_000)
        let talk = agent.heard.suffix(45)
        #expect(zip(talk, talk.dropFirst()).allSatisfy { $1.timestamp == $0.timestamp &+ 960 })
        agent.forget()
        rig.run(milliseconds: 1_000)
        #expect(agent.level(of: 440, as: .opus) > -14)
    }

    @Test func `a peer whose Opus leaves pauses out is heard whole, before and behind them`() throws {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .opus)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        var encoder = try OpusEncoder(leavesPausesOut: true)
        var payload = [UInt8](repeating: 0, count: 400)
        // Syllables: a tone that goes on for long is noise to Opus.
        let talk = Signals.vowel(rate: 16_000, count: 80 * 320).enumerated().map { index, sample in
            Int16(Double(sample) * (0.55 - 0.45 * cos(2 * Double.pi * 4 * Double(index) / 16_000)))
        }
        let silence = [Int16](repeating: 0, count: 320)
        var (sent, leftOut) = (0, 0)
        for frame in 0..<400 {
            let isTalk = frame % 200 < 80
            let samples = isTalk ? Array(talk[frame % 200 * 320..<(frame % 200 + 1) * 320]) : silence
            let length = encoder.encode(samples, count: 320, into: &payload)
            if length > 2 {
                let packet = Phone.packet(
                    payloadType: 111, sequence: UInt16(sent), timestamp: UInt32(frame * 960), ssrc: 9,
                    payload: Array(payload[..<length]))
                rig.send(packet, from: caller, to: legs.0)
                sent += 1
            } else {
                leftOut += 1
            }
            rig.run(milliseconds: 20)
        }
        #expect(leftOut > 150)
        let sound = agent.sound(.pcma)
        #expect(abs(sound.count - 400 * 160) <= 1_600)
        for talk in 0..<2 {
            let levels = stride(from: 1_600, to: 12_000, by: 2_000).map { start in
                sound[(talk * 32_000 + start)..<(talk * 32_000 + start + 2_000)].reduce(0) { max($0, $1.magnitude) }
            }
            #expect(levels.allSatisfy { $0 > 4_000 }, "\(talk): \(levels)")
            let pause = sound[(talk * 32_000 + 20_000)..<(talk * 32_000 + 30_000)]
            #expect(pause.allSatisfy { $0.magnitude < 400 })
        }
        rig.with(legs.0) { leg in #expect(leg.pointee.received.lost == 0) }
    }

    /// Made by libopus of 400 Hz on the left and 1,000 Hz on the right, each at −12 dBFS; 20 ms a line.
    private static func stereo() throws -> [[UInt8]] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let text = try String(
            contentsOf: folder.appending(path: "../Transport/Fixtures/opus-stereo.hex"), encoding: .utf8)
        return text.split(separator: "\n").map { line in
            stride(from: 0, to: line.count, by: 2).map { offset in
                let start = line.index(line.startIndex, offsetBy: offset)
                return UInt8(line[start...line.index(after: start)], radix: 16) ?? 0
            }
        }
    }

    @Test func `Opus in stereo is heard as the middle of its sides`() throws {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .opus)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        for (index, payload) in try Self.stereo().enumerated() {
            #expect(payload[0] & 4 != 0, "RFC 6716 §3.1: the s bit")
            let packet = Phone.packet(
                payloadType: 111, sequence: UInt16(index), timestamp: UInt32(index * 960), ssrc: 9, payload: payload)
            rig.send(packet, from: caller, to: legs.0)
            rig.run(milliseconds: 20)
            if index == 10 { agent.forget() }
        }
        for frequency in [400.0, 1_000] { #expect(abs(agent.level(of: frequency) + 18) < 1.5) }
        #expect(rig.counters[.undecodable] == 0 && rig.counters[.framesConcealed] == 0)
    }
}
