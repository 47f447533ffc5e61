// One agent, as the distributor keeps it.

import Timing

struct Agent: Sendable {
    /// A talk whose length will be learned when its wrap-up ends.
    struct Work: Sendable {
        let queue: String
        let began: Instant
    }

    /// A break that begins when the present talk is over.
    struct Pause: Sendable {
        let reason: String?
    }

    /// What a lost agent comes back to.
    enum Before: Sendable {
        case ready(since: Instant)
        case talking(EntryID, since: Instant)
        case wrapUp(until: Instant, Work?)
        case onBreak(reason: String?, since: Instant)
    }

    /// The same states as `AgentState`, with what each needs to go on. An agent who is offline is not kept.
    enum State: Sendable {
        case ready(since: Instant)
        case offered(EntryID, until: Instant, readySince: Instant)
        case talking(EntryID, since: Instant, heldSince: Instant?)
        case wrapUp(until: Instant, Work?)
        case onBreak(reason: String?, since: Instant)
        case lost(Before, until: Instant)
    }

    let id: AgentID
    /// Those whose calls the agent is asked for first come first.
    var groups: [String]
    var skills: Skills
    var state: State
    var afterTalk: Pause?
    var unansweredInARow = 0

    /// How long after the caller came this agent may first be asked; nil: never.
    func wait(for entry: Entry) -> Duration? {
        isOfGroup(entry) ? entry.request.needs.wait(for: skills) : nil
    }

    func isOfGroup(_ entry: Entry) -> Bool { groups.contains(where: entry.groups.contains) }

    /// Since when the agent is free for an offer; nil while not.
    var freeSince: Instant? {
        if case .ready(let since) = state { since } else { nil }
    }

    /// At work with somebody else, but soon free.
    var isBusy: Bool {
        switch state {
        case .offered, .talking, .wrapUp: true
        case .ready, .onBreak, .lost: false
        }
    }

    /// When this state ends by itself.
    var deadline: Instant? {
        switch state {
        case .offered(_, let until, _), .wrapUp(let until, _), .lost(_, let until): until
        case .ready, .talking, .onBreak: nil
        }
    }

    var shown: AgentState {
        switch state {
        case .ready(let since): .ready(since: since)
        case .offered(let entry, let until, _): .offered(entry, until: until)
        case .talking(let entry, let since, nil): .talking(entry, since: since)
        case .talking(let entry, _, let heldSince?): .hold(entry, since: heldSince)
        case .wrapUp(let until, _): .wrapUp(until: until)
        case .onBreak(let reason, let since): .onBreak(reason: reason, since: since)
        case .lost(.talking(let entry, _), let until): .lost(entry, until: until)
        case .lost(_, let until): .lost(nil, until: until)
        }
    }
}
