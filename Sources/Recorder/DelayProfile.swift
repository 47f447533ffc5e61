// How late each stretch of a stream came at the least: the way its clock and the recording's run against each other.

/// Arrival minus media time, least in every 200 ms. Jitter only ever makes payloads later, so that the least is the true
/// relation of the two clocks; it drifts with the sender's clock and steps when a sender pauses without counting on.
struct DelayProfile {
    private static let bucket: Int64 = 200_000_000
    /// 4 s: stalls of the network shorter than this move nothing.
    private static let reach = 20
    /// The sound is moved only when it would be off by more than this: far below what two sides may differ (20 ms).
    private static let tolerance: Int64 = 8_000_000

    /// So few payloads (200 ms) prove no step: the last one of a stream may just be late.
    private static let proof = 10

    private var least: [Int64] = []
    private var counts: [Int] = []
    private var moves: [Int64] = []

    /// First pass. `since` is the arrival and `delay` the lateness, in nanoseconds from the stream's first payload.
    mutating func note(since: Int64, delay: Int64) {
        let index = Self.index(since)
        if index >= least.count {
            counts += [Int](repeating: 0, count: index + 1 - least.count)
            least += [Int64](repeating: .max, count: index + 1 - least.count)
        }
        least[index] = min(least[index], delay)
        counts[index] += 1
    }

    /// Between the passes. Where the least of what follows and of what came before differ, there was a step: before it
    /// the one holds, behind it the other, and the greater of the two is right on both sides.
    mutating func settle() {
        let ahead = Self.slidingLeast(least.reversed()).reversed()
        let behind = Self.slidingLeast(least)
        let following = Self.slidingSum(counts.reversed()).reversed()
        let preceding = Self.slidingSum(counts)
        var held: Int64?
        moves = zip(zip(ahead, behind), zip(following, preceding)).map { least, counts in
            let isProven = counts.0 >= Self.proof && counts.1 >= Self.proof
            let wanted = isProven ? max(least.0, least.1) : min(least.0, least.1)
            guard wanted != .max else { return held ?? 0 }
            if let known = held, abs(wanted - known) <= Self.tolerance { return known }
            held = wanted
            return wanted
        }
        least = []
        counts = []
    }

    /// Second pass: nanoseconds to add to the media time of what arrived at `since`.
    func delay(since: Int64) -> Int64 { moves.isEmpty ? 0 : moves[min(Self.index(since), moves.count - 1)] }

    /// Payloads from before the first one, by reordering, count to the first stretch.
    private static func index(_ since: Int64) -> Int { Int(max(0, since) / bucket) }

    /// The least of each value and the `reach` before it.
    private static func slidingLeast(_ values: [Int64]) -> [Int64] {
        var candidates: [Int] = []
        var first = 0
        return values.indices.map { index in
            while candidates.count > first, values[candidates[candidates.count - 1]] >= values[index] {
                candidates.removeLast()
            }
            candidates.append(index)
            if candidates[first] < index - reach { first += 1 }
            return values[candidates[first]]
        }
    }

    /// The sum of each value and the `reach` before it.
    private static func slidingSum(_ values: [Int]) -> [Int] {
        var sum = 0
        return values.indices.map { index in
            sum += values[index]
            if index > reach { sum -= values[index - reach - 1] }
            return sum
        }
    }
}
