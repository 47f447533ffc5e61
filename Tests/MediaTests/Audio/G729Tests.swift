// G.729 where it was built in (the package trait G729), and that nothing of it is left where it was not.

import CAllocationCount
import TestKit
import Testing
import Timing

@testable import Media

@Suite struct G729Tests {
    private static func answer(_ media: String, _ attributes: String...) throws -> (SessionDescription, MediaPlan) {
        let lines = ["v=0", "o=- 1 1 IN IP4 203.0.113.9", "s=-", "c=IN IP4 203.0.113.9", "t=0 0", media] + attributes
        let offer = try SessionDescription(parsing: lines.joined(separator: "\r\n") + "\r\n")
        return try Negotiation.answer(offer, local: .phoneFacing)
    }

    #if G729

        /// What bcg729's encoder said of white noise at −49 dBov.
        private static let pause: [UInt8] = [0x35, 0x60]

        private static func plan(takesPauses: Bool = true) -> MediaPlan {
            var plan = Rig.plan([.g729])
            plan.takesPausesInG729 = takesPauses
            return plan
        }

        @Test func `it is agreed on under its fixed number, behind G_711`() throws {
            let (answer, plan) = try Self.answer("m=audio 4000 RTP/AVP 18 101", "a=rtpmap:101 telephone-event/8000")
            #expect(plan.codecs == [CodecBinding(codec: .g729, payloadType: 18)] && plan.takesPausesInG729)
            #expect(answer.media[0].formats.first == "18" && answer.media[0].values("rtpmap").contains("18 G729/8000"))
            #expect(!answer.media[0].values("fmtp").contains { $0.contains("annexb") })
            let both = try Self.answer("m=audio 4000 RTP/AVP 18 8", "a=rtpmap:18 G729/8000").1
            #expect(both.codecs.map(\.codec) == [.pcma, .g729])
        }

        @Test(arguments: [("annexb=no", false), ("annexb=yes", true), ("ANNEXB=NO", false)])
        func `whether pauses may be left out is the peer's word, and answered alike`(said: String, takes: Bool) throws {
            let (answer, plan) = try Self.answer("m=audio 4000 RTP/AVP 18", "a=fmtp:18 \(said)")
            #expect(plan.takesPausesInG729 == takes)
            #expect(answer.media[0].values("fmtp").contains("18 annexb=no") == !takes)
        }

        @Test(arguments: [10, 20, 30, 60])
        func `a prompt is heard in packets of ten octets each 10 ms`(packetTime: Int) throws {
            let rig = Rig()
            let phone = Phone(port: 5_000, codec: .g729, packetTime: packetTime)
            let leg = rig.connect(phone, plan: Rig.plan([.g729], packetTime: packetTime))
            let prompt = try Prompt(samples16k: Tones.sine(440, rate: 16_000, from: 0, count: 16 * 1_200))
            let playlist = Playlist([prompt])
            rig.handle(.play(leg, playlist.view, token: 1))
            rig.run(milliseconds: 1_300)
            #expect(phone.heard.count == 1_200 / packetTime)
            #expect(phone.heard.allSatisfy { $0.payloadType == 18 && $0.payload.count == packetTime })
            for (one, next) in zip(phone.heard, phone.heard.dropFirst()) {
                #expect(next.timestamp == one.timestamp &+ UInt32(packetTime * 8))
            }
            #expect(phone.level(of: 440, as: .g729) > -15)
            withExtendedLifetime(playlist) {}
        }

