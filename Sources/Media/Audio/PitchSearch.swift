// The pitch period of the sound just heard: what `Concealment` repeats.

import Glibc

/// Looks at samples that end at a pointer; 35 ms of them must lie before it.
enum PitchSearch {
    /// 200 Hz and 66 Hz, in samples at 8 kHz: a higher voice is found at twice or three times its period, which repeats
    /// as well.
    static var shortest: Int { @_noLocks @_noAllocation get { 40 } }
    static var longest: Int { @_noLocks @_noAllocation get { 120 } }
    private static var window: Int { 160 }

    /// The lag at which the last 20 ms resemble what came before most. Every lag is tried on every sample: a lag that is
    /// half a sample off a tone's period is heard at the gap's end.
    @_noLocks @_noAllocation
    static func period(before end: UnsafePointer<Int16>, rate: MixRate) -> Int {
        let (shortest, longest, window) = (shortest * rate.scale, longest * rate.scale, window * rate.scale)
        // Room for 16 kHz; at 8 kHz the first half is used.
        var products = InlineArray<161, Float>(repeating: 0)
        var line = InlineArray<560, Float>(repeating: 0)
        for index in 0..<longest + window { line[index] = Float(end[index - longest - window]) }
        correlate(&line, into: &products, lags: longest - shortest + 1, longest: longest, window: window)
        // Of what lies `lag` earlier; moves with the lag by one sample in and one out.
        var energy: Float = 1
        for index in 0..<window { energy += line[longest - shortest + index] * line[longest - shortest + index] }
        var best = shortest
        var bestMatch: Float = -.infinity
        for lag in shortest...longest {
            // The normalised correlation squared, keeping its sign: orders lags without a root.
            let product = products[longest - lag]
            let match = product * abs(product) / energy
            if match > bestMatch { (best, bestMatch) = (lag, match) }
            guard lag < longest else { break }
            let (entering, leaving) = (line[longest - lag - 1], line[longest - lag - 1 + window])
            energy = max(1, energy + entering * entering - leaving * leaving)
        }
        return best
    }

    /// `products[n]`: the last 20 ms times what lies `longest - n` earlier. Outer loop over samples, so that the inner
    /// one has no chain of additions and becomes vector code.
    @_noLocks @_noAllocation
    private static func correlate(
        _ line: inout InlineArray<560, Float>, into products: inout InlineArray<161, Float>, lags: Int, longest: Int,
        window: Int
    ) {
        withUnsafeMutablePointer(to: &line) { lineMemory in
            let line = UnsafeMutableRawPointer(lineMemory).assumingMemoryBound(to: Float.self)
            withUnsafeMutablePointer(to: &products) { memory in
                let products = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Float.self)
                for index in 0..<window {
                    let sample = line[longest + index]
                    let earlier = line + index
                    for lag in 0..<lags { products[lag] += sample * earlier[lag] }
                }
            }
        }
    }

    /// The loudest of the last 20 ms.
    @_noLocks @_noAllocation
    static func peak(before end: UnsafePointer<Int16>, rate: MixRate) -> Float {
        var peak: Float = 0
        for index in 1...window * rate.scale { peak = max(peak, abs(Float(end[-index]))) }
        return peak
    }
}
