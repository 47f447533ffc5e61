// What an agent does now, as pages and boards show it.

public import Timing

/// Where an agent stands. `since` and `until` are on the clock of the distributor's `now`.
public enum AgentState: Sendable, Equatable {
    /// Not logged in. Goes to: onBreak, by arriving.
    case offline
    /// Waits for a call. Goes to: offered, onBreak, lost, offline.
    case ready(since: Instant)
    /// The phone rings. Goes to: talking (accepted), ready (rejected, caller left), onBreak (not answered), lost,
    /// offline.
    case offered(EntryID, until: Instant)
    /// Goes to: hold, wrapUp, ready, onBreak, lost, offline.
    case talking(EntryID, since: Instant)
    /// The caller hears music. Goes to: talking, wrapUp, ready, onBreak, lost, offline.
    case hold(EntryID, since: Instant)
    /// Goes to: ready, onBreak, lost, offline.
    case wrapUp(until: Instant)
    /// Logged in, but gets no offers; so begins each log-in. Goes to: ready, lost, offline.
    case onBreak(reason: String?, since: Instant)
    /// The connection is gone; an entry is named when its caller waits for this agent. Goes to: what it was, offline.
    case lost(EntryID?, until: Instant)

    /// The reason for the break of an agent who let a call ring out in a queue that pauses such agents.
    public static let noAnswer = "no-answer"
}
