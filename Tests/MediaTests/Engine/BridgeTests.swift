// Who hears whom.

import TestKit
import Testing
import Timing

@testable import Media

/// Heard clearly: the tone is said at −12 dBFS.
private let clear = -16.0
private let inaudible = -60.0

@Suite struct BridgeTests {
    static let starts: [UInt16] = [0, 1, 127, 32_767, 32_768, 65_407, 65_534, 65_535]

    @Test func `two bridges at once do not hear each other`() {
        let rig = Rig()
        let phones = [440.0, 700, 1_000, 1_300].enumerated().map { Phone(port: UInt16(5_000 + $0 * 2), tone: $1) }
        let legs = phones.map { rig.connect($0) }
        rig.handle(.bridge(legs[0], legs[1]))
        rig.handle(.bridge(legs[2], legs[3]))
        rig.run(milliseconds: 1_000)
        let tones = [440.0, 700, 1_000, 1_300]
        for (listener, phone) in phones.enumerated() {
            for (speaker, tone) in tones.enumerated() {
                let level = phone.level(of: tone)
                if listener / 2 == speaker / 2, listener != speaker {
                    #expect(level > clear, "\(listener) should hear \(speaker)")
                } else {
                    #expect(level < inaudible, "\(listener) should not hear \(speaker)")
                }
            }
        }
        #expect(rig.counters[.transcoded] == 0)
    }

