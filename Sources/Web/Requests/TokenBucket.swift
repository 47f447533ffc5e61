// How often something may happen. Pure.

/// Allows `capacity` at once and `perSecond` in the long run. Times are seconds on a clock that never goes back.
struct TokenBucket: Sendable {
    private let capacity: Double
    private let perSecond: Double
    private var tokens: Double
    private var updated: Double

    init(capacity: Double, perSecond: Double, now: Double) {
        self.capacity = capacity
        self.perSecond = perSecond
        tokens = capacity
        updated = now
    }

    /// False: not now.
    mutating func take(now: Double) -> Bool {
        tokens = min(capacity, tokens + max(0, now - updated) * perSecond)
        updated = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    /// Whether it would be full again: nothing to remember then.
    func isFull(now: Double) -> Bool { tokens + max(0, now - updated) * perSecond >= capacity }
}
