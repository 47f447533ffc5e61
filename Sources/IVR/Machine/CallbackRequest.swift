// A caller who hangs up and keeps the place in the queue.

public import Timing

/// One wish to be called back. The entry takes the place of a caller who has waited since `since`.
public struct CallbackRequest: Sendable, Hashable {
    public var ticket: Ticket
    public var queue: String
    /// Normalised, see `PhoneNumber`.
    public var number: String
    /// The caller typed the number: it may be anybody's.
    public var isTyped: Bool
    public var language: String
    public var skills: SkillNeeds
    public var priority: Int
    public var since: Instant
    /// The caller heard the notice and agreed to be recorded; the talk that follows may be.
    public var mayBeRecorded: Bool
    /// How often the caller is called, at most.
    public var attempts: Int
    /// From one attempt to the next.
    public var every: Duration
    /// The calendar of the hotline in which calls may be made; nil: any time. See `Hotline.nextOpening`.
    public var within: String?
}
