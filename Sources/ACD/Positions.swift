// What waiting callers are told: how many come first, and how long it will take.

import Timing

extension Distributor {
    /// Says what has changed for the ear: a smaller number ahead, another whole minute, or that we can (not) say.
    mutating func announcePositions(_ now: Instant) {
        guard !line.isEmpty else {
            refreshAt = nil
            return
        }
        refreshAt = now + Self.refresh
        let waits = expectedWaits(now)
        var ahead: [String: Int] = [:]
        for id in line {
            guard let entry = entries[id] else { continue }
            let place = ahead[entry.request.queue, default: 0]
            ahead[entry.request.queue] = place + 1
            let told = entry.told
            var next = Entry.Told(
                ahead: min(place, told?.ahead ?? place), wait: waits[id], lowestWait: told?.lowestWait)
            if let wait = next.wait {
                let lowest = min(wait, next.lowestWait ?? wait)
                next.wait = lowest
                next.lowestWait = lowest
            }
            entries[id]?.told = next
            if told?.ahead != next.ahead || minutes(told?.wait) != minutes(next.wait) {
                actions.append(.position(id, ahead: next.ahead, wait: next.wait))
            }
        }
    }

    private func minutes(_ wait: Duration?) -> Int64? { wait.map { ($0.milliseconds + 59_999) / 60_000 } }

    /// Plays the distribution forward: each caller in line takes the agent who becomes free first, for an average
    /// call. Callers of queues about which too little is known, or whom nobody now at work may take, have no expected
    /// wait.
    func expectedWaits(_ now: Instant) -> [EntryID: Duration] {
        guard handlingTimes.values.contains(where: { $0.mean != nil }) else { return [:] }
        // In the order of their numbers: of two who become free at once, always the same one takes the call.
        var working: [Agent] = []
        var free: [Instant] = []
        for agent in agents.values.sorted(by: { $0.id < $1.id }) {
            guard let at = freeAgain(agent, now) else { continue }
            working.append(agent)
            free.append(at)
        }
        var servers: [Wish: [Server]] = [:]
        var waits: [EntryID: Duration] = [:]
        for id in line {
            guard let entry = entries[id] else { continue }
            guard entry.state == .waiting else {
                waits[id] = .zero
                continue
            }
            let wish = Wish(groups: entry.groups, needs: entry.request.needs)
            let able =
                servers[wish]
                ?? working.indices.compactMap { index in
                    working[index].wait(for: entry).map { Server(index: index, wait: $0) }
                }
            servers[wish] = able
            func start(_ server: Server) -> Instant { max(free[server.index], entry.enteredAt + server.wait) }
            guard let handling = handlingTimes[entry.request.queue]?.mean,
                let first = able.min(by: { start($0) < start($1) })
            else { continue }
            waits[id] = max(start(first) - now, .zero)
            free[first.index] = max(start(first), now) + handling
        }
        return waits
    }

    private struct Wish: Hashable {
        let groups: Set<String>
        let needs: Needs
    }

    /// One of those at work who may take a caller, `wait` after that one came.
    private struct Server {
        let index: Int
        let wait: Duration
    }

    /// When the agent will take the next call; nil for one who is not at work.
    private func freeAgain(_ agent: Agent, _ now: Instant) -> Instant? {
        guard agent.afterTalk == nil else { return nil }
        switch agent.state {
        case .ready: return now
        case .offered(let entry, _, _): return now + handling(of: entry)
        case .talking(let entry, let since, _):
            let handling = handling(of: entry)
            // A talk past the average may end any minute, but not this second.
            return now + max(handling - (now - since), .nanoseconds(handling.nanoseconds / 4))
        case .wrapUp(let until, _): return until
        case .onBreak, .lost: return nil
        }
    }

    /// For a queue of which too little is known: the mean of the others.
    private func handling(of id: EntryID) -> Duration {
        if let queue = entries[id]?.request.queue, let mean = handlingTimes[queue]?.mean { return mean }
        let means = handlingTimes.values.compactMap(\.mean)
        return means.isEmpty ? .zero : .nanoseconds(means.reduce(0) { $0 + $1.nanoseconds } / Int64(means.count))
    }
}
