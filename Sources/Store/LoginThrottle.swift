// Guessing is made slow: after some failures nothing is looked at for a while.

import Synchronization

/// Counts per name and source, so that a stranger cannot lock out somebody who logs in from elsewhere.
final class LoginThrottle: Sendable {
    /// How much guessing is borne. Times are ms.
    struct Rule {
        let failures: Int
        /// How long a failure counts.
        let memory: Int64
        /// How long nothing is looked at after that many failures …
        let lock: Int64
        /// … which doubles each time that it comes to that again, up to this.
        let longestLock: Int64

        /// Ten failures in five minutes, then nothing for five minutes.
        static let passwords = Rule(failures: 10, memory: 300_000, lock: 300_000, longestLock: 300_000)
        /// A PIN has few digits, and a day has room for 86,400 guesses: three in a day, then 5 minutes, 10, 20 … a day.
        static let pins = Rule(failures: 3, memory: 86_400_000, lock: 300_000, longestLock: 86_400_000)
    }

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
        /// How long the next lock is.
        var lock: Int64
        /// When the last lock ended.
        var unlocked: Int64 = 0
    }

    private let rule: Rule
    private let counts = Mutex<[Key: Count]>([:])

    init(_ rule: Rule) { self.rule = rule }

    /// Counts an attempt in advance, lest many at once all slip through.
    func begin(_ name: String, _ source: String, now: Int64) -> Verdict {
        counts.withLock { counts in
            let key = Key(name: name, source: source)
            if counts.count >= Self.keys, counts[key] == nil { makeRoom(in: &counts, now) }
            var count = counts[key] ?? Count(lock: rule.lock)
            if let end = lockEnd(count) {
                guard now >= end else {
                    let isNew = !count.isReported
                    count.isReported = true
                    counts[key] = count
                    return .refused(until: end, isNew: isNew)
                }
                count = Count(lock: min(2 * count.lock, rule.longestLock), unlocked: end)
            }
            count.failures.removeAll { now - $0 >= rule.memory }
            // Long after the last lock it begins with a short one again.
            if count.failures.isEmpty, now - count.unlocked >= rule.memory { count.lock = rule.lock }
            count.failures.append(now)
            counts[key] = count
            return .go
        }
    }

    private func lockEnd(_ count: Count) -> Int64? {
        guard let last = count.failures.last, count.failures.count >= rule.failures else { return nil }
        return last + count.lock
    }

    /// The right password was given.
    func succeeded(_ name: String, _ source: String) {
        counts.withLock { $0[Key(name: name, source: source)] = nil }
    }

    /// The attempt was not even looked at.
    func withdrawn(_ name: String, _ source: String) {
        counts.withLock { _ = $0[Key(name: name, source: source)]?.failures.popLast() }
    }

    /// Until when nothing is looked at; nil when attempts are.
    func lockedUntil(_ name: String, _ source: String, now: Int64) -> Int64? {
        counts.withLock { $0[Key(name: name, source: source)] }.flatMap(lockEnd).flatMap { $0 > now ? $0 : nil }
    }

    /// How many pairs of name and source are counted.
    var count: Int { counts.withLock { $0.count } }

    /// Drops what counts no more, or else the one whose last failure is the oldest.
    private func makeRoom(in counts: inout [Key: Count], _ now: Int64) {
        counts = counts.filter { now - ($0.value.failures.last ?? 0) < rule.memory }
        guard counts.count >= Self.keys else { return }
        let oldest = counts.min { ($0.value.failures.last ?? 0) < ($1.value.failures.last ?? 0) }
        if let oldest { counts[oldest.key] = nil }
    }
}
