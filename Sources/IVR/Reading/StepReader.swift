// `steps:`

import YAML

struct StepReader {
    let log: FindingLog
    let languages: [String]

    private static let kinds = ["say", "menu", "hours", "queue", "hangup"]
    private static let laterKinds = ["ask", "when", "callback", "voicemail", "survey", "transfer", "lookup"]

    func read(_ entry: YAMLEntry) -> Step? {
        let what = "step \(quoted(entry.key))"
        let reader = MappingReader(entry.value, what, at: entry.keyPosition, log: log)
        return Step(name: entry.key, position: entry.keyPosition, kind: kind(reader))
    }

    private func kind(_ reader: MappingReader) -> StepKind {
        guard reader.isMapping else { return .unknown }
        if let entry = Self.laterKinds.lazy.compactMap({ reader.entry($0) }).first {
            log.error("E009", at: entry.keyPosition, "steps of kind '\(entry.key)' are not supported yet")
            return .unknown
        }
        let found = reader.keys.filter { Self.kinds.contains($0) }
        guard let kind = found.first else {
            let hint = reader.keys.lazy.compactMap { Similarity.hint(for: $0, among: Self.kinds + Self.laterKinds) }
                .first
            log.error(
                "E004", at: reader.position, "\(reader.what) has no kind (say, menu, hours, queue, hangup)", hint: hint)
            return .unknown
        }
        guard found.count == 1 else {
            let names = found.map { "'\($0)'" }.joined(separator: " and ")
            log.error("E002", at: reader.position, "\(reader.what) is \(names); a step is of one kind")
            return .unknown
        }
        switch kind {
        case "say": return .say(say(reader))
        case "menu": return .menu(menu(reader))
        case "hours": return .hours(hours(reader))
        case "queue": return .queue(queue(reader))
        default:
            let prompts = references(reader, "hangup")
            reader.finish()
            return .hangup(prompts: prompts)
        }
    }

    private func say(_ reader: MappingReader) -> SayStep {
        let interruptible = log.flag(
            reader.node("interruptible"), "'interruptible' of \(reader.what)", yes: "yes", no: "no")
        let step = SayStep(
            prompts: references(reader, "say"), interruptible: interruptible ?? true,
            language: language(reader.node("language"), reader.what), then: exit(reader, "then", missing: "E004"))
        reader.finish()
        return step
    }

    private func menu(_ reader: MappingReader) -> MenuStep {
        let what = reader.what
        let seconds = Duration.seconds(1)...Duration.seconds(60)
        let keys = reader.required("keys").map { MappingReader($0, "'keys' of \(what)", log: log) }
        if let keys, keys.isMapping, keys.keys.isEmpty {
            log.error("E004", at: keys.position, "\(what) has no key to press")
        }
        let step = MenuStep(
            prompt: references(reader, "menu").first, keys: (keys?.all ?? []).compactMap { key($0, what) },
            tries: log.integer(reader.node("tries"), "'tries' of \(what)", in: 1...9) ?? 3,
            timeout: log.duration(reader.node("timeout"), "'timeout' of \(what)", in: seconds) ?? .seconds(6),
            betweenKeys: log.duration(reader.node("between_keys"), "'between_keys' of \(what)", in: seconds)
                ?? .seconds(2),
            onSilence: reader.entry("on_silence").flatMap { reference($0.value, "'on_silence' of \(what)") },
            onWrong: reader.entry("on_wrong").flatMap { reference($0.value, "'on_wrong' of \(what)") },
            otherwise: exit(reader, "otherwise", missing: "E030", hint: "where a caller goes after the last try"))
        reader.finish()
        return step
    }

    private func key(_ entry: YAMLEntry, _ menu: String) -> MenuKey? {
        let isKey =
            (1...8).contains(entry.key.count) && entry.key.allSatisfy { $0.isASCIIDigit || $0 == "*" || $0 == "#" }
        guard isKey else {
            log.error("E005", at: entry.keyPosition, "\(quoted(entry.key)) in \(menu) is no key (0-9, \"*\", \"#\")")
            return nil
        }
        let what = "key \(entry.key) of \(menu)"
        switch entry.value.content {
        case .scalar, .sequence:
            let step = log.text(entry.value, what)
            return MenuKey(
                digits: entry.key, position: entry.keyPosition,
                then: step.map { Exit(step: $0, position: entry.keyPosition) })
        case .mapping:
            let reader = MappingReader(entry.value, what, at: entry.keyPosition, log: log)
            let key = MenuKey(
                digits: entry.key, position: entry.keyPosition, then: exit(reader, "then", missing: "E004"),
                language: language(reader.node("language"), what),
                record: log.flag(reader.node("record"), "'record' of \(what)"),
                tag: log.name(reader.node("tag"), "the tag of \(what)"))
            reader.finish()
            return key
        }
    }

    private func hours(_ reader: MappingReader) -> HoursStep {
        let step = HoursStep(
            calendar: references(reader, "hours").first, open: exit(reader, "open", missing: "E004"),
            closed: exit(reader, "closed", missing: "E004"), holiday: exit(reader, "holiday"))
        reader.finish()
        return step
    }

    private func queue(_ reader: MappingReader) -> QueueStep {
        let step = QueueStep(
            queue: references(reader, "queue").first,
            priority: log.integer(reader.node("priority"), "'priority' of \(reader.what)", in: 0...9),
            skills: (log.list(reader.node("skills"), "'skills' of \(reader.what)") ?? []).compactMap {
                log.name($0, "a skill")
            },
            full: exit(reader, "full"), nobody: exit(reader, "nobody", missing: "E053"),
            timeout: exit(reader, "timeout", missing: "E053"), afterCall: exit(reader, "after_call"))
        reader.finish(later: ["busy", "keys"])
        return step
    }

    /// An exit; reported under `missing` when it is not there, nil: it may be missing.
    private func exit(
        _ reader: MappingReader, _ key: String, missing: String? = nil, hint: String? = nil
    ) -> Exit? {
        let node = missing.map { reader.required(key, code: $0, hint: hint) } ?? reader.node(key)
        guard let node, let step = log.text(node, "'\(key)' of \(reader.what)") else { return nil }
        return Exit(step: step, position: reader.entry(key)?.keyPosition ?? node.position)
    }

    /// The names after the kind: several for `say` and `hangup`, one for the others.
    private func references(_ reader: MappingReader, _ kind: String) -> [Reference] {
        guard let node = reader.node(kind) else { return [] }
        let what = "'\(kind)' of \(reader.what)"
        let references = (log.list(node, what) ?? []).compactMap { reference($0, what) }
        if references.count > 1, kind != "say", kind != "hangup" {
            log.error("E005", at: node.position, "\(what) is a list; one name is expected")
        }
        return references
    }

    private func reference(_ node: YAMLNode, _ what: String) -> Reference? {
        log.text(node, what).map { Reference(name: $0, position: node.position) }
    }

    private func language(_ node: YAMLNode?, _ what: String) -> String? {
        guard let node, let language = log.text(node, "the language of \(what)") else { return nil }
        if languages.contains(language) { return language }
        log.error(
            "E005", at: node.position,
            "\(quoted(language)) is not one of the hotline's languages (\(languages.joined(separator: ", ")))")
        return nil
    }
}
