// The stream that a leg sends: one source whose sequence and timestamp are unbroken whatever feeds it.

import Timing

/// RFC 3550 §5.1. Its clock changes with the codec. RFC 7160 §4.1 wants a new source for each change instead; but of
/// sources that no SDP names Chromium 156 plays only the newest to a track, so that a second return to a clock would not
/// be heard at all, a new source each time is heard after a gap of 15 to 30 ms, and this after 5 to 10. Browsers and
/// the servers that telephones know change their clock like this themselves.
struct SendStream: BitwiseCopyable {
    /// A gap up to this long counts as none: the timestamps go on as if the packet were in time.
    private static var lateness: Int64 { 60_000_000 }
    /// Of the beats at which sound begins: after a pause timestamps go on in their rhythm.
    private static var beat: Int64 { 10_000_000 }

    let ssrc: UInt32
    /// Timestamp units a second, of the last packet and the next.
    private(set) var clockRate: Int
    private(set) var nextSequence: UInt16
    private(set) var lastTimestamp: UInt32
    /// Timestamp units that the last packet covers; 0: a pause begins there.
    private var lastDuration: UInt32 = 0
    private(set) var lastSent: Instant?
    private(set) var packets: UInt32 = 0
    private(set) var octets: UInt32 = 0
    /// Where `takeInterval` stopped.
    private var packetsTaken: UInt32 = 0
    private var sequenceTaken: UInt16

    /// Sequence and timestamp begin at random (RFC 3550 §5.1), or where a test wants them.
    init(clockRate: Int, ssrc: UInt32, sequence: UInt16, timestamp: UInt32) {
        self.clockRate = clockRate
        self.ssrc = ssrc
        nextSequence = sequence
        sequenceTaken = sequence
        lastTimestamp = timestamp
    }

    init(clockRate: Int) {
        self.init(
            clockRate: clockRate, ssrc: .random(in: .min ... .max), sequence: .random(in: .min ... .max),
            timestamp: .random(in: .min ... .max))
    }

    /// The next packet counts time in another clock: its timestamp goes on where the last packet ended.
    @_noLocks @_noAllocation
    mutating func use(clockRate: Int) {
        guard clockRate != self.clockRate else { return }
        let covered = UInt32(truncatingIfNeeded: Int64(lastDuration) * Int64(clockRate) / Int64(self.clockRate))
        lastTimestamp &+= lastDuration &- covered
        lastDuration = covered
        self.clockRate = clockRate
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

    /// What was sent between two reports of the peer.
    struct Interval: BitwiseCopyable {
        let packets: Int
        /// Sequence numbers used: more than packets when a relayed source has gaps.
        let numbers: Int
    }

    /// What was sent since the last call, or since the beginning.
    @_noLocks @_noAllocation
    mutating func takeInterval() -> Interval {
        let count = Int(packets &- packetsTaken)
        // The first packets of a stream may have lower numbers than where it begins: never fewer than packets.
        let interval = Interval(packets: count, numbers: max(count, Int(nextSequence &- sequenceTaken)))
        packetsTaken = packets
        sequenceTaken = nextSequence
        return interval
    }
}
