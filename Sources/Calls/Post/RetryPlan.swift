// When a message that could not be sent is tried again, and when it is given up.

enum RetryPlan {
    /// After the first failed try, the second …; the last holds for all later ones.
    private static let pauses: [Int64] = [1, 5, 15, 30, 60, 120, 240].map { $0 * 60_000 }
    /// A mail server that is down over night is back by then; later nobody would expect the message.
    static let patience: Int64 = 24 * 3_600_000

    /// Unix ms; nil: given up.
    /// - Parameters:
    ///   - failures: tries that have failed, this one included; from 1.
    ///   - since: when the first one was due (Unix ms).
    static func next(failures: Int, since: Int64, now: Int64) -> Int64? {
        let next = now + pauses[min(max(failures, 1), pauses.count) - 1]
        return next <= since + patience ? next : nil
    }
}
