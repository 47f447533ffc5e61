// The one place that asks the machine for the time.

import Glibc

/// The machine's clocks. Only `main`, thread shells and timers call these; logic takes `now` as a parameter.
public enum Clock {
    /// `CLOCK_MONOTONIC`: never steps, not even when an administrator sets the date.
    public static func monotonic() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Instant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// Nanoseconds of CPU time that this thread has spent (`CLOCK_THREAD_CPUTIME_ID`).
    public static func threadCPU() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// Milliseconds since 1970-01-01T00:00:00Z (`CLOCK_REALTIME`).
    public static func unixMilliseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
    }
}
