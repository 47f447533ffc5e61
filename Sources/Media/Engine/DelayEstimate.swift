// How late packets come, as a distribution (after the delay manager of WebRTC's NetEq).

/// Measures each packet's delay against the fastest of the last ten seconds; tells which delay 98 in 100 stay under.
struct DelayEstimate: BitwiseCopyable {
    /// Bins of the histogram are a millisecond wide up to 10 ms, then five.
    private static var bins: Int { 88 }
    private static var fineBins: Int { 10 }
    private static var fineWidth: Int64 { 1_000_000 }
    private static var width: Int64 { 5_000_000 }
    private static var quantile: Float { 0.98 }
    private static var lowQuantile: Float { 0.9 }
    /// 500 packets, ten seconds: ten of them lie beyond the quantile, so that a few do not move it by much.
    private static var memory: Float { 500 }
    /// When the network has changed, two seconds: forgets what it was before.
    private static var shortMemory: Float { 100 }
    /// So many packets far below the target, five seconds of them: the network has become better.
    private static var calm: Int { 250 }
    /// So many packets in a row beyond all bins: the source's clock went back, or the way has become longer for good.
    private static var astray: Int { 10 }
    private static var windowLength: Int64 { 2_000_000_000 }
    /// Delays are known to a millisecond.
    static var margin: Int64 { fineWidth }
    static var longestTarget: Int64 { edge(bins) }

    private var histogram = InlineArray<88, Float>(repeating: 0)
    private var count: Float = 0
    /// The fastest transit of each of the last five windows of two seconds.
    private var minima = InlineArray<5, Int64>(repeating: .max)
    private var window = 0
    private var windowEnd: Int64 = 0
    /// Arrival less media time of the fastest packet; meaningless before the first.
    private(set) var base: Int64 = .max
    /// How long to hold packets back, nanoseconds after the fastest.
    private(set) var target: Int64 = 0
    /// The same for nine in ten packets.
    private(set) var usual: Int64 = 0
    /// The share of the last 32 packets or so that came after the target.
    private var lateness: Float = 0
    private var strayCount = 0
    /// Packets since one came near the target or after it.
    private var sinceLate = 0

    @_noLocks @_noAllocation
    init() {}

    /// Of a stream that is known: nearly all its packets come within `delay` nanoseconds after the fastest. Believed for
    /// a second's worth of packets.
    @_noLocks @_noAllocation
    init(expecting delay: Int64) {
        count = 50
        histogram[0] = 0.9
        histogram[DelayEstimate.bin(of: delay)] += 0.1
        target = delay
    }

    var isEmpty: Bool { @_noLocks @_noAllocation get { base == .max } }

    /// Both in nanoseconds; `media` is the packet's timestamp on its own clock.
    @_noLocks @_noAllocation
    mutating func note(arrival: Int64, media: Int64) {
        let transit = arrival - media
        noteMinimum(transit, at: arrival)
        strayCount = transit - base > DelayEstimate.longestTarget ? strayCount + 1 : 0
        if strayCount >= DelayEstimate.astray {
            self = DelayEstimate()
            noteMinimum(transit, at: arrival)
        }
        let delay = max(0, transit - base)
        noteChange(delay)
        let share = 1 / count
        for index in 0..<DelayEstimate.bins { histogram[index] *= 1 - share }
        histogram[DelayEstimate.bin(of: delay)] += share
        findQuantiles()
    }

    /// One queue of packets that were held up together, five or so, is no change: that is what the quantile is for.
    @_noLocks @_noAllocation
    private mutating func noteChange(_ delay: Int64) {
        lateness += ((delay > target ? 1 : 0) - lateness) / 32
        sinceLate = delay > target * 7 / 10 ? 0 : sinceLate + 1
        let isCalm = sinceLate > DelayEstimate.calm && target > 0
        let hasChanged = lateness > 0.25 || isCalm
        count = min(count + 1, hasChanged ? DelayEstimate.shortMemory : DelayEstimate.memory)
    }

    @_noLocks @_noAllocation
    private mutating func findQuantiles() {
        var sum: Float = 0
        var bin = 0
        while bin < DelayEstimate.bins - 1, sum + histogram[bin] < DelayEstimate.lowQuantile {
            sum += histogram[bin]
            bin += 1
        }
        usual = place(DelayEstimate.lowQuantile, in: bin, above: sum)
        while bin < DelayEstimate.bins - 1, sum + histogram[bin] < DelayEstimate.quantile {
            sum += histogram[bin]
            bin += 1
        }
        target = place(DelayEstimate.quantile, in: bin, above: sum)
    }

    /// Between the edges of a bin, as if its packets were spread evenly; a margin more. What comes within a millisecond
    /// is not late at all: a network without jitter needs no stretching.
    @_noLocks @_noAllocation
    private func place(_ quantile: Float, in bin: Int, above sum: Float) -> Int64 {
        guard bin > 0 else { return 0 }
        let inside = max(0, min(1, (quantile - sum) / max(histogram[bin], 1e-6)))
        let (low, high) = (DelayEstimate.edge(bin), DelayEstimate.edge(bin + 1))
        return low + Int64(inside * Float(high - low)) + DelayEstimate.margin
    }

    @_noLocks @_noAllocation
    private static func bin(of delay: Int64) -> Int {
        let fine = edge(fineBins)
        guard delay >= fine else { return Int(max(0, delay) / fineWidth) }
        return min(bins - 1, fineBins + Int((delay - fine) / width))
    }

    /// Where a bin begins.
    @_noLocks @_noAllocation
    private static func edge(_ bin: Int) -> Int64 {
        Int64(min(bin, fineBins)) * fineWidth + Int64(max(0, bin - fineBins)) * width
    }

    @_noLocks @_noAllocation
    private mutating func noteMinimum(_ transit: Int64, at arrival: Int64) {
        if arrival >= windowEnd {
            window = (window + 1) % 5
            minima[window] = transit
            windowEnd = arrival + DelayEstimate.windowLength
        } else {
            minima[window] = min(minima[window], transit)
        }
        let before = base
        base = minima[0]
        for index in 1..<5 { base = min(base, minima[index]) }
        if before != .max, base > before { shift(by: base - before) }
    }

    /// The fastest packet was long ago: what came after it is not as late as it seemed.
    @_noLocks @_noAllocation
    private mutating func shift(by nanoseconds: Int64) {
        for bin in 0..<DelayEstimate.bins where histogram[bin] > 0 {
            let share = histogram[bin]
            histogram[bin] = 0
            let middle = (DelayEstimate.edge(bin) + DelayEstimate.edge(bin + 1)) / 2
            histogram[DelayEstimate.bin(of: middle - nanoseconds)] += share
        }
    }
}
