// How late packets come, as a distribution (after the delay manager of WebRTC's NetEq).

/// Measures each packet's delay against the fastest of the last ten seconds; tells which delay 98 in 100 stay under.
struct DelayEstimate: BitwiseCopyable {
    /// Width of a bin of the histogram, nanoseconds.
    private static var binWidth: Int64 { 5_000_000 }
    private static var bins: Int { 80 }
    private static var quantile: Float { 0.98 }
    /// 200 packets, four seconds: long enough for a quantile, short enough to follow.
    private static var memory: Float { 200 }
    private static var windowLength: Int64 { 2_000_000_000 }
    static var shortestTarget: Int64 { 10_000_000 }
    static var longestTarget: Int64 { Int64(bins) * binWidth }

    private var histogram = InlineArray<80, Float>(repeating: 0)
    private var count: Float = 0
    /// The fastest transit of each of the last five windows of two seconds.
    private var minima = InlineArray<5, Int64>(repeating: .max)
    private var window = 0
    private var windowEnd: Int64 = 0
    /// Arrival less media time of the fastest packet; meaningless before the first.
    private(set) var base: Int64 = .max
    /// How long to hold packets back, nanoseconds after the fastest.
    private(set) var target = DelayEstimate.shortestTarget

    @_noLocks @_noAllocation
    init() {}

    /// Of a stream that is known: nearly all its packets come within `delay` nanoseconds after the fastest. Believed for
    /// a second's worth of packets.
    @_noLocks @_noAllocation
    init(expecting delay: Int64) {
        count = 50
        histogram[0] = 0.9
        histogram[min(DelayEstimate.bins - 1, Int(delay / DelayEstimate.binWidth))] += 0.1
        target = max(DelayEstimate.shortestTarget, delay)
    }

    var isEmpty: Bool { @_noLocks @_noAllocation get { base == .max } }

    /// Both in nanoseconds; `media` is the packet's timestamp on its own clock.
    @_noLocks @_noAllocation
    mutating func note(arrival: Int64, media: Int64) {
        let transit = arrival - media
        noteMinimum(transit, at: arrival)
        let bin = min(DelayEstimate.bins - 1, Int(max(0, transit - base) / DelayEstimate.binWidth))
        count = min(count + 1, DelayEstimate.memory)
        let share = 1 / count
        for index in 0..<80 { histogram[index] *= 1 - share }
        histogram[bin] += share
        var sum: Float = 0
        var last = 0
        while last < DelayEstimate.bins - 1 {
            sum += histogram[last]
            if sum >= DelayEstimate.quantile { break }
            last += 1
        }
        target = max(DelayEstimate.shortestTarget, Int64(last + 1) * DelayEstimate.binWidth)
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
        base = minima[0]
        for index in 1..<5 { base = min(base, minima[index]) }
    }
}