    @Test(arguments: starts)
    func `a relayed packet keeps its payload, its number grows by one and its timestamp by the packet time`(
        start: UInt16
    ) {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        caller.sequence = start
        caller.timestamp = 0xFFFF_FF00
        rig.with(legs.1) { leg in
            leg.pointee.sent = SendStream(clockRate: 8_000, ssrc: 77, sequence: start &- 3, timestamp: .max - 200)
        }
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 400)
        #expect(agent.heard.count == caller.said.count)
        #expect(agent.heard.map(\.payload) == caller.said)
        #expect(agent.heard.allSatisfy { $0.ssrc == 77 && $0.payloadType == 8 })
        #expect(agent.heard.first?.sequence == start &- 3)
        #expect(agent.heard.first?.marker == true)
        for (a, b) in zip(agent.heard, agent.heard.dropFirst()) {
            #expect(b.sequence == a.sequence &+ 1)
            #expect(b.timestamp == a.timestamp &+ 160)
            #expect(!b.marker)
        }
    }

    @Test func `loss and order of a relayed stream are passed on, duplicates are not`() {
        let rig = Rig()
        let caller = Phone(port: 5_000)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        for sequence in [10, 11, 13, 12, 12, 16, 13] as [UInt16] {
            let packet = Phone.packet(
                payloadType: 8, sequence: sequence, timestamp: UInt32(sequence) * 160, ssrc: 5,
                payload: [UInt8](repeating: UInt8(sequence), count: 160))
            rig.inject(packet, to: legs.0, from: caller.address)
        }
        let first = agent.heard[0].sequence
        #expect(agent.heard.map { $0.sequence &- first } == [0, 1, 3, 2, 6])
        #expect(agent.heard.map { $0.timestamp &- agent.heard[0].timestamp } == [0, 160, 480, 320, 960])
        #expect(rig.counters[.droppedDuplicate] == 2)
    }

    @Test(arguments: [1, 2, 3])
    func `through a network that loses, delays and doubles, what arrives is relayed exactly once`(seed: UInt64) {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.impair(legs.0, Impairment(delay: 20, jitter: 50, loss: 100, duplicates: 100, seed: seed))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 5_000)
        #expect(Set(agent.heard.map(\.sequence)).count == agent.heard.count)
        #expect(agent.heard.count > 200 && agent.heard.count < 245)
        #expect(rig.counters[.droppedDuplicate] > 5)
    }

    @Test func `Opus and A-law hear each other through the mixer`() {
        let rig = Rig()
        let browser = Phone(port: 5_000, codec: .opus, tone: 440)
        let caller = Phone(port: 5_002, codec: .pcma, tone: 1_000)
        let legs = (rig.connect(browser), rig.connect(caller))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 2_000)
        #expect(caller.level(of: 440) > clear)
        #expect(caller.level(of: 1_000) < -50)
        #expect(browser.level(of: 1_000, as: .opus) > clear)
        #expect(browser.level(of: 440, as: .opus) < -50)
        #expect(rig.counters[.framesConcealed] == 0)
        for (a, b) in zip(browser.heard, browser.heard.dropFirst()) {
            #expect(b.sequence == a.sequence &+ 1 && b.timestamp == a.timestamp &+ 960)
        }
    }

    @Test func `a browser that takes A-law too gets the caller's packets as they are`() {
        let rig = Rig()
        let browser = Phone(port: 5_000, codec: .opus, tone: 440)
        let caller = Phone(port: 5_002, codec: .pcma, tone: 1_000)
        let legs = (rig.connect(browser, plan: Rig.plan([.opus, .pcma], events: [48_000])), rig.connect(caller))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_000)
        #expect(browser.heard.map(\.payload) == caller.said)
        #expect(caller.level(of: 440) > clear)
    }

    @Test(arguments: [10, 30, 60])
    func `packets of another length are repacked`(packetTime: Int) {
        let rig = Rig()
        let caller = Phone(port: 5_000, packetTime: packetTime, tone: 440)
        let agent = Phone(port: 5_002, tone: 1_000)
        let legs = (rig.connect(caller, plan: Rig.plan([.pcma], packetTime: packetTime)), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 2_000)
        #expect(agent.level(of: 440) > clear)
        #expect(caller.level(of: 1_000) > clear)
        #expect(agent.heard.allSatisfy { $0.payload.count == 160 })
        #expect(caller.heard.allSatisfy { $0.payload.count == packetTime * 8 })
        #expect(rig.counters[.framesConcealed] == 0)
    }

    @Test func `A-law and mu-law hear each other`() {
        let rig = Rig()
        let a = Phone(port: 5_000, codec: .pcma, tone: 440)
        let b = Phone(port: 5_002, codec: .pcmu, tone: 1_000)
        let legs = (rig.connect(a), rig.connect(b))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_000)
        #expect(a.level(of: 1_000) > clear)
        #expect(b.level(of: 440, as: .pcmu) > clear)
    }

    @Test func `a muted leg is heard by nobody and the other gets silence`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let agent = Phone(port: 5_002, tone: 1_000)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.handle(.mute(legs.1, true))
        rig.run(milliseconds: 500)
        #expect(caller.level(of: 1_000) < inaudible)
        #expect(caller.heard.count > 20)
        #expect(agent.level(of: 440) > clear)
        caller.forget()
        rig.handle(.mute(legs.1, false))
        rig.run(milliseconds: 500)
        #expect(caller.level(of: 1_000) > clear)
    }

    @Test func `after unbridging nobody hears anybody`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let agent = Phone(port: 5_002, tone: 1_000)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 200)
        rig.handle(.unbridge(legs.1))
        caller.forget()
        agent.forget()
        rig.run(milliseconds: 200)
        #expect(caller.heard.isEmpty && agent.heard.isEmpty)
    }

    @Test func `a speaker who changes the codec in mid-sentence stays heard`() {
        let rig = Rig()
        let browser = Phone(port: 5_000, codec: .opus, tone: 440)
        let caller = Phone(port: 5_002, codec: .pcmu)
        let legs = (rig.connect(browser, plan: Rig.plan([.opus, .pcma, .pcmu])), rig.connect(caller))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_000)
        for codec in [Codec.pcma, .opus, .pcma] {
            browser.codec = codec
            browser.payloadType = codec.defaultPayloadType
            caller.forget()
            rig.run(milliseconds: 600)
            #expect(caller.level(of: 440, as: .pcmu) > clear)
            let samples = caller.sound(.pcmu)
            #expect(samples.allSatisfy { abs(Int($0)) < 12_000 }, "a loud click")
        }
    }

    @Test func `a new source is taken up after two packets and its stream goes on without a break`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 200)
        caller.ssrc = 99
        caller.sequence = 40_000
        caller.timestamp = 3_000_000_000
        rig.run(milliseconds: 400)
        #expect(agent.heard.count >= 27)
        for (a, b) in zip(agent.heard, agent.heard.dropFirst()) { #expect(b.sequence == a.sequence &+ 1) }
        let jumps = zip(agent.heard, agent.heard.dropFirst()).filter { $1.timestamp &- $0.timestamp != 160 }
        #expect(jumps.count <= 1)
        #expect(jumps.allSatisfy { $1.timestamp &- $0.timestamp <= 160 * 5 })
    }

    @Test func `packets of a stranger's source between those of the peer are not heard`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 100)
        for count in 0..<50 {
            rig.run(milliseconds: 20)
            for burst in 0..<3 {
                let tone = Tones.sine(1_000, rate: 8_000, from: count * 160, count: 160)
                var payload = [UInt8](repeating: 0, count: 160)
                G711.encode(tone, count: 160, law: .a, into: &payload)
                let packet = Phone.packet(
                    payloadType: 8, sequence: UInt16(count * 3 + burst), timestamp: UInt32(count * 160), ssrc: 666,
                    payload: payload)
                rig.inject(packet, to: legs.0, from: caller.address)
            }
        }
        #expect(agent.heard.map(\.payload) == caller.said)
        #expect(rig.counters[.droppedForeignStream] == 150)
    }
}
