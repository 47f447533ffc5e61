// An immutable picture for boards.

public import Timing

/// Queues and agents at one instant.
public struct DistributorSnapshot: Sendable, Equatable {
    public struct Waiting: Sendable, Equatable {
        public let entry: EntryID
        public let priority: Int
        /// When the caller came into this queue.
        public let since: Instant
        /// The agents whose phones ring for this caller, by number.
        public let offeredTo: [AgentID]
    }

    public struct Queue: Sendable, Equatable {
        public let name: String
        /// In the order of service.
        public let waiting: [Waiting]
        /// Agents of this queue who are free now.
        public let ready: Int
    }

    public struct Agent: Sendable, Equatable {
        public let id: AgentID
        public let groups: [String]
        public let skills: Skills
        public let state: AgentState
    }

    /// By name; also those which new rules removed while callers still wait in them.
    public let queues: [Queue]
    /// By number.
    public let agents: [Agent]
}

extension Distributor {
    public func snapshot() -> DistributorSnapshot {
        var rules = queues
        for entry in entries.values where rules[entry.request.queue] == nil { rules[entry.request.queue] = entry.rules }
        let inLine = Dictionary(grouping: line.compactMap { entries[$0] }) { $0.request.queue }
        return DistributorSnapshot(
            queues: rules.values.sorted { $0.name < $1.name }.map { rules in
                DistributorSnapshot.Queue(
                    name: rules.name,
                    waiting: (inLine[rules.name] ?? []).map(waiting),
                    ready: agents.values.count { $0.freeSince != nil && $0.groups.contains(rules.agents) })
            },
            agents: agents.values.sorted { $0.id < $1.id }.map {
                DistributorSnapshot.Agent(id: $0.id, groups: $0.groups, skills: $0.skills, state: $0.shown)
            })
    }

    /// What the agent does now; `offline` for one who is not logged in.
    public func state(of agent: AgentID) -> AgentState { agents[agent]?.shown ?? .offline }

    private func waiting(_ entry: Entry) -> DistributorSnapshot.Waiting {
        let ringing: [AgentID] = if case .offered(let agents) = entry.state { agents.sorted() } else { [] }
        return DistributorSnapshot.Waiting(
            entry: entry.id, priority: entry.request.priority, since: entry.enteredAt, offeredTo: ringing)
    }
}
