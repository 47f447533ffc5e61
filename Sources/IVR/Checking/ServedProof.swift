// What the language knows and this server does not perform yet.

import YAML

/// Refuses by name what would leave a caller waiting for something that never comes.
struct ServedProof {
    let hotline: Hotline
    let unserved: Set<Unserved>
    let log: FindingLog

    func run() {
        for step in hotline.steps.values {
            if let kind = Unserved(rawValue: step.kind.word) { refuse(kind, at: step.position) }
            if case .queue(let queue) = step.kind, queue.busy != nil { refuse(.busy, at: step.position) }
        }
        for queue in hotline.queues.values {
            if queue.strategy != .longestIdle { refuse(.strategies, at: queue.agentsPosition) }
            if !queue.overflow.isEmpty { refuse(.overflow, at: queue.agentsPosition) }
        }
    }

    private func refuse(_ what: Unserved, at position: Position) {
        guard unserved.contains(what) else { return }
        log.error("E009", at: position, "\(what.sentence) not supported by this server yet")
    }
}

/// Parts of the language that a server may lack.
public enum Unserved: String, Sendable, Hashable, CaseIterable {
    // Steps, by their word.
    case callback, voicemail, transfer, lookup
    // Of queues.
    case busy, overflow, strategies

    fileprivate var sentence: String {
        switch self {
        case .callback, .voicemail, .transfer, .lookup: "'\(rawValue)' steps are"
        case .busy, .overflow: "'\(rawValue)' is"
        case .strategies: "strategies but 'longest-idle' are"
        }
    }
}
