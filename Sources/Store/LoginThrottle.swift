// Guessing passwords is made slow: ten failures in five minutes, then nothing for five minutes.

import Synchronization

/// Counts per name and source, so that a stranger cannot lock out somebody who logs in from elsewhere.
final class LoginThrottle: Sendable {
    static let failures = 10
    /// ms.
    static let window: Int64 = 5 * 60 * 1000
    /// So that made-up names cannot fill the memory.
    static let keys = 10_000

    enum Verdict: Equatable {
        case go
        /// `isNew`: the first refusal after the failures, worth a line in the audit trail.
        case refused(until: Int64, isNew: Bool)
    }

    private struct Key: Hashable {
        let name: String
        let source: String
    }

    private struct Count {
        /// When the failures that still count were; attempts under way count as failures.
        var failures: [Int64] = []
        var isReported = false
    }

    private let counts = Mutex<[Key: Count]>([:])

    /// Counts an attempt in advance, lest many at once all slip through.
    func begin(_ name: String, _ source: String, now: Int64) -> Verdict {
        counts.withLock { counts in
            let key = Key(name: name, source: source)
            if counts.count >= Self.keys, counts[key] == nil { Self.makeRoom(in: &counts, now) }
            var count = counts[key] ?? Count()
            if let last = count.failures.last, count.failures.count >= Self.failures, now - last < Self.window {
                let isNew = !count.isReported
                count.isReported = true
                counts[key] = count
                return .refused(until: last + Self.window, isNew: isNew)
            }
            count.failures.removeAll { now - $0 >= Self.window }
            count.isReported = false
            count.failures.append(now)
            counts[key] = count
            return .go
        }
    }

    /// The right password was given.
    func succeeded(_ name: String, _ source: String) {
        counts.withLock { $0[Key(name: name, source: source)] = nil }
    }

    /// The attempt was not even looked at.
    func withdrawn(_ name: String, _ source: String) {
        counts.withLock { _ = $0[Key(name: name, source: source)]?.failures.popLast() }
    }

    /// How many pairs of name and source are counted.
    var count: Int { counts.withLock { $0.count } }

    /// Drops what counts no more, or else the one whose last failure is the oldest.
    private static func makeRoom(in counts: inout [Key: Count], _ now: Int64) {
        counts = counts.filter { now - ($0.value.failures.last ?? 0) < window }
        guard counts.count >= keys else { return }
        let oldest = counts.min { ($0.value.failures.last ?? 0) < ($1.value.failures.last ?? 0) }
        if let oldest { counts[oldest.key] = nil }
    }
}
