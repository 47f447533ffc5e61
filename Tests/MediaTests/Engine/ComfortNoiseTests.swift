// Pauses that are described instead of sent (RFC 3389): who hears them, and that nothing looks lost.

import CAllocationCount
import Glibc
import TestKit
import Testing
import Timing

@testable import Media

@Suite struct ComfortNoiseTests {
    private static func plan(_ codec: Codec, noise: UInt8? = 13) -> MediaPlan {
        var plan = Rig.plan([codec])
        plan.comfortNoise = noise.map { ComfortNoiseBinding(payloadType: $0, receivePayloadType: 13) }
        return plan
    }

    /// The phone's next packet is noise of `level`, by RFC 3389 with `coefficients` behind it.
    private static func describe(_ level: UInt8, coefficients: [UInt8] = [], by phone: Phone, on leg: LegID, _ rig: Rig)
    {
        describe([level] + coefficients, by: phone, on: leg, rig)
    }

    private static func describe(_ payload: [UInt8], by phone: Phone, on leg: LegID, _ rig: Rig) {
        let packet = Phone.packet(
            payloadType: 13, sequence: phone.sequence, timestamp: phone.timestamp, ssrc: phone.ssrc, payload: payload)
        phone.sequence &+= 1
        rig.send(packet, from: phone, to: leg)
    }

