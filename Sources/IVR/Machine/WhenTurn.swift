// `when`: which condition holds; the load of queues is asked for first.

import Timing

struct WhenTurn: Sendable {
    let when: WhenStep
    let ticket: Ticket
}

extension IVRMachine {
    private static let measureLimit = Duration.seconds(2)

    mutating func enter(_ when: WhenStep, _ now: Moment, _ actions: inout [Action]) {
        let queues = when.queues
        guard !queues.isEmpty else { return decide(when, [:], now, &actions) }
        let turn = WhenTurn(when: when, ticket: nextTicket())
        state = .measuring(turn)
        deadline = now.instant + Self.measureLimit
        actions.append(.measure(turn.ticket, queues: queues))
    }

    mutating func measured(
        _ ticket: Ticket, _ loads: [String: QueueLoad], _ now: Moment, _ actions: inout [Action]
    ) {
        guard case .measuring(let turn) = state, turn.ticket == ticket else { return }
        decide(turn.when, loads, now, &actions)
    }

    private mutating func decide(
        _ when: WhenStep, _ loads: [String: QueueLoad], _ now: Moment, _ actions: inout [Action]
    ) {
        let branch = when.branches.first { holds($0.condition.test, loads) }
        go(to: branch?.then ?? when.otherwise, now, &actions)
    }

    private func holds(_ test: Condition.Test, _ loads: [String: QueueLoad]) -> Bool {
        switch test {
        case .value(let name, let test): test.holds(value(name))
        case .wait(let queue, let comparison, let limit):
            loads[queue]?.wait.map { comparison.holds($0, limit) } ?? false
        case .ahead(let queue, let comparison, let limit):
            loads[queue].map { comparison.holds($0.ahead, limit) } ?? false
        case .nobody(let queue): loads[queue]?.hasNobody ?? false
        case .full(let queue): loads[queue]?.isFull ?? false
        }
    }

    /// A variable, or what is known of the call itself.
    func value(_ name: String) -> String? {
        switch name {
        case "caller": caller.number
        case "called": caller.called
        case "language": language
        default: values[name]?.text
        }
    }
}
