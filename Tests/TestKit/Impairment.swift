// A network that delays, loses and doubles packets; the same seed gives the same network.

/// What happens to datagrams on their way.
public struct Impairment: Sendable {
    /// Milliseconds each datagram takes.
    public var delay: Int
    /// Up to this many milliseconds more, evenly spread; datagrams overtake one another.
    public var jitter: Int
    /// Shares in 1,000.
    public var loss: Int
    public var duplicates: Int
    private var state: UInt64

    public init(delay: Int = 0, jitter: Int = 0, loss: Int = 0, duplicates: Int = 0, seed: UInt64 = 1) {
        self.delay = delay
        self.jitter = jitter
        self.loss = loss
        self.duplicates = duplicates
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    /// When, in milliseconds from now, copies of the datagram arrive: none, one or two.
    public mutating func arrivals() -> [Int] {
        if next(1_000) < loss { return [] }
        var times = [delay + next(jitter + 1)]
        if next(1_000) < duplicates { times.append(delay + next(jitter + 1)) }
        return times
    }

    private mutating func next(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % bound
    }
}
