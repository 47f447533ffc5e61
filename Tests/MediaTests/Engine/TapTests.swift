// What the recorder gets.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct TapTests {
    private static func block(_ length: Int, recording: UInt32 = 1) -> TapBlock {
        TapBlock(
            recording: recording, side: .left, codec: .pcma, at: Instant(nanoseconds: 5), rtpTimestamp: 6, sequence: 7,
            ssrc: SSRC(rawValue: 8), length: UInt16(length))
    }

    @Test func `both sides of a bridged leg are tapped byte for byte`() {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let agent = Phone(port: 5_002, tone: 1_000)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        rig.handle(.record(legs.0, recording: 42))
        rig.run(milliseconds: 500)
        var left: [[UInt8]] = []
        var right: [[UInt8]] = []
        var starts: [TapBlock.Side] = []
        rig.taps.read { block, payload in
            #expect(block.recording == 42 && block.codec == .pcma && Int(block.length) == payload.count)
            if block.flags.contains(.streamStart) { starts.append(block.side) }
            switch block.side {
            case .left: left.append(Array(payload))
            case .right: right.append(Array(payload))
            }
        }
        #expect(left == caller.said)
        #expect(right == agent.said)
        #expect(starts.count == 2 && Set(starts) == [.left, .right])
        rig.handle(.stopRecording(legs.0))
        rig.run(milliseconds: 100)
        #expect(rig.taps.read { _, _ in } == 0)
    }

    @Test func `a prompt is tapped as it is sent, a muted caller not at all`() throws {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        let leg = rig.connect(caller)
        let prompt = try Prompt(samples16k: Tones.sine(700, rate: 16_000, from: 0, count: 3_200))
        let playlist = Playlist([prompt])
        rig.handle(.mute(leg, true))
        rig.handle(.record(leg, recording: 1))
        rig.handle(.play(leg, playlist.view, token: 1))
        rig.run(milliseconds: 300)
        var right: [UInt8] = []
        var left = 0
        rig.taps.read { block, payload in
            if block.side == .right { right += Array(payload) } else { left += 1 }
        }
        #expect(left == 0)
        #expect(right == (0..<1_600).map { prompt.view.pcma[$0] })
        withExtendedLifetime(playlist) {}
    }

    /// Blocks of all lengths with recognisable numbers and bytes, put into a ring and checked when they come out.
    private struct Traffic {
        let ring = TapRing(capacity: 4_096)
        var put = 0
        var taken = 0

        mutating func push() -> Bool {
            let length = (put * 37) % 700
            let payload = (0..<length).map { UInt8(truncatingIfNeeded: put + $0) }
            let isIn = payload.withUnsafeBytes {
                ring.push(TapTests.block(length, recording: UInt32(put)), payload: $0)
            }
            if isIn { put += 1 }
            return isIn
        }

        mutating func check(_ block: TapBlock, _ payload: UnsafeRawBufferPointer) {
            #expect(block.recording == UInt32(taken))
            #expect(payload.count == (taken * 37) % 700)
            #expect(payload.enumerated().allSatisfy { $1 == UInt8(truncatingIfNeeded: taken + $0) })
            taken += 1
        }
    }

    @Test func `a ring gives back what was put in, over many turns and any lengths`() {
        var traffic = Traffic()
        for round in 0..<2_000 {
            for _ in 0..<(round % 4) { _ = traffic.push() }
            traffic.ring.read { traffic.check($0, $1) }
        }
        #expect(traffic.put == traffic.taken && traffic.put > 2_000 && traffic.ring.dropped == 0)
    }

    @Test func `a ring that is never empty goes round and round`() {
        var traffic = Traffic()
        for _ in 0..<4 { _ = traffic.push() }
        while traffic.put < 3_000 {
            traffic.ring.read { block, payload in
                traffic.check(block, payload)
                if traffic.put < 3_000 { _ = traffic.push() }
            }
        }
        traffic.ring.read { traffic.check($0, $1) }
        #expect(traffic.taken == 3_000)
    }

    @Test func `a reader that keeps up leaves most of the ring's memory untouched`() {
        let ring = TapRing(capacity: 1 << 20)
        let payload = [UInt8](repeating: 1, count: 160)
        var lowest = UInt.max
        var highest = UInt.min
        var count = 0
        for _ in 0..<2_000 {
            for _ in 0..<10 { #expect(payload.withUnsafeBytes { ring.push(Self.block(160), payload: $0) }) }
            count += ring.read { _, payload in
                let place = UInt(bitPattern: payload.baseAddress)
                lowest = min(lowest, place)
                highest = max(highest, place)
            }
        }
        #expect(count == 20_000)
        #expect(highest - lowest < 1 << 18, "two chunks of eight")
    }

    @Test func `a full ring drops, counts, and goes on when there is room`() {
        let ring = TapRing(capacity: 1 << 15)
        let payload = [UInt8](repeating: 1, count: 160)
        var pushed = 0
        for _ in 0..<200 where payload.withUnsafeBytes({ ring.push(Self.block(160), payload: $0) }) { pushed += 1 }
        #expect(pushed > 140 && pushed < 165)
        #expect(ring.dropped == 200 - pushed)
        #expect(ring.read { _, _ in } == pushed)
        var again = 0
        for _ in 0..<200 where payload.withUnsafeBytes({ ring.push(Self.block(160), payload: $0) }) { again += 1 }
        #expect(again > pushed * 3 / 4, "all but the chunk that was read last")
    }
}
