// Which packets belong to the stream, and what the report says of them (RFC 3550 appendix A).

import Testing
import Timing

@testable import Media

@Suite struct ReceiveStreamTests {
    private static func header(_ sequence: UInt16, ssrc: UInt32 = 1) -> RTPHeader {
        RTPHeader(marker: false, payloadType: 8, sequence: sequence, timestamp: 0, ssrc: ssrc)
    }

    private static func at(_ milliseconds: Int) -> Instant { Instant(nanoseconds: Int64(milliseconds) * 1_000_000) }

    @Test(arguments: BridgeTests.starts)
    func `numbers grow without end over the wrap`(start: UInt16) {
        var stream = ReceiveStream()
        guard case .restarted(let first) = stream.receive(Self.header(start), now: Self.at(0)) else {
            Issue.record("the first packet begins a stream")
            return
        }
        for step in 1...140_000 {
            let verdict = stream.receive(Self.header(start &+ UInt16(truncatingIfNeeded: step)), now: Self.at(step))
            if verdict != .accepted(first + Int64(step)) { Issue.record("at \(step): \(verdict)") }
        }
        #expect(stream.lost == 0 && stream.expected == 140_001)
        #expect(stream.report(lastSenderReport: 0, delay: 0)?.highestSequence == UInt32(start) + 140_000)
    }

    @Test(arguments: BridgeTests.starts)
    func `loss, order and duplicates are told apart`(start: UInt16) {
        var stream = ReceiveStream()
        _ = stream.receive(Self.header(start), now: Self.at(0))
        guard case .accepted(let third) = stream.receive(Self.header(start &+ 2), now: Self.at(1)) else {
            Issue.record("a gap is accepted")
            return
        }
        #expect(stream.lost == 1)
        #expect(stream.receive(Self.header(start &+ 1), now: Self.at(2)) == .accepted(third - 1))
        #expect(stream.lost == 0)
        #expect(stream.receive(Self.header(start &+ 1), now: Self.at(3)) == .duplicate)
        #expect(stream.receive(Self.header(start), now: Self.at(3)) == .duplicate)
        #expect(stream.receive(Self.header(start &+ 90), now: Self.at(4)) == .accepted(third + 88))
        #expect(stream.receive(Self.header(start &+ 3), now: Self.at(5)) == .late)
        #expect(stream.receive(Self.header(start &+ 30_000), now: Self.at(6)) == .wild)
        #expect(
            stream.receive(Self.header(start &+ 30_001), now: Self.at(7)) == .restarted(Int64(start &+ 30_001) + 65_536)
        )
    }

    @Test func `the report counts the share lost since the last one`() {
        var stream = ReceiveStream()
        for sequence in 0..<100 as Range<UInt16> where sequence % 4 != 3 {
            _ = stream.receive(Self.header(sequence), now: Self.at(Int(sequence)))
        }
        let first = stream.report(lastSenderReport: 7, delay: 8)
        #expect(first?.cumulativeLost == 24)
        #expect(first?.fractionLost == UInt8(24 * 256 / 99))
        #expect(first?.lastSenderReport == 7 && first?.delaySinceLastSenderReport == 8)
        for sequence in 99..<200 as Range<UInt16> {
            _ = stream.receive(Self.header(sequence), now: Self.at(Int(sequence)))
        }
        let second = stream.report(lastSenderReport: 0, delay: 0)
        #expect(second?.fractionLost == 0 && second?.cumulativeLost == 24)
    }

    @Test func `a living source cannot be replaced by packets between its own`() {
        var stream = ReceiveStream()
        for step in 0..<100 {
            #expect(stream.receive(Self.header(UInt16(step)), now: Self.at(step * 20)) != .foreign)
            #expect(stream.receive(Self.header(UInt16(step * 2), ssrc: 2), now: Self.at(step * 20 + 5)) == .foreign)
            #expect(
                stream.receive(Self.header(UInt16(step * 2 + 1), ssrc: 2), now: Self.at(step * 20 + 10)) == .foreign)
        }
    }

    @Test func `jitter is that of the RFC: alternating by 10 ms it nears 10 ms`() {
        var stream = ReceiveStream()
        _ = stream.receive(Self.header(0), now: Self.at(0))
        for step in 0..<500 {
            stream.measureJitter(
                timestamp: UInt32(step * 160), clockRate: 8_000, now: Self.at(step * 20 + step % 2 * 10))
        }
        #expect(stream.jitter >= 76 && stream.jitter <= 80)
    }

    @Test func `measured jitter stays as long when the clock changes with the codec`() {
        var stream = ReceiveStream()
        _ = stream.receive(Self.header(0), now: Self.at(0))
        var timestamp: UInt32 = 0
        for step in 0..<501 {
            let clock = step < 500 ? 8_000 : 48_000
            stream.measureJitter(timestamp: timestamp, clockRate: clock, now: Self.at(step * 20 + step % 2 * 10))
            timestamp += UInt32(clock / 50)
        }
        #expect(stream.jitter >= 6 * 76 && stream.jitter <= 6 * 80)
        stream.measureJitter(timestamp: timestamp, clockRate: 8_000, now: Self.at(501 * 20))
        #expect(stream.jitter >= 76 && stream.jitter <= 80)
    }

    @Test func `a stream that we send keeps its clock over gaps`() {
        var stream = SendStream(clockRate: 8_000, ssrc: 1, sequence: 65_535, timestamp: 1_000)
        #expect(stream.timestamp(at: Self.at(0)) == (1_000, true))
        stream.noteSent(timestamp: 1_000, duration: 160, began: Self.at(0), octets: 160)
        #expect(stream.timestamp(at: Self.at(20)) == (1_160, false))
        #expect(stream.timestamp(at: Self.at(60)) == (1_160, false))
        #expect(stream.timestamp(at: Self.at(1_000)) == (9_000, true))
        #expect(stream.takeSequence() == 65_535 && stream.takeSequence() == 0)
        stream.noteSequence(7)
        stream.noteSequence(3)
        #expect(stream.nextSequence == 8)
    }

    @Test(arguments: [1_000, UInt32.max - 1_100, UInt32.max - 500])
    func `a stream that we send goes on where it was when its clock changes, in a pause too`(start: UInt32) {
        var stream = SendStream(clockRate: 8_000, ssrc: 1, sequence: 0, timestamp: start)
        stream.noteSent(timestamp: start, duration: 160, began: Self.at(0), octets: 160)
        stream.use(clockRate: 48_000)
        #expect(stream.timestamp(at: Self.at(20)) == (start &+ 160, false))
        #expect(stream.timestamp(at: Self.at(1_000)) == (start &+ 160 &+ 980 * 48, true))
        stream.noteSent(timestamp: start &+ 160, duration: 960, began: Self.at(20), octets: 80)
        stream.use(clockRate: 8_000)
        #expect(stream.timestamp(at: Self.at(40)) == (start &+ 1_120, false) && !stream.isPaused)
        stream.pause()
        stream.use(clockRate: 48_000)
        #expect(stream.timestamp(at: Self.at(140)) == (start &+ 1_120 &+ 100 * 48, true) && stream.isPaused)
    }
}