    /// Of all samples in dBov.
    private static func level(_ samples: some Collection<Int16>) -> Double {
        let power = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, samples.count))
        return 10 * log10(max(power, 0.1)) - 20 * log10(32_767)
    }

    /// A caller with a tone, in a codec with comfort noise, bridged to an agent in A-law.
    private static func talk(_ codec: Codec, agentSpeaksNoise: Bool = false) -> (Rig, Phone, Phone, (LegID, LegID)) {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: codec, tone: 440)
        let agent = Phone(port: 5_002)
        let other = agentSpeaksNoise ? rig.connect(agent, plan: plan(.pcma)) : rig.connect(agent)
        let legs = (rig.connect(caller, plan: plan(codec)), other)
        rig.handle(.bridge(legs.0, legs.1))
        return (rig, caller, agent, legs)
    }

    @Test(arguments: [Codec.pcmu, .g722], [UInt8(20), 40, 60])
    func `a pause sounds as loud as the peer says, and none of it counts as lost`(codec: Codec, level: UInt8) {
        let (rig, caller, agent, legs) = Self.talk(codec)
        rig.run(milliseconds: 1_000)
        caller.tone = nil
        Self.describe(level, coefficients: [100, 130], by: caller, on: legs.0, rig)
        rig.run(milliseconds: 200)
        agent.forget()
        rig.run(milliseconds: 2_000)
        #expect(abs(Self.level(agent.sound(.pcma)) + Double(level)) < 2)
        caller.tone = 440
        rig.run(milliseconds: 200)
        agent.forget()
        rig.run(milliseconds: 1_000)
        #expect(agent.level(of: 440) > -14)
        #expect(rig.counters[.framesConcealed] == 0 && rig.counters[.noiseReceived] == 1)
        #expect(rig.counters[.framesNoise] > 95)
        rig.with(legs.0) { leg in
            #expect(leg.pointee.received.lost == 0)
            #expect(leg.pointee.playout.concealed == 0)
            #expect(leg.pointee.received.jitter < 80, "10 ms")
        }
    }

    @Test func `without a word of it a pause is a loss until silence is left`() {
        let (rig, caller, _, _) = Self.talk(.pcmu)
        rig.run(milliseconds: 1_000)
        caller.tone = nil
        rig.run(milliseconds: 500)
        #expect(rig.counters[.framesConcealed] > 0 && rig.counters[.framesNoise] == 0)
    }

    @Test func `noise that changes is followed, behind jitter and loss as well`() {
        let (rig, caller, agent, legs) = Self.talk(.pcmu)
        rig.run(milliseconds: 1_000)
        rig.impair(legs.0, Impairment(delay: 20, jitter: 30, loss: 50, seed: 4))
        caller.tone = nil
        for level in [UInt8(50), 30] {
            for round in 0..<20 {
                if round == 10 { agent.forget() }
                Self.describe(level, by: caller, on: legs.0, rig)
                rig.run(milliseconds: 100)
            }
            #expect(abs(Self.level(agent.sound(.pcma)) + Double(level)) < 2)
        }
    }

    @Test(arguments: [true, false], [Codec.pcma, .g722])
    func `noise is relayed in both directions under the listener's number`(fromFirst: Bool, codec: Codec) {
        let rig = Rig()
        let phones = [Phone(port: 5_000, codec: codec, tone: 440), Phone(port: 5_002, codec: codec, tone: 440)]
        let legs = [
            rig.connect(phones[0], plan: Self.plan(codec, noise: 19)),
            rig.connect(phones[1], plan: Self.plan(codec, noise: 19)),
        ]
        rig.handle(.bridge(legs[0], legs[1]))
        rig.run(milliseconds: 500)
        let (speaker, listener) = fromFirst ? (0, 1) : (1, 0)
        phones[speaker].tone = nil
        Self.describe(47, coefficients: [1, 2], by: phones[speaker], on: legs[speaker], rig)
        rig.run(milliseconds: 400)
        phones[speaker].tone = 440
        rig.run(milliseconds: 500)
        let heard = phones[listener].heard
        let noise = heard.filter { $0.payloadType == 19 }
        #expect(noise.map(\.payload) == [[47, 1, 2]])
        #expect(rig.counters[.noiseRelayed] == 1 && rig.counters[.transcoded] == 0)
        for (one, next) in zip(heard, heard.dropFirst()) {
            #expect(next.sequence == one.sequence &+ 1)
            #expect(next.timestamp == one.timestamp &+ 160 || one.payloadType == 19)
        }
        let pauses = zip(heard, heard.dropFirst()).map { Int($1.timestamp &- $0.timestamp) }
        #expect(pauses.max() ?? 0 > 2_800, "the pause of 400 ms is one for the listener, too")
    }

    @Test func `a listener without noise hears a pause and no loss`() {
        let (rig, caller, agent, legs) = Self.talk(.pcma)
        rig.run(milliseconds: 500)
        caller.tone = nil
        for _ in 0..<4 {
            Self.describe(47, by: caller, on: legs.0, rig)
            rig.run(milliseconds: 100)
        }
        caller.tone = 440
        rig.run(milliseconds: 500)
        #expect(rig.counters[.noiseReceived] == 4 && rig.counters[.noiseRelayed] == 0)
        #expect(agent.heard.allSatisfy { $0.payloadType == 8 })
        for (one, next) in zip(agent.heard, agent.heard.dropFirst()) { #expect(next.sequence == one.sequence &+ 1) }
    }

    @Test func `noise that is empty or marked is counted and harms nothing`() {
        for length in 0...11 {
            let payload = [UInt8](repeating: 60, count: length)
            let noise = payload.withUnsafeBytes { ComfortNoise(parsing: $0) }
            #expect((noise == nil) == (length == 0))
            #expect(noise.map { $0.order == length - 1 && $0.level == 60 } != false)
        }
        for codec in [Codec.pcmu, .pcma] {
            let (rig, caller, agent, legs) = Self.talk(codec, agentSpeaksNoise: true)
            rig.run(milliseconds: 500)
            for payload in [[], [0x80], [0xFF, 1, 2], [UInt8](repeating: 0xFF, count: 1_400)] {
                Self.describe(payload, by: caller, on: legs.0, rig)
                rig.run(milliseconds: 20)
            }
            rig.run(milliseconds: 500)
            #expect(rig.counters[.droppedMalformedNoise] == 4 && rig.counters[.noiseReceived] == 0)
            #expect(rig.counters[.framesConcealed] == 0 && agent.level(of: 440) > -14)
            for (one, next) in zip(agent.heard, agent.heard.dropFirst()) { #expect(next.sequence == one.sequence &+ 1) }
        }
    }

    @Test func `a flood of noise does not keep the sound behind it from being heard`() {
        let (rig, caller, agent, legs) = Self.talk(.pcmu)
        rig.run(milliseconds: 500)
        for _ in 0..<1_000 { Self.describe(0, by: caller, on: legs.0, rig) }
        rig.run(milliseconds: 1_000)
        agent.forget()
        rig.run(milliseconds: 1_000)
        #expect(agent.level(of: 440) > -14)
    }

    @Test func `noise that was not negotiated is unknown`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let leg = rig.connect(caller)
        rig.run(milliseconds: 100)
        Self.describe(40, by: caller, on: leg, rig)
        #expect(rig.counters[.droppedUnknownPayload] == 1 && rig.counters[.noiseReceived] == 0)
    }

    @Test func `the tap tells noise from sound, received and sent`() {
        let (rig, caller, _, legs) = Self.talk(.pcma, agentSpeaksNoise: true)
        rig.handle(.record(legs.0, recording: 1))
        rig.handle(.record(legs.1, recording: 2))
        rig.run(milliseconds: 200)
        rig.taps.read { _, _ in }
        caller.tone = nil
        Self.describe(40, by: caller, on: legs.0, rig)
        rig.run(milliseconds: 100)
        var sides: [TapBlock.Side] = []
        rig.taps.read { block, payload in
            #expect(block.flags == .noise && payload.first == 40)
            sides.append(block.side)
        }
        #expect(sides == [.left, .right])
    }

    @Test(.enabled(if: allocations_are_counted() != 0, "a sanitizer has the allocator"))
    func `making noise allocates nothing`() {
        var playout = Playout(opusDecoder: nil)
        playout.reset()
        var counters = MediaCounters()
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 160, alignment: 16)
        memory.initializeMemory(as: UInt8.self, repeating: 45, count: 160)
        let frame = UnsafeMutablePointer<Int16>.allocate(capacity: 320)
        defer {
            memory.deallocate()
            frame.deallocate()
        }
        var before: UInt64 = 0
        // As `ReceiveStream` extends them: never near zero.
        var sequence: Int64 = 0x1_0000
        for round in 0..<2_800 {
            // Both rates were used by then, and what is made at first use is there.
            if round == 800 { before = allocation_count() }
            let now = Instant(nanoseconds: 1_000_000_000 + Int64(round) * 20_000_000)
            let header = RTPHeader(
                marker: false, payloadType: 13, sequence: 0, timestamp: UInt32(round * 160), ssrc: 1)
            let payload = UnsafeRawBufferPointer(start: memory, count: 160)
            if round % 20 <= 5 || round % 20 == 12 { sequence += 1 }
            switch round % 20 {
            case 0..<5:
                playout.insert(
                    header, sequence: sequence, codec: .pcma, payload: payload, now: now, counters: &counters)
            case 5, 12:
                playout.insertNoise(header, sequence: sequence, payload: payload, now: now, counters: &counters)
            default: break
            }
            playout.pull(into: frame, rate: round % 400 < 200 ? .wide : .narrow, now: now, counters: &counters)
        }
        #expect(allocation_count() == before)
        let (noisy, decoded) = (counters[.framesNoise], counters[.framesDecoded])
        #expect(noisy > 1_000 && decoded > 400, "\(noisy) of noise, \(decoded) of sound")
    }
}
