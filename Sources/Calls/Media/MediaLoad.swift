// How busy a media thread is, and whether it still beats. Pure: fed with counts, in virtual time in tests.

import Timing

/// Judges one media thread by what it counts. A new call is refused before the old ones suffer, and a thread that stands
/// still is noticed within 200 ms.
struct MediaLoad {
    /// What the thread had counted at one moment.
    struct Sample {
        /// Ticks begun since the start.
        var ticks: Int
        /// How late they began, in all, in microseconds.
        var lateMicroseconds: Int
        /// Legs now.
        var legs: Int
        /// CPU time that the thread has spent, in nanoseconds.
        var cpu: Int64
        /// How thoroughly it encodes Opus now, 0…5.
        var complexity = 5
    }

    enum News: Equatable {
        /// No tick for this long although there are legs.
        case stalled(Duration)
        /// It ticks again.
        case recovered(after: Duration)
        /// New calls are refused from now on; the share of one core in use, 0…1.
        case overloaded(Double)
        case relieved
        /// By its load it encodes Opus more coarsely, or more thoroughly again.
        case complexity(Int)
    }

    /// From this share of one core on no call is taken: what is left absorbs bursts of signalling and codecs.
    static let refuseFrom = 0.80
    /// Below this share calls are taken again, so that the gate does not flutter.
    static let acceptBelow = 0.70
    /// Ticks late by more than this on average, in two windows in a row, are a thread that does not get its core.
    static let lateLimit = 5_000
    /// Ticks in a window of one second that say something about lateness; a thread with legs makes up to 1,000.
    static let fewestTicks = 50
    /// The watch looks every 50 ms, so that a standstill is said after 150 ms, and after 200 ms when it is late itself.
    static let stallLimit = Duration.milliseconds(100)
    /// What a new leg is taken to cost, at least, until it shows in the measured share: half a milli-core, a prompt or one
    /// side of a relayed call (`make bench`).
    static let shareOfLeg = 0.0005
    /// From so many legs on, new ones are taken to cost what these do on the average: transcoding, twenty times as much.
    static let tellingLegs = 16
    private static let window = Duration.seconds(1)

    private(set) var isOverloaded = false
    /// Of one core, in the last window; and the legs that there were at its end.
    private var measured = (share: 0.0, legs: 0)
    private var beat: (ticks: Int, at: Instant)?
    private var stalledSince: Instant?
    private var complexity = 5
    private var lateWindows = 0
    private var windowStart: (sample: Sample, at: Instant)?

    var isStalled: Bool { stalledSince != nil }

    /// The share of one core that `legs` legs will take: what was measured, and an estimate for those that came or went
    /// since. So a burst of calls does not go to one thread because all were quiet a second ago.
    func share(legs: Int) -> Double {
        let isTelling = measured.legs >= Self.tellingLegs
        let each = isTelling ? max(Self.shareOfLeg, measured.share / Double(measured.legs)) : Self.shareOfLeg
        return measured.share + Double(legs - measured.legs) * each
    }

    /// It beats, and `legs` legs would not suffer from one more, whether they were felt already or came in a burst.
    func isFit(legs: Int) -> Bool { !isOverloaded && !isStalled && share(legs: legs) < Self.refuseFrom }

    mutating func note(_ sample: Sample, now: Instant) -> [News] {
        var news: [News] = []
        watchBeat(sample, now, &news)
        weigh(sample, now, &news)
        // Before its first tick the thread has told nothing.
        if sample.complexity != complexity, sample.ticks > 0 {
            complexity = sample.complexity
            news.append(.complexity(complexity))
        }
        return news
    }

    private mutating func watchBeat(_ sample: Sample, _ now: Instant, _ news: inout [News]) {
        guard let beat, beat.ticks == sample.ticks, sample.legs > 0 else {
            if let since = stalledSince { news.append(.recovered(after: now - since)) }
            stalledSince = nil
            beat = (sample.ticks, now)
            return
        }
        guard stalledSince == nil, now - beat.at >= Self.stallLimit else { return }
        stalledSince = beat.at
        news.append(.stalled(now - beat.at))
    }

    private mutating func weigh(_ sample: Sample, _ now: Instant, _ news: inout [News]) {
        guard let start = windowStart else {
            windowStart = (sample, now)
            return
        }
        let wall = now - start.at
        guard wall >= Self.window else { return }
        windowStart = (sample, now)
        let share = Double(sample.cpu - start.sample.cpu) / Double(wall.nanoseconds)
        measured = (share, sample.legs)
        let ticks = sample.ticks - start.sample.ticks
        // The first ticks after a rest tell nothing of how the thread fares under its load.
        let isTelling = ticks >= Self.fewestTicks
        let late = isTelling ? (sample.lateMicroseconds - start.sample.lateMicroseconds) / ticks : 0
        lateWindows = late > Self.lateLimit ? lateWindows + 1 : 0
        if !isOverloaded, share >= Self.refuseFrom || lateWindows >= 2 {
            isOverloaded = true
            news.append(.overloaded(share))
        } else if isOverloaded, share < Self.acceptBelow, late <= Self.lateLimit {
            isOverloaded = false
            news.append(.relieved)
        }
    }
}