extension ReceiveStreamTests {
    @Test(arguments: BridgeTests.starts)
    func `a packet is judged when 64 more have come: heard, late, or lost`(start: UInt16) {
        var stream = ReceiveStream()
        var discards = Discards()
        for step in 0..<300 where ![10, 11, 50].contains(step) {
            let verdict = stream.receive(
                Self.header(start &+ UInt16(step)), discards: discards, now: Self.at(step * 20))
            guard case .accepted(let sequence) = verdict, step == 20 || step == 290 else { continue }
            discards.insert(sequence)
        }
        #expect(stream.outcomes.packets == 300 - 64)
        #expect(stream.outcomes.lost == 3 && stream.outcomes.discarded == 1 && stream.outcomes.stretches == 3)
        stream.finish(discards)
        #expect(stream.outcomes.packets == 300 && stream.outcomes.lost == 3 && stream.outcomes.discarded == 2)
    }

    @Test(arguments: BridgeTests.starts)
    func `what comes late is not lost, and a gap longer than the window is`(start: UInt16) {
        var stream = ReceiveStream()
        for step in [0, 2, 1, 3, 2_000] {
            _ = stream.receive(Self.header(start &+ UInt16(step)), now: Self.at(step * 20))
        }
        stream.finish(Discards())
        #expect(stream.outcomes.packets == 2_001 && stream.outcomes.lost == 1_996 && stream.outcomes.stretches == 1)
    }

    @Test func `a new source begins its own bursts, the counts go on`() {
        var stream = ReceiveStream()
        for step in [0, 1, 3, 4] { _ = stream.receive(Self.header(UInt16(step)), now: Self.at(step * 20)) }
        for step in 0..<100 {
            _ = stream.receive(Self.header(9_000 + UInt16(step), ssrc: 2), now: Self.at(1_000 + step * 20))
        }
        stream.finish(Discards())
        #expect(stream.runs.outcomes.lost == 0)
        // The second source's first packet only made it believable.
        #expect(stream.outcomes.packets == 5 + 99 && stream.outcomes.lost == 1)
    }
}
