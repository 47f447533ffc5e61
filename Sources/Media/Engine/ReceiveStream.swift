// The checks and counts of one received stream (RFC 3550 §6.4.1, appendices A.1, A.3 and A.8).

import Timing

/// Decides which packets belong to the stream that the leg hears, and keeps what a receiver report says of it.
struct ReceiveStream: BitwiseCopyable {
    enum Verdict: Equatable, BitwiseCopyable {
        /// A packet of the stream, not seen before, with its extended sequence number.
        case accepted(Int64)
        /// The same, the first of a new source or after a jump: nothing before it counts.
        case restarted(Int64)
        /// Seen before.
        case duplicate
        /// Older than the duplicates we can tell.
        case late
        /// Another source, not trusted yet.
        case foreign
        /// A sequence number far off; a second one in a row would be believed.
        case wild
    }

    /// A source that shows up beside a living one must be alone this long: longer than two packets of 20 ms, so that a
    /// packet slipped in between does not take the stream over.
    private static var takeoverSilence: Duration { .milliseconds(45) }
    /// Jumps beyond these are not loss and not reordering: MAX_DROPOUT and MAX_MISORDER of RFC 3550 appendix A.1.
    private static var furthestJump: Int64 { 3_000 }
    private static var furthestReturn: Int64 { 100 }
    private static var window: Int64 { 64 }

    private(set) var ssrc: UInt32?
    private(set) var highest: Int64 = 0
    private var first: Int64 = 0
    /// Bit n: `highest - n` was received.
    private var seen: UInt64 = 0
    private(set) var lastArrival = Instant(nanoseconds: 0)
    private var candidate: UInt32 = 0
    private var candidateNext: UInt16 = 0
    private var candidateCount = 0

    private(set) var received: Int64 = 0
    private var expectedBefore: Int64 = 0
    private var receivedBefore: Int64 = 0
    /// Packets expected between the last two reports of ours.
    private(set) var lastInterval = 0
    /// 16 times the jitter in timestamp units, as in appendix A.8.
    private var jitter16: Int64 = 0
    /// Timestamp units a second of the packet before.
    private var jitterClock = 0
    private var lastTransit: Int64?

    /// What became of the packets that are more than 64 behind the newest, since the source began.
    private(set) var runs = LossRuns()
    /// The next packet to be judged.
    private var unjudged: Int64 = 0
    /// Of former sources, and before jumps.
    private var former = PacketOutcomes()

    /// `discards`: which packets came too late to be heard.
    mutating func receive(_ header: RTPHeader, discards: Discards = Discards(), now: Instant) -> Verdict {
        guard let known = ssrc else { return restart(header, discards, now: now) }
        guard header.ssrc == known else {
            return probe(header, now: now) ? restart(header, discards, now: now) : .foreign
        }
        let step = Int64(Int16(truncatingIfNeeded: Int64(header.sequence) &- highest))
        if step > ReceiveStream.furthestJump || step < -ReceiveStream.furthestReturn {
            return probe(header, now: now) ? restart(header, discards, now: now) : .wild
        }
        candidateCount = 0
        lastArrival = now
        if step > 0 {
            judge(before: highest + step - ReceiveStream.window + 1, discards)
            seen = step >= ReceiveStream.window ? 1 : seen << UInt64(step) | 1
            highest += step
        } else {
            guard -step < ReceiveStream.window else { return .late }
            let bit = UInt64(1) << UInt64(-step)
            guard seen & bit == 0 else { return .duplicate }
            seen |= bit
        }
        received += 1
        return .accepted(highest + min(step, 0))
    }

    /// Whether the packet may belong to the stream: its source, and a number not far off. Any may while there is none.
    @_noLocks @_noAllocation
    func expects(_ header: RTPHeader) -> Bool {
        guard let ssrc else { return true }
        let step = Int64(Int16(truncatingIfNeeded: Int64(header.sequence) &- highest))
        return header.ssrc == ssrc && step <= ReceiveStream.furthestJump && step >= -ReceiveStream.furthestReturn
    }

    /// Two packets in a row convince us of a jump, and of a new source when the old one is quiet.
    private mutating func probe(_ header: RTPHeader, now: Instant) -> Bool {
        let follows = candidateCount > 0 && candidate == header.ssrc && candidateNext == header.sequence
        candidateCount = follows ? candidateCount + 1 : 1
        candidate = header.ssrc
        candidateNext = header.sequence &+ 1
        guard candidateCount >= 2 else { return false }
        return header.ssrc == ssrc
            || now.nanoseconds - lastArrival.nanoseconds >= ReceiveStream.takeoverSilence.nanoseconds
    }

