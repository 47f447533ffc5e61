// A caller in a queue: music, announcements, an offer, overflow, and what the distribution of calls says.

import Timing

/// Where one caller stands in one queue.
struct QueueTurn: Sendable {
    let step: QueueStep
    let settings: QueueSettings
    var ahead: Int?
    var wait: Duration?
    /// The wait that was told last; a caller is never told a longer one.
    var told: Duration?
    /// Until when an announcement or the offer may play; nil while music plays.
    var speaksUntil: Instant?
    var hasOffered = false
    var announceAt: Instant?
    var offerAt: Instant?
    /// Overflows still to come.
    var overflows: ArraySlice<QueueSettings.Overflow> = []
    let entered: Instant
    /// The distribution ends the wait at `max_wait`. Should it ever forget to, the machine does.
    var giveUpAt: Instant

    private static let grace = Duration.seconds(30)
    /// The longest `max_wait`, for queues that have none.
    private static let longestWait = Duration.seconds(14_400)

    init(_ step: QueueStep, _ settings: QueueSettings, now: Instant) {
        self.step = step
        self.settings = settings
        entered = now
        announceAt = settings.announce.map { now + $0.first }
        offerAt = settings.offer.map { now + $0.after }
        overflows = settings.overflow[...]
        giveUpAt = Self.giveUp(settings, now)
    }

    private static func giveUp(_ settings: QueueSettings, _ now: Instant) -> Instant {
        now + (settings.maxWait ?? longestWait) + settings.ring + grace
    }

    /// The consultant was lost: the wait goes on.
    mutating func resume(now: Instant) {
        speaksUntil = nil
        announceAt = settings.announce.map { now + ($0.every ?? $0.first) }
        giveUpAt = Self.giveUp(settings, now)
    }

    var overflowAt: Instant? { overflows.first.map { entered + $0.after } }

    /// What happens next by itself.
    var deadline: Instant {
        let others = speaksUntil.map { [$0] } ?? [announceAt, offerAt, giveUpAt].compactMap { $0 }
        return (others + [overflowAt].compactMap { $0 }).min() ?? giveUpAt
    }

    /// What may be told of the wait.
    var tellableWait: Duration? {
        guard let wait, let told else { return wait }
        return min(wait, told)
    }

    /// What may be pressed now.
    var keys: [MenuKey] { step.keys + (hasOffered ? settings.offer?.keys ?? [] : []) }

    func key(_ digit: Character) -> MenuKey? { keys.first { $0.digits == String(digit) } }
}
