// What the language knows and the server that will load the file cannot perform.

import YAML

/// Refuses by name what would leave a caller's words where nobody gets them.
struct ServedProof {
    let hotline: Hotline
    let unserved: Set<Unserved>
    let log: FindingLog

    func run() {
        guard unserved.contains(.mail) else { return }
        for mailbox in hotline.mailboxes.values {
            guard case .mail = mailbox.destination else { continue }
            log.error(
                "E009", at: mailbox.position,
                "mailbox \(quoted(mailbox.name)) sends by mail, and this server has no mail server to give it to",
                hint: "set 'mail: host' in the server's configuration, or write 'to: tickets'")
        }
    }
}

/// Parts of the language that a server may be unable to perform.
public enum Unserved: String, Sendable, Hashable, CaseIterable {
    /// No mail server is configured.
    case mail
}
