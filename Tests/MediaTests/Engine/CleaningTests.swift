// What consultants hear of a caller who is cleaned, and what the recorder gets.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct CleaningTests {
    private static let both = SpeechCleaning(reducesNoise: true, evensLevel: true)

    /// Speech at −35 dBFS in noise 15 dB below it, as packets of A-law.
    private static let packets: [[UInt8]] = {
        let speech = Signals.speech(rate: 8_000, seconds: 16, decibels: -35)
        let noise = Signals.noise(count: speech.count, amplitude: 180)
        let samples = zip(speech, noise).map { Int16(Int($0) + Int($1)) }
        return stride(from: 0, to: samples.count, by: 160).map { start in
            var payload = [UInt8](repeating: 0, count: 160)
            G711.encode(Array(samples[start..<start + 160]), count: 160, law: .a, into: &payload)
            return payload
        }
    }()

    /// The caller says all of it to an agent.
    private static func say(_ rig: Rig, from caller: Phone, on leg: LegID) {
        for (index, payload) in packets.enumerated() {
            let packet = Phone.packet(
                payloadType: 8, sequence: UInt16(index), timestamp: UInt32(index * 160), ssrc: 9, payload: payload)
            rig.inject(packet, to: leg, from: caller.address)
            rig.run(milliseconds: 20)
        }
    }

    /// Level in dBFS of the second half's seconds of speech, or of its pauses.
    private static func level(_ samples: [Int16], ofPauses: Bool) -> Double {
        let part = ofPauses ? 27_200..<31_200 : 1_600..<23_200
        let parts = [64_000, 96_000].flatMap { samples[$0 + part.lowerBound..<$0 + part.upperBound] }
        return Signals.decibels(Signals.rms(parts) / 32_768)
    }

    @Test func `a caller who is cleaned is heard louder and with less noise, and recorded as it came`() throws {
        let rig = Rig()
        let caller = Phone(port: 5_000)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.clean(legs.0, try CleanerPointer.make(Self.both)))
        rig.handle(.bridge(legs.0, legs.1))
        rig.handle(.record(legs.0, recording: 1))
        Self.say(rig, from: caller, on: legs.0)
        let heard = agent.sound(.pcma)
        #expect(heard.count > 15 * 8_000)
        #expect(abs(Self.level(heard, ofPauses: false) - Loudness.speech) < 3)
        #expect(
            Self.level(heard, ofPauses: true) < -45,
            "it came at -50, 15 dB below the voice, and the voice came up by 15")
        var recorded: [[UInt8]] = []
        rig.taps.read { block, payload in if block.side == .left { recorded.append(Array(payload)) } }
        #expect(recorded == Self.packets)
        #expect(rig.counters[.relayed] == 0)
        rig.freeCleaners()
    }

    @Test func `what the caller hears stays relayed, and all of it when cleaning ends`() throws {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let agent = Phone(port: 5_002, tone: 1_000)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.clean(legs.0, try CleanerPointer.make(Self.both)))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 2_000)
        #expect(caller.heard.map(\.payload) == agent.said)
        rig.handle(.clean(legs.0, try CleanerPointer.make(nil)))
        rig.run(milliseconds: 1_000)
        agent.forget()
        caller.forget()
        rig.run(milliseconds: 2_000)
        #expect(agent.heard.map(\.payload) == caller.said)
        rig.freeCleaners()
    }

    @Test func `every order to clean gives back what was there before, also for a leg that is gone`() throws {
        let rig = Rig()
        let leg = rig.connect(Phone(port: 5_000))
        rig.handle(.clean(leg, try CleanerPointer.make(Self.both)))
        rig.handle(.clean(leg, try CleanerPointer.make(nil)))
        rig.handle(.clean(leg, try CleanerPointer.make(Self.both)))
        rig.handle(.remove(leg))
        rig.handle(.clean(leg, try CleanerPointer.make(Self.both)))
        var hadOne: [Bool] = []
        for event in rig.takeEvents() {
            if case .cleaning(_, let cleaner) = event {
                hadOne.append(cleaner.pointer.pointee != nil)
                cleaner.free()
            } else if case .removed(let pointer, _) = event {
                rig.free(pointer)
            }
        }
        #expect(hadOne == [false, true, false, true])
    }
}

extension Rig {
    /// Frees what came back.
    fileprivate func freeCleaners() {
        for case .cleaning(_, let cleaner) in takeEvents() { cleaner.free() }
    }
}
