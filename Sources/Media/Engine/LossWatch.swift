// Whether one direction of a leg loses too much for a codec without redundancy, by its reports (RFC 3550 §6.4.1).

import Timing

/// Pure: fed with one report after another. Goes bad fast and good slowly.
struct LossWatch: BitwiseCopyable {
    /// Shares are 256ths, as in reports, whose writers round down.
    ///
    /// One report with more than this, 3.1 %: there A-law has lost a whole point of PESQ (4.5 to 3.4), Opus with
    /// redundancy next to nothing.
    private static var much: Int { 8 }
    /// Two reports in a row with more than 1 %: from there on Opus sounds better in the long run. One alone may be a
    /// single burst, and a change is not worth it.
    private static var some: Int { 3 }
    /// At most one packet of the 250 between two reports: under 0.5 %.
    private static var nearlyNone: Int { 1 }
    /// This long without more than that, and so many reports that say so: a wireless network that had one bad moment
    /// usually has another soon, and while reports stay away nothing is known.
    private static var quiet: Int64 { 30_000_000_000 }
    private static var reportsNeeded: UInt8 { 3 }
    /// Two seconds. Reports on fewer packets are put together: of 25 one lost packet would be much. Browsers report
    /// every 2.5 to 7.5 s.
    private static var fewestPackets: Int { 100 }
    /// Beyond this redundancy helps no more: what it stands for is lost as well.
    private static var highestExpected: Int { 30 }

    private enum State: BitwiseCopyable {
        /// goes to: lossy
        case clean(wasSome: Bool)
        /// goes to: clean
        case lossy(lastLoss: Instant, reportsSince: UInt8)
    }

    enum News: BitwiseCopyable { case lossy, clean }

    private var state = State.clean(wasSome: false)
    /// Per cent: what the next seconds are expected to lose. Rises at once and falls by a third a report, 0…30.
    private(set) var expected = 0
    /// What was reported since the last judgement: packets, and how much of them was lost in 256ths of a packet.
    private var packets = 0
    private var lost = 0

    var isLossy: Bool {
        @_noLocks @_noAllocation get {
            switch state {
            case .clean: false
            case .lossy: true
            }
        }
    }

    /// What one report says.
    /// - Parameters:
    ///   - share: 256ths of the packets since the report before it that were lost, 0…256.
    ///   - count: how many packets those were.
    @_noLocks @_noAllocation
    mutating func note(lost share: Int, of count: Int, now: Instant) -> News? {
        packets += count
        lost += share * count
        guard packets >= LossWatch.fewestPackets else { return nil }
        let share = lost / packets
        (packets, lost) = (0, 0)
        let percent = (share * 100 + 255) / 256
        expected = min(LossWatch.highestExpected, max(percent, expected * 2 / 3))
        return judge(share, now: now)
    }

    @_noLocks @_noAllocation
    private mutating func judge(_ lost: Int, now: Instant) -> News? {
        switch state {
        case .clean(let wasSome):
            let isSome = lost >= LossWatch.some
            guard lost >= LossWatch.much || isSome && wasSome else {
                state = .clean(wasSome: isSome)
                return nil
            }
            state = .lossy(lastLoss: now, reportsSince: 0)
            return .lossy
        case .lossy(let lastLoss, let reportsSince):
            guard lost <= LossWatch.nearlyNone else {
                state = .lossy(lastLoss: now, reportsSince: 0)
                return nil
            }
            let reports = min(LossWatch.reportsNeeded, reportsSince + 1)
            let quiet = now.nanoseconds - lastLoss.nanoseconds
            guard quiet >= LossWatch.quiet, reports == LossWatch.reportsNeeded else {
                state = .lossy(lastLoss: lastLoss, reportsSince: reports)
                return nil
            }
            state = .clean(wasSome: false)
            return .clean
        }
    }
}
