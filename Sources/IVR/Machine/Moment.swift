// "Now", as a hotline needs it: the monotonic clock for waiting, the civil one for opening hours.

public import Timing

/// One moment on both clocks.
public struct Moment: Sendable, Hashable {
    /// For deadlines.
    public var instant: Instant
    /// For opening hours: milliseconds since 1970-01-01T00:00:00Z.
    public var unixMilliseconds: Int64

    public init(instant: Instant, unixMilliseconds: Int64) {
        self.instant = instant
        self.unixMilliseconds = unixMilliseconds
    }

    /// The same moment, later.
    public func advanced(by duration: Duration) -> Moment {
        Moment(instant: instant + duration, unixMilliseconds: unixMilliseconds + duration.milliseconds)
    }
}
