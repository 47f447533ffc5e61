// When reports are due, and what of the peer's reports is kept: for ours, and for the leg's figures (RFC 3550 §6.2, §6.3,
// §6.4, RFC 3611 §4.4, §4.5).

import Timing

/// The RTCP state of one leg.
struct RTCPClock: BitwiseCopyable {
    /// Five seconds, times 0.5…1.5 (RFC 3550 §6.3.1), so that a thousand legs do not report at once.
    private static var interval: Int64 { 5_000_000_000 }

    let name: CanonicalName
    private(set) var due: Instant
    /// Packets sent at the last report: who sent since reports as sender.
    var reportedPackets: UInt32 = 0
    private var random: UInt64
    private var lastReport: (compact: UInt32, at: Instant)?
    /// The peer's last reference time, which it wants back.
    private var lastReference: (ssrc: UInt32, compact: UInt32, at: Instant)?
    /// What the peer reported about our stream last: share lost in 256ths, jitter in timestamp units.
    private(set) var remoteFractionLost: UInt8 = 0
    private(set) var remoteJitter: UInt32 = 0
    private(set) var remoteCumulativeLost: Int32 = 0
    /// When that was; nil when it never reported.
    private(set) var remoteReportAt: Instant?
    /// How the peer hears us, and when it said so.
    private(set) var remoteMetrics: (metrics: VoIPMetrics, at: Instant)?
    /// Round trip in nanoseconds, from the peer's last report on our sender reports or reference times; nil when it told
    /// none.
    private(set) var roundTrip: Int64?

    init(now: Instant, seed: UInt64) {
        name = CanonicalName(random: (seed, UInt32(truncatingIfNeeded: seed &* 0x9E37_79B9_7F4A_7C15 >> 32)))
        random = seed | 1
        due = now
        due = Instant(nanoseconds: now.nanoseconds + nextInterval() / 2)
    }

    @_noLocks @_noAllocation
    func isDue(_ now: Instant) -> Bool { now.nanoseconds >= due.nanoseconds }

    @_noLocks @_noAllocation
    mutating func schedule(after now: Instant) { due = Instant(nanoseconds: now.nanoseconds + nextInterval()) }

    /// Half to one and a half intervals (xorshift64: nothing secret hangs on it).
    @_noLocks @_noAllocation
    private mutating func nextInterval() -> Int64 {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return RTCPClock.interval / 2 + Int64(random >> 33) % RTCPClock.interval
    }

    mutating func noteSenderReport(_ report: SenderReport, now: Instant) {
        lastReport = (report.compactNTPTime, now)
    }

    /// What our report block says of the peer's last sender report: 0 and 0 before the first.
    @_noLocks @_noAllocation
    func echo(now: Instant) -> (lastSenderReport: UInt32, delay: UInt32) {
        guard let lastReport else { return (0, 0) }
        return (lastReport.compact, RTCPClock.units(from: lastReport.at, to: now))
    }

    /// The peer, which sends nothing, told its time.
    @_noLocks @_noAllocation
    mutating func noteReference(_ reference: ReceiverReferenceTime, from ssrc: UInt32, now: Instant) {
        lastReference = (ssrc, UInt32(truncatingIfNeeded: reference.ntpTime >> 16), now)
    }

    /// The answer to that; nil when there is nothing to answer.
    @_noLocks @_noAllocation
    func referenceEcho(now: Instant) -> ReferenceTimeEcho? {
        guard let lastReference else { return nil }
        return ReferenceTimeEcho(
            ssrc: lastReference.ssrc, lastReference: lastReference.compact,
            delay: RTCPClock.units(from: lastReference.at, to: now))
    }

    /// 65,536ths of a second.
    @_noLocks @_noAllocation
    private static func units(from start: Instant, to now: Instant) -> UInt32 {
        let microseconds = max(0, now.nanoseconds - start.nanoseconds) / 1_000
        return UInt32(truncatingIfNeeded: microseconds * 65_536 / 1_000_000)
    }

    @_noLocks @_noAllocation
    mutating func noteMetrics(_ metrics: VoIPMetrics, now: Instant) { remoteMetrics = (metrics, now) }

    /// `compactNow`: middle 32 bits of our NTP time.
    @_noLocks @_noAllocation
    mutating func noteBlock(_ block: ReportBlock, compactNow: UInt32, now: Instant) {
        remoteFractionLost = block.fractionLost
        remoteJitter = block.jitter
        remoteCumulativeLost = block.cumulativeLost
        remoteReportAt = now
        noteRoundTrip(
            sent: block.lastSenderReport, held: block.delaySinceLastSenderReport, compactNow: compactNow)
    }

    /// The peer sent our reference time back.
    @_noLocks @_noAllocation
    mutating func noteEcho(_ echo: ReferenceTimeEcho, compactNow: UInt32) {
        noteRoundTrip(sent: echo.lastReference, held: echo.delay, compactNow: compactNow)
    }

    /// RFC 3550 §6.4.1, RFC 3611 §4.5: round trip is A − LSR − DLSR.
    @_noLocks @_noAllocation
    private mutating func noteRoundTrip(sent: UInt32, held: UInt32, compactNow: UInt32) {
        guard sent != 0 else { return }
        let units = compactNow &- sent &- held
        // More than a minute is a peer that reckons wrongly.
        if units < 60 << 16 { roundTrip = Int64(units) * 1_000_000_000 / 65_536 }
    }
}
