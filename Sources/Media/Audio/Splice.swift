// Joins sound to sound without a click, where neither can be held back.

/// Cross-fades of 5 ms inside one piece of sound. What is faded into one another is not searched for like periods (as
/// `TimeScale` does): its place is given.
enum Splice {
    private static var fadesPerFrame: Int { 4 }

    /// The first `heard` of `count` samples were heard already: writes `count` samples that begin exactly where they
    /// ended and end as `samples` does, the sound becoming longer by `heard`, which is less than `count`.
    @_noLocks @_noAllocation
    static func goOn(
        _ samples: UnsafePointer<Int16>, heard: Int, count: Int, into output: UnsafeMutablePointer<Int16>
    ) {
        let fade = min(count - heard, count / fadesPerFrame)
        for index in 0..<fade {
            output[index] = blend(samples[heard + index], samples[index], Float(index + 1) / Float(fade + 1))
        }
        for index in fade..<count { output[index] = samples[index] }
    }

    /// Makes `wanted` samples of `count`: the beginning and the end stay as they are, between them some are left out or
    /// come twice. `wanted` is more than nothing and less than twice `count`. `fade`: samples of the cross-fade at most.
    @_noLocks @_noAllocation
    static func fit(
        _ samples: UnsafePointer<Int16>, count: Int, into output: UnsafeMutablePointer<Int16>, wanted: Int, fade: Int
    ) {
        let shift = count - wanted
        if shift == 0 {
            for index in 0..<count { output[index] = samples[index] }
            return
        }
        // Here both the sound and the shifted sound are there.
        let (begin, end) = (max(0, -shift), min(count, wanted))
        let length = min(fade, end - begin)
        let start = begin + (end - begin - length) / 2
        for index in 0..<start { output[index] = samples[index] }
        for index in 0..<length {
            let place = start + index
            output[place] = blend(
                samples[place], samples[place + shift], Float(index + 1) / Float(length + 1))
        }
        for index in start + length..<wanted { output[index] = samples[index + shift] }
    }

    @_noLocks @_noAllocation @inline(__always)
    private static func blend(_ first: Int16, _ second: Int16, _ share: Float) -> Int16 {
        Int16((1 - share) * Float(first) + share * Float(second))
    }
}
