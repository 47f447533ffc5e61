// The jitter buffer and what is heard of a bad network.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct PlayoutTests {
    /// A caller in mu-law behind a network, so that everything passes the jitter buffer.
    private static func listen(
        through network: Impairment, milliseconds: Int, codec: Codec = .pcmu, sequence: UInt16 = 1
    ) -> (Rig, Phone) {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: codec, tone: 440)
        let agent = Phone(port: 5_002)
        caller.sequence = sequence
        caller.timestamp = 0xFFFF_F000
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.impair(legs.0, network)
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: milliseconds)
        return (rig, agent)
    }

    @Test(arguments: BridgeTests.starts)
    func `on a steady network nothing is invented, whatever number the stream begins with`(start: UInt16) {
        let (rig, agent) = Self.listen(through: Impairment(delay: 30), milliseconds: 2_000, sequence: start)
        #expect(rig.counters[.framesConcealed] == 0)
        #expect(rig.counters[.framesShortened] == 0 && rig.counters[.framesLengthened] == 0)
        #expect(agent.level(of: 440) > -14)
    }

    @Test(arguments: [Codec.pcmu, .opus])
    func `jitter of 50 ms is learnt: after the first seconds hardly anything is missing`(codec: Codec) {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: codec, tone: 440)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.impair(legs.0, Impairment(delay: 20, jitter: 50, seed: 3))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 5_000)
        let before = rig.counters
        rig.run(milliseconds: 20_000)
        let after = rig.counters
        #expect(after[.framesConcealed] - before[.framesConcealed] < 40, "of 1,000")
        #expect(after[.bufferLate] - before[.bufferLate] < 40)
        #expect(after[.packetsSkipped] == 0)
    }

    @Test func `when the jitter is over the delay shrinks again`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .pcmu, tone: 440)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.impair(legs.0, Impairment(delay: 0, jitter: 100, seed: 5))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 10_000)
        var jittery: Int64 = 0
        rig.with(legs.0) { jittery = $0.pointee.playout.buffer.delay.target }
        rig.impair(legs.0, Impairment(delay: 0))
        rig.run(milliseconds: 30_000)
        var calm: Int64 = 0
        rig.with(legs.0) { calm = $0.pointee.playout.buffer.delay.target }
        #expect(jittery >= 70_000_000 && calm <= 20_000_000)
        #expect(rig.counters[.framesShortened] > 0)
        // How old is what is heard? Packets said before silence sets in are heard for the remaining delay.
        caller.tone = nil
        agent.forget()
        rig.run(milliseconds: 1_000)
        let heard = agent.sound(.pcma)
        let loud = heard.lastIndex { abs(Int($0)) > 4_000 } ?? 0
        #expect(loud < 8 * 160, "tone for at most 160 ms more, concealment included")
    }

    @Test(arguments: [20, 50, 100, 200])
    func `with lost packets the tone stays as loud as it was said and nothing bangs`(loss: Int) {
        let (rig, agent) = Self.listen(through: Impairment(delay: 20, loss: loss, seed: 9), milliseconds: 5_000)
        let samples = agent.sound(.pcma)
        #expect(samples.allSatisfy { abs(Int($0)) < 9_000 }, "a tenth louder than it was said")
        #expect(LossyLine.greatestExtraStep(samples, beyond: 440) < 800, "a click")
        #expect(agent.level(of: 440) > -13)
        #expect(rig.counters[.framesConcealed] > 0)
    }

    @Test(arguments: [100, 129, 216, 300, 440, 610, 1_000, 1_825, 2_200, 2_913])
    func `a tone of any pitch is neither louder nor does it click, however packets are lost`(frequency: Int) {
        let tone = Tones.sine(Double(frequency), rate: 8_000, from: 0, count: 16_000)
        for percent in [1, 3, 5, 10, 20] {
            for kind in LossPattern.Kind.allCases {
                let pattern = LossPattern(percent: percent, kind, seed: UInt64(frequency + percent))
                let heard = LossyLine.carry(tone, losing: pattern)
                #expect(heard.allSatisfy { abs(Int($0)) < 9_000 }, "\(percent) % \(kind)")
                #expect(LossyLine.greatestExtraStep(heard, beyond: Double(frequency)) < 800, "\(percent) % \(kind)")
            }
        }
    }

    @Test func `sound whose first packets were lost begins without a click`() {
        let tone = Tones.sine(440, rate: 8_000, from: 5, count: 3_200)
        let heard = LossyLine.carry(tone, losing: LossPattern(percent: 0, .single, seed: 1))
        #expect(tone[0] > 7_000 && heard.contains { $0 > 7_000 })
        #expect(LossyLine.greatestExtraStep([0] + heard, beyond: 440) < 800)
    }

    @Test func `duplicates change nothing`() {
        let (rig, agent) = Self.listen(through: Impairment(delay: 20, duplicates: 500, seed: 2), milliseconds: 2_000)
        #expect(rig.counters[.framesConcealed] == 0)
        #expect(agent.level(of: 440) > -14)
    }

    @Test func `lost Opus packets come back from their successors`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .opus, tone: 440)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.impair(legs.0, Impairment(delay: 20, loss: 50, seed: 4))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 4_000)
        #expect(rig.counters[.framesRecovered] > 0)
        #expect(agent.level(of: 440) > -16)
    }

    @Test func `a speaker who pauses (silence suppression) is heard again without loss`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .pcmu, tone: 440)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_000)
        for pause in [40, 100, 500, 3_000] {
            caller.tone = nil
            rig.run(milliseconds: pause)
            caller.tone = 440
            agent.forget()
            rig.run(milliseconds: 600)
            let samples = agent.sound(.pcma)
            #expect(Tones.level(of: 440, in: Array(samples.suffix(4_000)), rate: 8_000) > -14, "after \(pause) ms")
            #expect(samples.allSatisfy { abs(Int($0)) < 10_500 })
        }
    }

    @Test func `a jump of the sender's clock does not silence it`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .pcmu, tone: 440)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        for jump in [UInt32(1) << 31, 0xFFFF_0000, 100_000] {
            rig.run(milliseconds: 500)
            caller.timestamp &+= jump
            agent.forget()
            rig.run(milliseconds: 600)
            let samples = Array(agent.sound(.pcma).suffix(3_200))
            #expect(Tones.level(of: 440, in: samples, rate: 8_000) > -14, "after \(jump)")
        }
    }

    @Test func `a sender whose clock jumps with every packet harms nobody`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .pcmu)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        for sequence in 0..<20_000 {
            let packet = Phone.packet(
                payloadType: 0, sequence: UInt16(truncatingIfNeeded: sequence),
                timestamp: UInt32(truncatingIfNeeded: sequence * 0x7FFF_FFFF), ssrc: 1,
                payload: [UInt8](repeating: 1, count: 160))
            rig.send(packet, from: caller, to: legs.0)
            if sequence % 10 == 0 { rig.run(milliseconds: 1) }
        }
        #expect(rig.counters[.bufferRestarts] > 10_000)
    }

    @Test(arguments: MixRate.allCases)
    func `stretching and shortening keep a tone's pitch`(rate: MixRate) {
        let frame = rate.sampleCount
        var samples = Tones.sine(200, rate: rate.sampleRate, from: 0, count: 5 * frame / 2)
        samples += [Int16](repeating: 0, count: frame)
        let periods = frame / 8...frame / 2
        let removed = TimeScale.shorten(&samples, count: 5 * frame / 2, rate: rate, limit: frame / 2, likeness: 0.6)
        var left = 5 * frame / 2 - removed
        #expect(periods.contains(removed))
        #expect(Tones.level(of: 200, in: Array(samples[..<left]), rate: rate.sampleRate) > -13)
        let added = TimeScale.lengthen(&samples, count: left, rate: rate, limit: frame / 2, likeness: 0.6)
        left += added
        #expect(periods.contains(added))
        #expect(Tones.level(of: 200, in: Array(samples[..<left]), rate: rate.sampleRate) > -13)
    }
}
