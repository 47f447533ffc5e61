// From relay to mix and back while somebody speaks: every sample is heard once, and nothing clicks.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct CutTests {
    /// A pair that speaks A-law, and somebody who says silence in µ-law, which is nothing but zeros there: so that what
    /// is mixed must be, bit by bit, what was said.
    private static func room(packetTime: Int = 20) -> Conference {
        let room = Conference([.pcma, .pcma, .pcmu], packetTime: packetTime)
        room.phones[2].tone = 0
        return room
    }

    /// The first sample that `phone` heard otherwise than `other` said it; nil: none. What is on its way counts.
    private static func difference(_ phone: Phone, _ other: Phone) -> Int? {
        let heard = phone.heard.flatMap(\.payload)
        let said = other.said.flatMap { $0 }
        if let index = zip(heard, said).enumerated().first(where: { $1.0 != $1.1 })?.offset { return index }
        return heard.count == said.count ? nil : min(heard.count, said.count)
    }

    /// The longest time between two packets, milliseconds.
    private static func longestGap(_ phone: Phone) -> Int {
        zip(phone.heard, phone.heard.dropFirst()).reduce(0) { max($0, $1.1.at - $1.0.at) }
    }

    @Test(arguments: Array(0..<20))
    func `when a third joins and leaves, the two hear every sample of each other once`(offset: Int) {
        let room = Self.room()
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.rig.run(milliseconds: 1_200 + offset)
        for _ in 0..<3 {
            room.join(2, bridge)
            room.rig.run(milliseconds: 413)
            room.leave(2)
            room.rig.run(milliseconds: 307)
        }
        for (phone, other) in [(room.phones[0], room.phones[1]), (room.phones[1], room.phones[0])] {
            #expect(Self.difference(phone, other) == nil)
            #expect(Self.longestGap(phone) <= 40, "one packet late")
            #expect(Set(phone.heard.map(\.ssrc)).count == 1)
            for (a, b) in zip(phone.heard, phone.heard.dropFirst()) {
                #expect(b.sequence == a.sequence &+ 1 && b.timestamp == a.timestamp &+ 160)
            }
        }
        #expect(room.rig.counters[.cutsToMix] == 6 && room.rig.counters[.cutsToRelay] == 6)
    }

    @Test(arguments: Array(0..<20))
    func `when a supervisor begins to coach and goes back to listening, nobody misses a sample`(offset: Int) {
        let room = Self.room()
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.rig.run(milliseconds: 1_200 + offset)
        room.join(2, bridge, .listen)
        room.rig.run(milliseconds: 300)
        room.join(2, bridge, .coach(room.legs[1]))
        room.rig.run(milliseconds: 300)
        room.join(2, bridge, .listen)
        room.rig.run(milliseconds: 300)
        room.leave(2)
        room.rig.run(milliseconds: 300)
        #expect(Self.difference(room.phones[0], room.phones[1]) == nil)
        #expect(Self.difference(room.phones[1], room.phones[0]) == nil)
        #expect(Self.longestGap(room.phones[1]) <= 40)
        let isRelayed = room.phones[0].heard.map(\.payload) == room.phones[1].said
        #expect(isRelayed, "throughout")
        #expect(room.rig.counters[.cutsToMix] == 1 && room.rig.counters[.cutsToRelay] == 1)
        room.expectUnbroken()
    }

    @Test(arguments: [10, 20, 30, 40, 60], Array(stride(from: 0, to: 60, by: 7)))
    func `packets of every length go over without a click`(packetTime: Int, offset: Int) {
        let room = Self.room(packetTime: packetTime)
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.rig.run(milliseconds: 1_800 + offset)
        room.join(2, bridge)
        room.rig.run(milliseconds: 500)
        room.leave(2)
        room.rig.run(milliseconds: 500)
        let samples = room.phones[0].sound(.pcma)
        #expect(LossyLine.greatestExtraStep(samples, beyond: Conference.tones[1]) < 800)
        let difference = samples.count - room.phones[1].said.count * packetTime * 8
        #expect(abs(difference) <= packetTime * 8, "no more than a packet more or less")
        #expect(room.phones[0].heard.allSatisfy { $0.payload.count == packetTime * 8 })
        #expect(Self.longestGap(room.phones[0]) <= 2 * packetTime + 20)
        room.expectUnbroken()
    }

    @Test(arguments: Array(stride(from: 0, to: 20, by: 3)))
    func `a third who speaks begins and ends without a click`(offset: Int) {
        let room = Conference()
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.rig.run(milliseconds: 1_200 + offset)
        for _ in 0..<3 {
            room.join(2, bridge)
            room.rig.run(milliseconds: 400)
            room.leave(2)
            room.rig.run(milliseconds: 400)
        }
        for party in 0..<2 {
            let samples = room.phones[party].sound(.pcma)
            let greatest = Signals.greatestStep(samples)
            let steps = [1 - party, 2].map {
                Signals.greatestStep(Tones.sine(Conference.tones[$0], rate: 8_000, from: 0, count: 8_000))
            }
            #expect(greatest - steps[0] - steps[1] < 800)
            #expect(Self.longestGap(room.phones[party]) <= 40)
        }
        room.expectUnbroken()
    }

    /// What an ear with a jitter buffer hears of a phone's packets, and what it had to invent.
    private static func ear(of phone: Phone, until end: Int) throws -> (samples: [Int16], invented: Int) {
        var ear = try Ear(.pcma)
        var samples: [Int16] = []
        var frame = [Int16](repeating: 0, count: Ear.sampleCount)
        var next = 0
        for time in 1...end {
            let now = Instant(nanoseconds: Int64(time) * 1_000_000)
            while next < phone.heard.count, phone.heard[next].at <= time {
                let heard = phone.heard[next]
                let packet = Phone.packet(
                    marker: heard.marker, payloadType: heard.payloadType, sequence: heard.sequence,
                    timestamp: heard.timestamp, ssrc: heard.ssrc, payload: heard.payload)
                packet.withUnsafeBytes { ear.receive($0, now: now) }
                next += 1
            }
            guard time % 20 == 7 else { continue }
            ear.take(into: &frame, now: now)
            samples += frame
        }
        return (samples, ear.counters[.framesConcealed])
    }

    @Test(arguments: [0, 10, 30, 60], [1, 2])
    func `behind a network that jitters the ear hears nothing of the cuts`(jitter: Int, seed: UInt64) throws {
        /// Twenty cuts, or none.
        func call(cuts: Bool) throws -> (samples: [Int16], invented: Int) {
            let room = Self.room()
            for party in 0..<2 {
                room.rig.impair(room.legs[party], Impairment(delay: 20, jitter: jitter, seed: seed + UInt64(party)))
            }
            let bridge = room.bridge()
            room.join(0, bridge)
            room.join(1, bridge)
            room.rig.run(milliseconds: 3_000)
            for turn in 0..<10 {
                if cuts { room.join(2, bridge) }
                room.rig.run(milliseconds: 500 + turn)
                room.leave(2)
                room.rig.run(milliseconds: 500)
            }
            if cuts { #expect(room.rig.counters[.cutsToMix] == 20 && room.rig.counters[.cutsToRelay] == 20) }
            #expect(Set(room.phones[0].heard.map(\.ssrc)).count == 1)
            return try Self.ear(of: room.phones[0], until: room.rig.time)
        }
        let (plain, cut) = (try call(cuts: false), try call(cuts: true))
        #expect(LossyLine.greatestExtraStep(cut.samples, beyond: Conference.tones[1]) < 800)
        // A frame each time the mix begins; two where the mix waits for packets longer than the ear does.
        #expect(cut.invented <= plain.invented + (jitter < 60 ? 10 : 20))
    }

    @Test(arguments: Array(stride(from: 0, to: 20, by: 3)))
    func `a speaker who changes to a codec that the listener has not, and back, is heard without a hole`(offset: Int) {
        let rig = Rig()
        let speaker = Phone(port: 5_000, tone: 440)
        let listener = Phone(port: 5_002)
        let legs = (rig.connect(speaker, plan: Rig.plan([.pcma, .pcmu])), rig.connect(listener))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_200 + offset)
        for codec in [Codec.pcmu, .pcma, .pcmu, .pcma] {
            speaker.codec = codec
            speaker.payloadType = codec.defaultPayloadType
            rig.run(milliseconds: 400)
        }
        #expect(rig.counters[.cutsToMix] == 2 && rig.counters[.cutsToRelay] == 2)
        let samples = listener.sound(.pcma)
        #expect(samples.count == speaker.said.count * 160)
        #expect(LossyLine.greatestExtraStep(samples, beyond: 440) < 800)
        #expect(Self.longestGap(listener) <= 40)
        for (a, b) in zip(listener.heard, listener.heard.dropFirst()) {
            #expect(b.sequence == a.sequence &+ 1 && b.timestamp == a.timestamp &+ 160)
        }
    }

    @Test func `a listener who is re-negotiated to another codec goes on hearing the same sound`() throws {
        let rig = Rig()
        let speaker = Phone(port: 5_000, tone: 440)
        let listener = Phone(port: 5_002)
        let legs = (rig.connect(speaker), rig.connect(listener))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_200)
        for codec in [Codec.pcmu, .pcma] {
            var plan = Rig.plan([codec])
            plan.remoteRTP = listener.address
            rig.handle(.update(legs.1, try LegUpdatePointer.make(plan: plan)))
            rig.run(milliseconds: 400)
        }
        for case .updated(_, let pointer) in rig.takeEvents() { pointer.free() }
        var samples: [Int16] = []
        for packet in listener.heard {
            var frame = [Int16](repeating: 0, count: 160)
            G711.decode(packet.payload, count: 160, law: packet.payloadType == 8 ? .a : .mu, into: &frame)
            samples += frame
        }
        #expect(Set(listener.heard.map(\.payloadType)) == [0, 8])
        #expect(samples.count == speaker.said.count * 160)
        #expect(LossyLine.greatestExtraStep(samples, beyond: 440) < 800)
        #expect(Self.longestGap(listener) <= 40)
        for (a, b) in zip(listener.heard, listener.heard.dropFirst()) {
            #expect(b.sequence == a.sequence &+ 1 && b.timestamp == a.timestamp &+ 160)
        }
    }

    @Test func `two in Opus are relayed, mixed with a third and relayed again, on one stream each`() {
        let room = Conference([.opus, .opus, .pcma])
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.rig.run(milliseconds: 1_200)
        for _ in 0..<3 {
            room.join(2, bridge)
            room.listen()
            #expect(room.hearing == "12 02 01")
            room.expectUnbroken()
            room.leave(2)
            room.listen()
            #expect(room.hearing == "1 0 -")
            let isRelayed = room.phones[0].heard.map(\.payload) == room.phones[1].said
            #expect(isRelayed)
        }
        #expect(room.rig.counters[.cutsToMix] == 6 && room.rig.counters[.cutsToRelay] == 6)
        #expect(room.rig.counters[.framesConcealed] <= 3)
    }

    @Test(
        arguments: [[Codec.pcma, .pcma, .opus, .opus], [.pcmu, .pcma, .opus, .g722]],
        Array(stride(from: 0, to: 20, by: 3)))
    func `two in G_711 go over to a wide-band bridge and back without a click`(codecs: [Codec], offset: Int) {
        let room = Conference(codecs)
        for party in 2..<4 { room.phones[party].tone = 0 }
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.rig.run(milliseconds: 1_200 + offset)
        for _ in 0..<3 {
            room.join(2, bridge)
            room.join(3, bridge)
            room.rig.run(milliseconds: 400)
            room.leave(2)
            room.leave(3)
            room.rig.run(milliseconds: 400)
        }
        for party in 0..<2 {
            let samples = room.phones[party].sound(codecs[party])
            #expect(LossyLine.greatestExtraStep(samples, beyond: Conference.tones[1 - party]) < 800)
            #expect(samples.count >= room.phones[1 - party].said.count * 160 - 160)
        }
        room.expectUnbroken()
    }

    @Test func `with a supervisor who stays, the relay goes on in a pause of the speaker`() {
        let room = Self.room()
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.join(2, bridge, .coach(room.legs[1]))
        room.rig.run(milliseconds: 1_200)
        room.join(2, bridge, .listen)
        room.rig.run(milliseconds: 1_000)
        #expect(room.rig.counters[.cutsToRelay] == 0, "nobody misses anything")
        room.phones[0].tone = 0
        room.rig.run(milliseconds: 300)
        #expect(room.rig.counters[.cutsToRelay] == 1)
        room.phones[0].tone = 660
        room.forget()
        room.rig.run(milliseconds: 300)
        let isRelayed = room.phones[1].heard.map(\.payload) == room.phones[0].said
        #expect(isRelayed)
        #expect(room.level(of: 1, at: 2) > -17)
        room.expectUnbroken()
    }

    @Test func `a speaker who pauses while the relay is cut delays nobody`() {
        let room = Conference()
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.rig.run(milliseconds: 1_200)
        room.phones[1].tone = nil
        room.rig.run(milliseconds: 10)
        room.join(2, bridge)
        room.forget()
        room.rig.run(milliseconds: 300)
        #expect(room.level(of: 2, at: 0) > -17)
        #expect(room.phones[0].heard.count >= 9)
        room.expectUnbroken()
    }
}
