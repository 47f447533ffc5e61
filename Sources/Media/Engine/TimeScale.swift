// Makes speech a little longer or shorter without changing its pitch (overlap-add of whole pitch periods).

/// Works in place on samples at 8 or 16 kHz. Removes or repeats one period of 2.5 to 10 ms.
enum TimeScale {
    /// Samples that must be there: 20 ms.
    @_noLocks @_noAllocation
    static func needed(_ rate: MixRate) -> Int { 160 * rate.scale }
    /// Samples by which the sound may grow.
    @_noLocks @_noAllocation
    static func longest(_ rate: MixRate) -> Int { 80 * rate.scale }
    /// Samples that are removed or added at least.
    @_noLocks @_noAllocation
    static func shortest(_ rate: MixRate) -> Int { 20 * rate.scale }
    /// Mean square below which nobody hears what is done: about −54 dBFS.
    private static var quiet: Float { 4_096 }

    /// - Parameters:
    ///   - limit: samples that may be removed, `shortest`…`longest`.
    ///   - likeness: how well what is laid over one another must match, as a normalised correlation (−1…1).
    /// - Returns: samples removed from the first 20 ms of `count`; 0 when nothing matches.
    static func shorten(
        _ samples: UnsafeMutablePointer<Int16>, count: Int, rate: MixRate, limit: Int, likeness: Float
    ) -> Int {
        guard count >= needed(rate), let lag = period(samples, rate: rate, limit: limit, likeness: likeness) else {
            return 0
        }
        fade(samples, from: samples, to: samples + lag, count: lag)
        (samples + lag).update(from: samples + 2 * lag, count: count - 2 * lag)
        return lag
    }

    /// There is room for `longest` more. Parameters as for `shorten`.
    /// - Returns: samples added.
    static func lengthen(
        _ samples: UnsafeMutablePointer<Int16>, count: Int, rate: MixRate, limit: Int, likeness: Float
    ) -> Int {
        guard count >= needed(rate), let lag = period(samples, rate: rate, limit: limit, likeness: likeness) else {
            return 0
        }
        var index = count - 1
        while index >= lag {
            samples[index + lag] = samples[index]
            index -= 1
        }
        // samples[lag..<2 lag] is still the old second period, the moved one lies behind it.
        fade(samples + lag, from: samples + 2 * lag, to: samples, count: lag)
        return lag
    }

    private static func fade(
        _ output: UnsafeMutablePointer<Int16>, from first: UnsafePointer<Int16>, to second: UnsafePointer<Int16>,
        count: Int
    ) {
        for index in 0..<count {
            let share = Float(index) / Float(count)
            output[index] = Int16((1 - share) * Float(first[index]) + share * Float(second[index]))
        }
    }

    /// The lag at which the first 10 ms resemble what follows most; nil when nothing resembles it.
    private static func period(
        _ samples: UnsafePointer<Int16>, rate: MixRate, limit: Int, likeness: Float
    ) -> Int? {
        let (shortest, longest) = (shortest(rate), longest(rate))
        var energy: Float = 1
        for index in 0..<longest { energy += Float(samples[index]) * Float(samples[index]) }
        if energy < quiet * Float(longest) { return limit }
        var best = shortest
        var bestMatch: Float = -1
        var lag = shortest
        while lag <= limit {
            var product: Float = 0
            var other: Float = 1
            for index in 0..<longest {
                let late = Float(samples[index + lag])
                product += Float(samples[index]) * late
                other += late * late
            }
            let match = product / (other * energy).squareRoot()
            if match > bestMatch { (best, bestMatch) = (lag, match) }
            lag += 1
        }
        return bestMatch > likeness ? best : nil
    }
}
