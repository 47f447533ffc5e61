// Why a call rings at one agent and not at another: the choice as it was made.

import Timing

/// The agents of a caller's groups at the moment of one offer.
public struct Choice: Sendable, Equatable {
    /// Why an agent of the groups was not asked.
    public enum Reason: Sendable, CaseIterable {
        /// Free, and asked after the chosen one.
        case later
        /// The call rings there too.
        case alsoRinging
        /// Did not take this call a moment ago.
        case asked
        /// Lacks a skill that the caller needs by now.
        case unskilled
        case ringing, talking, wrapUp, onBreak, lost
    }

    public let strategy: QueueRules.Strategy
    /// The caller's, as grown by then: it decides between callers.
    public let priority: Int
    /// The chosen one lacks a skill that was asked for at first: after this wait that was enough.
    public let relaxedAfter: Duration?
    /// The chosen one spoke with this caller before.
    public let isFamiliar: Bool
    public let chosen: AgentID
    /// `later` and `alsoRinging` in the order in which they would be asked, the others in the order of their numbers.
    public let others: [Reason: [AgentID]]
}

extension Distributor {
    /// Why the call last rang where it did; nil before the first offer and when the caller is gone.
    public func choice(of entry: EntryID) -> Choice? { entries[entry]?.choice }

    /// `order`: those who may take the call now, whom the strategy asks first at the beginning.
    func choice(_ chosen: AgentID, for entry: Entry, order: [AgentID], _ now: Instant) -> Choice {
        var others: [Choice.Reason: [AgentID]] = [:]
        let later = order.filter { $0 != chosen }
        if !later.isEmpty { others[entry.rules.strategy == .ringAll ? .alsoRinging : .later] = later }
        for agent in agents.values.sorted(by: { $0.id < $1.id })
        where !order.contains(agent.id) && agent.isOfGroup(entry) {
            let reason: Choice.Reason =
                switch agent.state {
                case .ready: agent.wait(for: entry).map { entry.enteredAt + $0 <= now } == true ? .asked : .unskilled
                case .offered: .ringing
                case .talking: .talking
                case .wrapUp: .wrapUp
                case .onBreak: .onBreak
                case .lost: .lost
                }
            others[reason, default: []].append(agent.id)
        }
        let wait = agents[chosen]?.wait(for: entry)
        return Choice(
            strategy: entry.rules.strategy, priority: entry.priority(now),
            relaxedAfter: wait == .zero ? nil : wait,
            isFamiliar: entry.request.familiar?.agent == chosen, chosen: chosen, others: others)
    }
}
