// G.722 in calls: who hears whom, in which band, and what is passed untouched.

import TestKit
import Testing
import Timing

@testable import Media

private let clear = -16.0
/// Twice as loud as the tones that are said. A pure tone may be as much louder where it begins in G.722, when the coder
/// still expects another; what bangs goes up to 32,767.
private let noBang = 16_384

@Suite struct WideBandTests {
    @Test(arguments: Codec.preference, Codec.preference)
    func `legs of any two codecs hear each other and not themselves`(first: Codec, second: Codec) {
        let rig = Rig()
        let a = Phone(port: 5_000, codec: first, tone: 440)
        let b = Phone(port: 5_002, codec: second, tone: 1_000)
        let legs = (rig.connect(a), rig.connect(b))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_500)
        #expect(a.level(of: 1_000, as: first) > clear && a.level(of: 440, as: first) < -40)
        #expect(b.level(of: 440, as: second) > clear && b.level(of: 1_000, as: second) < -40)
        #expect(rig.counters[.framesConcealed] == 0)
        for phone in [a, b] {
            for (one, next) in zip(phone.heard, phone.heard.dropFirst()) { #expect(next.sequence == one.sequence &+ 1) }
        }
        #expect((rig.counters[.transcoded] == 0) == (first == second))
    }

    @Test func `two legs in G_722 get each other's packets as they are, 160 ticks each`() {
        let rig = Rig()
        let a = Phone(port: 5_000, codec: .g722, tone: 5_000)
        let b = Phone(port: 5_002, codec: .g722)
        let legs = (rig.connect(a), rig.connect(b))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_000)
        #expect(b.heard.map(\.payload) == a.said)
        #expect(b.heard.allSatisfy { $0.payloadType == 9 && $0.payload.count == 160 })
        for (one, next) in zip(b.heard, b.heard.dropFirst()) { #expect(next.timestamp == one.timestamp &+ 160) }
    }

