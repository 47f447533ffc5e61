// Chance that repeats itself: the same seed, the same history.

import Glibc
import Timing

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Dice: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0 ..< `sides`, at least one side.
    mutating func roll(_ sides: Int) -> Int { Int(next() % UInt64(sides)) }

    /// A time until something that may happen at any moment with the same chance.
    mutating func exponential(_ mean: Duration) -> Duration {
        // Above 0 and at most 1.
        let chance = Double((next() >> 11) + 1) / Double(1 << 53)
        return .nanoseconds(Int64(-log(chance) * Double(mean.nanoseconds)))
    }
}