        @Test(arguments: [true, false])
        func `packets are relayed as they are, pauses only to who takes them`(takesPauses: Bool) {
            let rig = Rig()
            let caller = Phone(port: 5_000, codec: .g729, tone: 440)
            let agent = Phone(port: 5_002, codec: .g729)
            let legs = (
                rig.connect(caller, plan: Self.plan()), rig.connect(agent, plan: Self.plan(takesPauses: takesPauses))
            )
            rig.handle(.bridge(legs.0, legs.1))
            rig.run(milliseconds: 1_000)
            #expect(agent.heard.map(\.payload) == caller.said && rig.counters[.transcoded] == 0)
            Self.pauseBegins(by: caller, on: legs.0, rig)
            rig.run(milliseconds: 500)
            caller.tone = 440
            rig.run(milliseconds: 1_000)
            #expect(agent.heard.contains { $0.payload.count % 10 == 2 } == takesPauses)
            #expect((rig.counters[.transcoded] == 0) == takesPauses)
            #expect(agent.level(of: 440, as: .g729) > -16)
            for (one, next) in zip(agent.heard, agent.heard.dropFirst()) { #expect(next.sequence == one.sequence &+ 1) }
        }

        /// A frame of sound when it was talking, and the word that a pause begins.
        private static func pauseBegins(by phone: Phone, on leg: LegID, _ rig: Rig) {
            let isTalking = phone.tone != nil
            phone.tone = nil
            let payload = (phone.said.last.flatMap { isTalking ? Array($0[..<10]) : nil } ?? []) + pause
            let packet = Phone.packet(
                payloadType: 18, sequence: phone.sequence, timestamp: phone.timestamp, ssrc: phone.ssrc,
                payload: payload)
            phone.sequence &+= 1
            rig.send(packet, from: phone, to: leg)
        }

        @Test func `a pause that begins with two octets is noise as long as it lasts, and no loss`() {
            let rig = Rig()
            let caller = Phone(port: 5_000, codec: .g729, tone: 440)
            let agent = Phone(port: 5_002)
            let legs = (rig.connect(caller, plan: Self.plan()), rig.connect(agent))
            rig.handle(.bridge(legs.0, legs.1))
            rig.run(milliseconds: 1_000)
            // Its spectrum is told against that of the frames before: it takes some words until it is that of noise.
            for _ in 0..<6 {
                Self.pauseBegins(by: caller, on: legs.0, rig)
                rig.run(milliseconds: 20)
            }
            rig.run(milliseconds: 500)
            agent.forget()
            rig.run(milliseconds: 2_000)
            let noise = agent.sound(.pcma)
            let level = Signals.decibels(Signals.rms(noise) / 32_768)
            #expect(abs(level + 49) < 4, "\(level) dBov")
            #expect(rig.counters[.framesConcealed] == 0 && rig.counters[.framesNoise] > 100)
            caller.tone = 440
            rig.run(milliseconds: 200)
            agent.forget()
            rig.run(milliseconds: 1_000)
            #expect(agent.level(of: 440) > -15)
            rig.with(legs.0) { leg in #expect(leg.pointee.received.lost == 0 && leg.pointee.playout.concealed == 0) }
        }

        @Test func `lost packets are concealed by its own means`() {
            let rig = Rig()
            let caller = Phone(port: 5_000, codec: .g729, tone: 440)
            let agent = Phone(port: 5_002)
            let legs = (rig.connect(caller), rig.connect(agent))
            rig.handle(.bridge(legs.0, legs.1))
            rig.impair(legs.0, Impairment(delay: 20, jitter: 0, loss: 50, seed: 3))
            rig.run(milliseconds: 10_000)
            #expect(rig.counters[.framesConcealed] > 10 && rig.counters[.undecodable] == 0)
            // By itself, bcg729 needs some frames to find back to a pure tone.
            #expect(agent.level(of: 440) > -19)
            let sound = agent.sound(.pcma)
            let levels = stride(from: 1_600, to: sound.count - 160, by: 160).map { Signals.rms(sound[$0..<$0 + 160]) }
            #expect(levels.allSatisfy { $0 > 30 }, "no hole: \(levels.min() ?? 0)")
        }

        @Test func `what is no G_729 is counted, and nothing breaks`() {
            let rig = Rig()
            let caller = Phone(port: 5_000, codec: .g729, tone: 440)
            let agent = Phone(port: 5_002)
            let legs = (rig.connect(caller), rig.connect(agent))
            rig.handle(.bridge(legs.0, legs.1))
            rig.run(milliseconds: 500)
            for length in [1, 3, 9] + Array(11...40) + [119, 1_200] {
                let payload = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
                let packet = Phone.packet(
                    payloadType: 18, sequence: caller.sequence, timestamp: caller.timestamp, ssrc: caller.ssrc,
                    payload: payload)
                caller.sequence &+= 1
                rig.send(packet, from: caller, to: legs.0)
                rig.run(milliseconds: 20)
            }
            #expect(rig.counters[.undecodable] >= 3)
            rig.run(milliseconds: 1_000)
            agent.forget()
            rig.run(milliseconds: 1_000)
            #expect(agent.level(of: 440) > -15)
        }

        @Test(.enabled(if: allocations_are_counted() != 0, "a sanitizer has the allocator"))
        func `coding allocates nothing`() {
            var (made, lengths) = (0, 0)
            guard var encoder = G729Encoder(), var decoder = G729Decoder() else {
                Issue.record("no memory")
                return
            }
            var samples = Signals.vowel(rate: 8_000, count: 160)
            var payload = [UInt8](repeating: 0, count: 20)
            let before = allocation_count()
            for round in 0..<200 {
                lengths += encoder.encode(samples, count: 160, into: &payload)
                let length = round % 10 == 9 ? 12 : 20
                made += decoder.decode(payload, length: length, into: &samples, capacity: 160)
                made += decoder.conceal(into: &samples, count: 80)
            }
            let allocated = allocation_count() - before
            #expect(allocated == 0 && lengths == 4_000 && made == 200 * 240)
        }

    #else

        @Test func `a build without it never agrees on it`() throws {
            #expect(G729Decoder.isMissing && G729Encoder.isMissing)
            #expect(throws: NegotiationError.noCommonCodec) { try Self.answer("m=audio 4000 RTP/AVP 18") }
            let plan = try Self.answer("m=audio 4000 RTP/AVP 18 8", "a=rtpmap:18 G729/8000").1
            #expect(plan.codecs.map(\.codec) == [.pcma] && !Codec.preference.contains(.g729))
        }

    #endif

    @Test func `it costs eleven points of R, and bears loss less well than G_711`() {
        let clean = EModel.rating(.pcma, loss: 0, delay: 0) - EModel.rating(.g729, loss: 0, delay: 0)
        #expect(abs(clean - 11) < 0.01)
        let lossy = EModel.rating(.pcma, loss: 0.05, delay: 0) - EModel.rating(.g729, loss: 0.05, delay: 0)
        #expect(lossy > 11)
    }
}

#if !G729
    extension G729Decoder {
        fileprivate static var isMissing: Bool { G729Decoder() == nil }
    }

    extension G729Encoder {
        fileprivate static var isMissing: Bool { G729Encoder() == nil }
    }
#endif
