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
        guard written.utf8.count <= 2_000, written.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        if written == "tickets" {
            self = .tickets
        } else if ["https://", "http://"].contains(where: written.hasPrefix) {
            guard Self.isURL(written) else { return nil }
            self = .url(written)
        } else if Self.isMail(written) {
            self = .mail(written)
        } else {
            return nil
        }
    }

    /// A host without user or password, and nothing that RFC 3986 leaves out; more is checked where it is sent.
    private static func isURL(_ written: String) -> Bool {
        let host = written.drop { $0 != "/" }.dropFirst(2).prefix { $0 != "/" && $0 != "?" }
        return host.first.map { $0.isLetter || $0.isNumber || $0 == "[" } == true
            && host.allSatisfy { $0.isLetter || $0.isNumber || ".-:[]".contains($0) }
            && !written.contains { "#\"<>\\^`{|}".contains($0) }
    }

    /// RFC 5321 §4.1.2: a dot-string at a host's full name. Quoted local parts and letters beyond ASCII are not sent to.
    private static func isMail(_ written: String) -> Bool {
        let parts = written.split(separator: "@", omittingEmptySubsequences: false)
        guard written.utf8.count <= 254, parts.count == 2, parts[0].utf8.count <= 64 else { return false }
        let names = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let labels = parts[1].split(separator: ".", omittingEmptySubsequences: false)
        return labels.count > 1
            && names.allSatisfy {
                !$0.isEmpty && $0.allSatisfy { $0.isLetter || $0.isNumber || "!#$%&'*+-/=?^_`{|}~".contains($0) }
            }
            && labels.allSatisfy {
                (1...63).contains($0.utf8.count) && $0.first != "-" && $0.last != "-"
                    && $0.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
            }
    }
}
