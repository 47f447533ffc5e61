// How a caller would fare who came now: asked before the caller comes.

public import Timing

/// One queue at one instant, for a caller without skills to ask for.
public struct Outlook: Sendable, Equatable {
    /// How many wait, those whose call is being offered included.
    public let waiting: Int
    /// The expected wait of whoever comes now; nil when it cannot be told.
    public let wait: Duration?
    /// Nobody who could answer is at work.
    public let hasNobody: Bool
    /// Whoever comes now would be refused for want of room.
    public let isFull: Bool
}

extension Distributor {
    /// Lets such a caller come into a copy of everything, so that what is foretold is what would happen. Nil for a
    /// queue that there is not.
    public func outlook(for queue: String, now: Instant) -> Outlook? {
        guard queues[queue] != nil else { return nil }
        let waiting = line.count { entries[$0]?.request.queue == queue }
        let caller = EntryID(.max)
        var copy = self
        let news = copy.handle(
            .enqueue(caller, EntryRequest(queue: queue, since: now)), now: now)
        return Outlook(
            waiting: waiting, wait: copy.expectedWaits(now)[caller],
            hasNobody: news.contains(.refused(caller, .nobody)), isFull: news.contains(.refused(caller, .full)))
    }
}