    @_noLocks @_noAllocation
    private mutating func restart(_ header: RTPHeader, _ discards: Discards, now: Instant) -> Verdict {
        finish(discards)
        former = former + runs.outcomes
        runs = LossRuns()
        ssrc = header.ssrc
        highest = Int64(header.sequence) + 0x1_0000
        first = highest
        unjudged = highest
        seen = 1
        lastArrival = now
        candidateCount = 0
        received = 1
        expectedBefore = 0
        receivedBefore = 0
        jitter16 = 0
        lastTransit = nil
        return .restarted(highest)
    }

    /// What became of all packets so far, of all sources. A packet counts when it is 64 behind the newest: until then it
    /// may still come.
    var outcomes: PacketOutcomes { former + runs.outcomes }

    /// Judges what is left: the stream is over.
    @_noLocks @_noAllocation
    mutating func finish(_ discards: Discards) {
        if case .some = ssrc { judge(before: highest + 1, discards) }
    }

    /// Decides about the packets before `end`; what is not here by now is lost.
    @_noLocks @_noAllocation
    private mutating func judge(before end: Int64, _ discards: Discards) {
        while unjudged < end {
            guard unjudged <= highest else {
                runs.noteLost(end - unjudged)
                unjudged = end
                return
            }
            if discards.contains(unjudged) {
                runs.noteDiscarded()
            } else if seen >> UInt64(highest - unjudged) & 1 == 1 {
                runs.noteHeard()
            } else {
                runs.noteLost(1)
            }
            unjudged += 1
        }
    }

    /// For packets of sound only: those of a key press share one timestamp.
    @_noLocks @_noAllocation
    mutating func measureJitter(timestamp: UInt32, clockRate: Int, now: Instant) {
        if clockRate != jitterClock {
            // A codec of another clock in the same stream: what was measured goes on in its units (RFC 7160 §4.1).
            if jitterClock > 0 { jitter16 = jitter16 * Int64(clockRate) / Int64(jitterClock) }
            lastTransit = nil
            jitterClock = clockRate
        }
        let arrival = now.nanoseconds / 1_000 * Int64(clockRate / 1_000) / 1_000
        let transit = Int64(Int32(truncatingIfNeeded: arrival &- Int64(timestamp)))
        if let last = lastTransit {
            let difference = Int64(Int32(truncatingIfNeeded: transit &- last)).magnitude
            // A jump of more than a second is a new clock, not jitter.
            if difference < UInt64(clockRate) { jitter16 += Int64(difference) - (jitter16 + 8) / 16 }
        }
        lastTransit = transit
    }

    /// RFC 3550 A.8, in timestamp units.
    var jitter: UInt32 { @_noLocks @_noAllocation get { UInt32(truncatingIfNeeded: max(0, jitter16 / 16)) } }
    var expected: Int64 { @_noLocks @_noAllocation get { ssrc == nil ? 0 : highest - first + 1 } }
    var lost: Int64 { @_noLocks @_noAllocation get { expected - received } }

    /// The report since the last one (appendix A.3); nil while nothing was received.
    @_noLocks @_noAllocation
    mutating func report(lastSenderReport: UInt32, delay: UInt32) -> ReportBlock? {
        guard let source = ssrc else { return nil }
        let expectedNow = expected - expectedBefore
        let lostNow = expectedNow - (received - receivedBefore)
        lastInterval = Int(expectedNow)
        expectedBefore = expected
        receivedBefore = received
        let share = expectedNow > 0 && lostNow > 0 ? min(255, lostNow * 256 / expectedNow) : 0
        return ReportBlock(
            ssrc: source,
            fractionLost: UInt8(truncatingIfNeeded: share),
            cumulativeLost: Int32(truncatingIfNeeded: max(-0x80_0000, min(0x7F_FFFF, lost))),
            // The first cycle is 1 here (so that packets before the first stay positive) and 0 on the wire.
            highestSequence: UInt32(truncatingIfNeeded: highest - 0x1_0000),
            jitter: jitter,
            lastSenderReport: lastSenderReport,
            delaySinceLastSenderReport: delay)
    }
}
