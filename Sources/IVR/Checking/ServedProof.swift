// What the language knows and this server does not perform yet.

import YAML

/// Refuses by name what would leave a caller waiting for something that never comes.
struct ServedProof {
    let hotline: Hotline
    let unserved: Set<Unserved>
    let log: FindingLog

    func run() {
        for mailbox in hotline.mailboxes.values where mailbox.destination != .tickets {
            refuse(.mailboxAddresses, at: mailbox.position)
        }
    }

    private func refuse(_ what: Unserved, at position: Position) {
        guard unserved.contains(what) else { return }
        log.error("E009", at: position, "\(what.sentence) not supported by this server yet")
    }
}

/// Parts of the language that a server may lack.
public enum Unserved: String, Sendable, Hashable, CaseIterable {
    case mailboxAddresses

    fileprivate var sentence: FindingText {
        switch self {
        case .mailboxAddresses: "mailboxes but those with 'to: tickets' are"
        }
    }
}
