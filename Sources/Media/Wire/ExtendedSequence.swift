// Sequence numbers and timestamps that do not wrap (RFC 3550 appendix A.1 calls the wraps "cycles").

/// Turns 16-bit sequence numbers into 64-bit ones: each is taken to be the one nearest to the highest seen.
struct ExtendedSequence: Sendable, BitwiseCopyable {
    /// The highest number so far; nil before the first. The first number counts from cycle 1, so that a reordered
    /// packet before it stays positive.
    private(set) var highest: Int64?

    @_noLocks @_noAllocation
    init() {}

    /// The extended number of `sequence`; a number at most 32,767 ahead moves `highest`.
    @_noLocks @_noAllocation
    mutating func extend(_ sequence: UInt16) -> Int64 {
        guard let known = highest else {
            let first = Int64(sequence) + 0x1_0000
            highest = first
            return first
        }
        let step = Int64(Int16(truncatingIfNeeded: Int64(sequence) &- known))
        let extended = known &+ step
        if step > 0 { highest = extended }
        return extended
    }
}

/// Turns 32-bit RTP timestamps into 64-bit ones, in the same way.
struct ExtendedTimestamp: Sendable, BitwiseCopyable {
    /// The highest timestamp so far; nil before the first.
    private(set) var highest: Int64?

    @_noLocks @_noAllocation
    init() {}

    /// The extended timestamp; one at most 2³¹ − 1 ahead moves `highest`.
    @_noLocks @_noAllocation
    mutating func extend(_ timestamp: UInt32) -> Int64 {
        guard let known = highest else {
            let first = Int64(timestamp) + 0x1_0000_0000
            highest = first
            return first
        }
        let step = Int64(Int32(truncatingIfNeeded: Int64(timestamp) &- known))
        let extended = known &+ step
        if step > 0 { highest = extended }
        return extended
    }
}
