// One contact: what it came to, its recording, and the timeline of its facts.

import Hummingbird
import Store

extension Site {
    func contactPage(_ request: Request, _ context: PageContext) async throws -> Response {
        guard let id = context.parameters.get("contact"), Self.isContactID(id),
            let contact = try await store.contact(id)
        else { throw HTTPError(.notFound) }
        let facts = try await store.facts(id, leavingOut: .quality)
        let values: [String: Any] = [
            "id": id, "caller": caller(contact, context), "recorded": contact.recording != nil,
            "details": details(contact, context),
            "facts": facts.map { line($0, since: contact.began, context) },
        ]
        return page(.init(template: "contact", title: "contact_title", values: values), request, context)
    }

    private func details(_ contact: Contact, _ context: PageContext) -> [[String: Any]] {
        let moments = renderer.moments
        let rows: [(String, String?)] = [
            ("contact_began", moments.minute(contact.began)),
            ("contact_called", contact.called), ("contact_hotline", contact.hotline),
            ("contact_queue", contact.queue), ("contact_consultant", contact.consultantName),
            ("contact_outcome", outcome(contact, context)),
            ("contact_waited", contact.waited.map { Moments.length($0) }),
            ("contact_length", contact.ended.map { Moments.length($0 - contact.began) }),
            ("contact_ended_by", contact.endedBy.map { renderer.texts.word("by", $0, context.language) }),
            ("contact_recording", contact.recordingDuration.map { Moments.length($0) }),
            ("contact_language", contact.language),
            ("contact_tags", contact.tags.isEmpty ? nil : contact.tags.joined(separator: ", ")),
            ("contact_id", contact.id),
        ]
        return rows.compactMap { key, value in
            guard let value, !value.isEmpty else { return nil }
            return ["label": text(key, context), "value": value]
        }
    }

    private func line(_ fact: Fact, since began: Int64, _ context: PageContext) -> [String: Any] {
        // Paths and account numbers tell a reader nothing; a URL that messages are sent to may hold a secret.
        let shown = fact.detail.filter { $0.key != "path" && $0.key != "account" && !$0.key.hasPrefix("send") }
            .sorted { $0.key < $1.key }
        return [
            "time": renderer.moments.second(fact.at), "iso": renderer.moments.machine(fact.at),
            "offset": "+" + Moments.length(fact.at - began),
            "kind": renderer.texts.word("fact", fact.kind.rawValue, context.language),
            "detail": shown.map { key, value in
                [
                    "label": renderer.texts.word("detail", key, context.language),
                    "value": Self.spoken(key, value, context, renderer.texts),
                ]
            },
        ]
    }

    private static func spoken(_ key: String, _ value: String, _ context: PageContext, _ texts: Texts) -> String {
        switch key {
        case "duration", "wait": Int64(value).map { Moments.length($0) } ?? value
        case "typed", "familiar", "mayBeRecorded": texts.word("yesno", value, context.language)
        case "by", "origin", "via", "consent", "leg": texts.word(key, value, context.language)
        case "outcome", "result": texts.word("outcome", value, context.language)
        case "exit": exit(value, context, texts)
        case _: value
        }
    }

    /// `key 4`, `offer key 4`, `if caller is known` or one word: what comes first is said in the reader's language.
    private static func exit(_ label: String, _ context: PageContext, _ texts: Texts) -> String {
        let words = label.split(separator: " ", maxSplits: 1)
        let first = words.first.map { texts.word("exit", String($0), context.language) } ?? ""
        guard let rest = words.dropFirst().first else { return first }
        return "\(first) \(rest.hasPrefix("key ") ? rest.dropFirst(4) : rest)"
    }
}
