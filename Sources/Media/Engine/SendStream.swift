// One stream that we send: its own source, sequence and timestamp, unbroken whatever feeds it.

import Timing

/// RFC 3550 §5.1. A leg has two, one per clock rate, because a stream should not change its clock (RFC 7160 §4.1).
struct SendStream: BitwiseCopyable {
    /// A gap up to this long counts as none: the timestamps go on as if the packet were in time.
    private static var lateness: Int64 { 60_000_000 }
    /// Of the beats at which sound begins: after a pause timestamps go on in their rhythm.
    private static var beat: Int64 { 10_000_000 }

    let ssrc: UInt32
    let clockRate: Int
    private(set) var nextSequence: UInt16
    private(set) var lastTimestamp: UInt32
    /// Timestamp units that the last packet covers; 0: a pause begins there.
    private var lastDuration: UInt32 = 0
    private(set) var lastSent: Instant?
    private(set) var packets: UInt32 = 0
    private(set) var octets: UInt32 = 0

    /// Sequence and timestamp begin at random (RFC 3550 §5.1), or where a test wants them.
    init(clockRate: Int, ssrc: UInt32, sequence: UInt16, timestamp: UInt32) {
        self.clockRate = clockRate
        self.ssrc = ssrc
        nextSequence = sequence
        lastTimestamp = timestamp
    }

    init(clockRate: Int) {
        self.init(
            clockRate: clockRate, ssrc: .random(in: .min ... .max), sequence: .random(in: .min ... .max),
            timestamp: .random(in: .min ... .max))
    }

    /// The timestamp of a packet whose sound begins now, and whether there was a gap before it.
    @_noLocks @_noAllocation
    func timestamp(at now: Instant) -> (value: UInt32, afterGap: Bool) {
        guard let lastSent else { return (lastTimestamp, true) }
        let elapsed = now.nanoseconds - lastSent.nanoseconds
        if isPaused {
            let beats = max(1, (elapsed + SendStream.beat / 2) / SendStream.beat)
            return (lastTimestamp &+ units(of: beats * SendStream.beat), true)
        }
        guard elapsed - lastSpan > SendStream.lateness else { return (lastTimestamp &+ lastDuration, false) }
        return (lastTimestamp &+ units(of: elapsed), true)
    }

    /// What was sent last said that a pause begins, or stood before packets that were left out.
    var isPaused: Bool { @_noLocks @_noAllocation get { lastDuration == 0 && packets > 0 } }

    /// The packet that is due now is left out on purpose: whatever follows has the time at which it is sent.
    @_noLocks @_noAllocation
    mutating func pause() {
        guard lastDuration > 0, let sent = lastSent else { return }
        lastSent = Instant(nanoseconds: sent.nanoseconds + lastSpan)
        lastTimestamp &+= lastDuration
        lastDuration = 0
    }

    /// How much sound the last packet held, nanoseconds.
    var lastSpan: Int64 { @_noLocks @_noAllocation get { Int64(lastDuration) * 1_000_000 / Int64(clockRate / 1_000) } }

    /// The timestamp that belongs to `now`, for a sender report.
    @_noLocks @_noAllocation
    func reportTimestamp(at now: Instant) -> UInt32 {
        guard let lastSent else { return lastTimestamp }
        return lastTimestamp &+ units(of: now.nanoseconds - lastSent.nanoseconds)
    }

    @_noLocks @_noAllocation
    private func units(of nanoseconds: Int64) -> UInt32 {
        UInt32(truncatingIfNeeded: nanoseconds / 1_000 * Int64(clockRate / 1_000) / 1_000)
    }

    /// What is sent next follows what was sent last without a gap, however long ago that was: from now on all of the
    /// stream is later.
    mutating func goOn(at now: Instant) {
        if lastSent != nil { lastSent = Instant(nanoseconds: now.nanoseconds - lastSpan) }
    }

    /// The next packet's sequence number.
    @_noLocks @_noAllocation
    mutating func takeSequence() -> UInt16 {
        let sequence = nextSequence
        nextSequence &+= 1
        return sequence
    }

    /// A relayed packet brings its own number: the next one comes after the highest.
    @_noLocks @_noAllocation
    mutating func noteSequence(_ sequence: UInt16) {
        if Int16(bitPattern: sequence &- nextSequence) >= 0 { nextSequence = sequence &+ 1 }
    }

    /// A packet left. `duration` in timestamp units; packets of one key press pass their timestamp again.
    mutating func noteSent(timestamp: UInt32, duration: UInt32, began: Instant, octets count: Int) {
        if lastSent == nil || Int32(bitPattern: timestamp &- lastTimestamp) >= 0 {
            lastTimestamp = timestamp
            lastDuration = duration
            lastSent = began
        }
        packets &+= 1
        octets &+= UInt32(truncatingIfNeeded: count)
    }
}
