// How thoroughly Opus encodes: less when the thread is busy, so that nothing is ever late.

import Timing

/// Pure: judges one media thread by what it counts, four times a second, before `MediaLoad` has to refuse calls (80 %).
struct ComplexityGovernor: BitwiseCopyable {
    /// What the thread had counted at one moment; all only grow.
    struct Sample: BitwiseCopyable {
        /// CPU time of the thread in nanoseconds.
        var cpu: Int64
        var ticks: Int
        /// How late the ticks began, in all.
        var lateMicroseconds: Int
        /// Frames encoded as Opus.
        var opusFrames: Int
    }

    private static var lowest: Int { 4 }
    private static var interval: Int64 { 250_000_000 }
    /// From this share of one core on, in 1,000ths, one step less; from the second on two at once.
    private static var busy: Int64 { 600 }
    private static var veryBusy: Int64 { 750 }
    /// Below this share one step more, which makes encoding up to 1.8 times as dear: that must stay below `busy`.
    private static var calm: Int64 { 330 }
    /// It must have been calm for so long: load comes in waves.
    private static var patience: Int64 { 3_000_000_000 }
    /// Ticks that begin so late on average are those of a thread that does not get its core.
    private static var late: Int { 2_000 }
    /// Fewer ticks than this, of the 250 there can be, tell nothing of lateness.
    private static var fewestTicks: Int { 50 }

    /// Down from full complexity.
    private var step = 0
    private var last: (sample: Sample, at: Instant)?
    private var calmSince: Instant?

    /// What encoders are to be set to: 5, 3, 2, 1 or 0. Encoding a frame with redundancy takes 79, 66, 61, 40 and 34 µs
    /// at 8 kHz, 150, 124, 115, 65 and 61 at 16 kHz; 4 costs what 5 costs.
    var complexity: Int { @_noLocks @_noAllocation get { step == 0 ? 5 : 4 - step } }

    @_noLocks @_noAllocation
    func isDue(_ now: Instant) -> Bool {
        guard let last else { return true }
        return now.nanoseconds - last.at.nanoseconds >= ComplexityGovernor.interval
    }

    /// Takes a new picture of the thread. Nothing else changes `complexity`.
    @_noLocks @_noAllocation
    mutating func note(_ sample: Sample, now: Instant) {
        guard isDue(now) else { return }
        let before = last
        last = (sample, now)
        guard let before else { return }
        let share = (sample.cpu - before.sample.cpu) * 1_000 / (now.nanoseconds - before.at.nanoseconds)
        let ticks = sample.ticks - before.sample.ticks
        let late = (sample.lateMicroseconds - before.sample.lateMicroseconds) / max(1, ticks)
        let isLate = ticks >= ComplexityGovernor.fewestTicks && late >= ComplexityGovernor.late
        // Where nothing is encoded there is nothing to save.
        if share >= ComplexityGovernor.busy || isLate, sample.opusFrames > before.sample.opusFrames {
            step = min(ComplexityGovernor.lowest, step + (share >= ComplexityGovernor.veryBusy ? 2 : 1))
        }
        rise(isCalm: share < ComplexityGovernor.calm && !isLate, now: now)
    }

    @_noLocks @_noAllocation
    private mutating func rise(isCalm: Bool, now: Instant) {
        guard isCalm, step > 0 else { return calmSince = nil }
        let since = calmSince ?? now
        calmSince = since
        guard now.nanoseconds - since.nanoseconds >= ComplexityGovernor.patience else { return }
        step -= 1
        calmSince = now
    }
}
