// `recording:` and `mailboxes:`: what is kept of callers' voices.

import YAML

struct RecordingReader {
    let log: FindingLog

    func read(_ node: YAMLNode?) -> RecordingPolicy {
        var policy = RecordingPolicy()
        guard let node else { return policy }
        let reader = SectionReader(node, LanguageTable.recording, .name("'recording'"), log: log)
        guard reader.isMapping else { return policy }
        policy.byDefault = reader.flag("default") ?? false
        policy.from = reader.word("from") ?? .answer
        policy.tracks = reader.word("tracks") ?? .stereo
        policy.export = reader.words("export") ?? policy.export
        policy.keep = reader.duration("keep")
        policy.pause = reader.words("pause") ?? []
        reader.finish()
        return policy
    }
}

struct MailboxReader {
    let log: FindingLog

    func read(_ entry: YAMLEntry) -> Mailbox? {
        let what: FindingText = "mailbox \(quoted(entry.key))"
        let reader = SectionReader(entry.value, LanguageTable.mailbox, what, at: entry.keyPosition, log: log)
        guard reader.isMapping else { return nil }
        defer { reader.finish() }
        var destination = Mailbox.Destination.tickets
        if let node = reader.node("to"), let written = log.text(node, reader.named("to")) {
            if let known = Mailbox.Destination(written) {
                destination = known
            } else {
                log.error(
                    "E005", at: node.position, "\(reader.named("to")) is \(quoted(written))",
                    hint: Similarity.hint(for: written, among: ["tickets"])
                        ?? "tickets, an address of mail, or https://…")
            }
        }
        return Mailbox(
            name: entry.key, destination: destination, max: reader.duration("max") ?? .seconds(180),
            keep: reader.duration("keep"), position: entry.keyPosition)
    }
}

extension Mailbox.Destination {
    /// Nil for what is none of them.
    fileprivate init?(_ written: String) {
        let isPlain = written.utf8.count <= 300 && !written.contains { $0.isWhitespace || $0 == "\"" || $0 == "<" }
        guard isPlain else { return nil }
        let parts = written.split(separator: "@", omittingEmptySubsequences: false)
        if written == "tickets" {
            self = .tickets
        } else if written.hasPrefix("https://") || written.hasPrefix("http://"),
            let host = written.split(separator: "/").dropFirst().first,
            host.first?.isLetter ?? false
                || host.first?.isNumber ?? false
        {
            self = .url(written)
        } else if parts.count == 2, !parts[0].isEmpty, parts[1].contains("."), parts[1].first != ".",
            parts[1].last != "."
        {
            self = .mail(written)
        } else {
            return nil
        }
    }
}