    @Test func `G_722 and Opus are mixed at 16 kHz: each hears what the other has above 4 kHz`() {
        let rig = Rig()
        let browser = Phone(port: 5_000, codec: .opus, tone: 5_000)
        let caller = Phone(port: 5_002, codec: .g722, tone: 6_000)
        let legs = (rig.connect(browser), rig.connect(caller))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 2_000)
        #expect(caller.level(of: 5_000, as: .g722) > -20)
        #expect(browser.level(of: 6_000, as: .opus) > -20)
    }

    @Test func `with one wide-band leg only a bridge is mixed at 8 kHz`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .g722, tone: 440)
        let trunk = Phone(port: 5_002, codec: .pcma, tone: 1_000)
        let legs = (rig.connect(caller), rig.connect(trunk))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 500)
        rig.with(legs.0) { #expect($0.pointee.playout.rate == .narrow && $0.pointee.speaker.rate == .narrow) }
    }

    @Test func `a bridge changes its rate in a pause, for wide band after a second at the latest`() {
        let room = Conference([.opus, .pcma, .opus])
        func rate() -> MixRate? {
            var rate: MixRate?
            room.rig.with(room.legs[1]) { rate = $0.pointee.playout.rate }
            return rate
        }
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.rig.run(milliseconds: 500)
        #expect(rate() == .narrow)
        room.join(2, bridge)
        room.rig.run(milliseconds: 800)
        #expect(rate() == .narrow)
        room.rig.run(milliseconds: 400)
        #expect(rate() == .wide)
        room.leave(2)
        room.rig.run(milliseconds: 3_000)
        #expect(rate() == .wide)
        for phone in room.phones { phone.tone = 0 }
        room.rig.run(milliseconds: 300)
        #expect(rate() == .narrow)
        room.join(2, bridge)
        room.rig.run(milliseconds: 300)
        #expect(rate() == .wide)
    }

    @Test func `a listener who takes the speaker's codec gets it as it is, whatever it would be sent otherwise`() {
        let rig = Rig()
        let browser = Phone(port: 5_000, codec: .opus, tone: 440)
        let caller = Phone(port: 5_002, codec: .g722, tone: 1_000)
        let plan = Rig.plan([.opus, .g722, .pcma, .pcmu], events: [48_000])
        let legs = (rig.connect(browser, plan: plan), rig.connect(caller, plan: Rig.plan([.g722, .pcma])))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_000)
        #expect(browser.heard.map(\.payload) == caller.said)
        #expect(caller.level(of: 440, as: .g722) > clear)
        #expect(rig.counters[.relayed] == rig.counters[.transcoded])
    }

    @Test(arguments: [10, 30, 60])
    func `packets of another length are repacked`(packetTime: Int) {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .g722, packetTime: packetTime, tone: 440)
        let agent = Phone(port: 5_002, codec: .g722, tone: 5_000)
        let legs = (rig.connect(caller, plan: Rig.plan([.g722], packetTime: packetTime)), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 2_000)
        #expect(agent.level(of: 440, as: .g722) > clear)
        #expect(caller.level(of: 5_000, as: .g722) > -20)
        #expect(caller.heard.allSatisfy { $0.payload.count == packetTime * 8 })
        #expect(rig.counters[.framesConcealed] == 0)
    }

    @Test func `a speaker who changes the codec in mid-sentence stays heard`() {
        let rig = Rig()
        let browser = Phone(port: 5_000, codec: .opus, tone: 440)
        let caller = Phone(port: 5_002, codec: .pcmu)
        let legs = (rig.connect(browser, plan: Rig.plan([.opus, .g722, .pcma])), rig.connect(caller))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 1_000)
        for codec in [Codec.g722, .pcma, .g722, .opus, .g722] {
            browser.codec = codec
            browser.payloadType = codec.defaultPayloadType
            caller.forget()
            rig.run(milliseconds: 600)
            #expect(caller.level(of: 440, as: .pcmu) > clear)
            #expect(caller.sound(.pcmu).allSatisfy { abs(Int($0)) < 12_000 }, "a loud click")
        }
    }

    @Test(arguments: [Codec.pcma, .opus])
    func `with lost packets the tone stays as loud as it was said and nothing bangs`(listens: Codec) {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .g722, tone: 440)
        let agent = Phone(port: 5_002, codec: listens)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.impair(legs.0, Impairment(delay: 20, loss: 50, seed: 9))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 5_000)
        #expect(agent.level(of: 440, as: listens) > -14)
        #expect(agent.sound(listens).allSatisfy { abs(Int($0)) < 11_000 })
        #expect(rig.counters[.framesConcealed] > 5)
    }

    // MARK: Prompts, silence and keys

    private static func prompt(_ frequency: Double, milliseconds: Int) throws -> Prompt {
        try Prompt(samples16k: Tones.sine(frequency, rate: 16_000, from: 0, count: milliseconds * 16))
    }

    @Test func `a prompt's first payloads arrive byte for byte, and hold music loops without a bang`() throws {
        let rig = Rig()
        let phone = Phone(port: 5_000, codec: .g722)
        let leg = rig.connect(phone)
        let playlist = Playlist([try Self.prompt(5_000, milliseconds: 340)], loops: true)
        rig.handle(.play(leg, playlist.view, token: 1))
        rig.run(milliseconds: 3_000)
        let view = playlist.view.prompts[0]
        #expect(phone.heard.prefix(17).flatMap(\.payload) == (0..<17 * 160).map { view.g722[$0] })
        #expect(phone.level(of: 5_000, as: .g722) > -14)
        #expect(phone.sound(.g722).allSatisfy { abs(Int($0)) < noBang })
        withExtendedLifetime(playlist) {}
    }

    @Test(arguments: [20, 30])
    func `prompt, bridge, silence, prompt: one stream, and not one bang where one follows the other`(
        packetTime: Int
    ) throws {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .g722, packetTime: packetTime)
        let agent = Phone(port: 5_002, codec: .g722, packetTime: packetTime, tone: 700)
        let plan = Rig.plan([.g722], packetTime: packetTime)
        let legs = (rig.connect(caller, plan: plan), rig.connect(agent, plan: plan))
        let playlists = try [440, 3_000].map {
            Playlist([try Self.prompt($0, milliseconds: 240), try Self.prompt($0 / 2, milliseconds: 280)], loops: true)
        }
        for round in 0..<4 {
            rig.handle(.play(legs.0, playlists[round % 2].view, token: UInt32(2 * round)))
            rig.run(milliseconds: 613)
            rig.handle(.play(legs.0, playlists[(round + 1) % 2].view, token: UInt32(2 * round + 1)))
            rig.run(milliseconds: 407)
            rig.handle(.stopPlaying(legs.0))
            rig.handle(.bridge(legs.0, legs.1))
            rig.run(milliseconds: 315)
            rig.handle(.mute(legs.1, true))
            rig.run(milliseconds: 215)
            rig.handle(.mute(legs.1, false))
            rig.run(milliseconds: 315)
            rig.handle(.unbridge(legs.0))
        }
        for (one, next) in zip(caller.heard, caller.heard.dropFirst()) {
            #expect(next.sequence == one.sequence &+ 1)
        }
        let sound = caller.sound(.g722)
        #expect(caller.level(of: 440, as: .g722) > -24 && caller.level(of: 700, as: .g722) > -24)
        #expect(sound.allSatisfy { abs(Int($0)) < noBang })
        withExtendedLifetime(playlists) {}
    }

    @Test func `a muted leg is silent in G_722 too`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .g722)
        let agent = Phone(port: 5_002, codec: .g722, tone: 1_000)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 500)
        rig.handle(.mute(legs.1, true))
        caller.forget()
        rig.run(milliseconds: 1_000)
        #expect(caller.heard.count > 45)
        #expect(caller.sound(.g722).dropFirst(640).allSatisfy { abs(Int($0)) < 32 })
    }

    @Test func `without telephone-event keys go out as tones and are heard in band`() throws {
        let rig = Rig()
        let phone = Phone(port: 5_000, codec: .g722)
        let leg = rig.connect(phone, plan: Rig.plan([.g722], events: []))
        rig.handle(.sendDigits(leg, try #require(DigitString("147*2580369#"))))
        rig.run(milliseconds: 3_000)
        // The phone plays back what it heard: we recognise our own tones.
        for packet in phone.heard {
            rig.send(
                Phone.packet(
                    payloadType: 9, sequence: packet.sequence, timestamp: packet.timestamp, ssrc: 9,
                    payload: packet.payload), from: phone, to: leg)
        }
        rig.run(milliseconds: 10)
        let digits = rig.takeEvents().compactMap { event -> Character? in
            if case .digit(leg, let digit, origin: .inBand) = event { digit.character } else { nil }
        }
        #expect(String(digits) == "147*2580369#")
    }

    @Test func `a re-negotiation in mid-word does not bang`() throws {
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .g722)
        let agent = Phone(port: 5_002, codec: .opus, tone: 440)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        for _ in 0..<5 {
            rig.run(milliseconds: 500)
            var plan = Rig.plan([.g722])
            plan.remoteRTP = caller.address
            let update = try LegUpdatePointer.make(plan: plan)
            rig.handle(.update(legs.0, update))
            for case .updated(_, let old) in rig.takeEvents() { old.free() }
        }
        #expect(caller.level(of: 440, as: .g722) > -14)
        #expect(caller.sound(.g722).allSatisfy { abs(Int($0)) < 11_000 })
    }
}
