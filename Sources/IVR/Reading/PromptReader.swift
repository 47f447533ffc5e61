// `prompts:`

import YAML

struct PromptReader {
    let log: FindingLog
    let languages: [String]
    let surroundings: Surroundings

    func read(_ entry: YAMLEntry) -> PromptText? {
        let what: FindingText = "prompt \(quoted(entry.key))"
        let reader = SectionReader(entry.value, LanguageTable.prompt, what, at: entry.keyPosition, log: log)
        guard reader.isMapping else { return nil }
        var prompt = PromptText(name: entry.key, position: entry.keyPosition)
        let notice: Bool? = log.choice(reader.node("notice"), "the notice of \(what)", ["recording": true])
        prompt.isRecordingNotice = notice ?? false
        for language in languages {
            if let entry = reader.mapping.entry(language) {
                prompt.languages[language] = wording(entry, what, language)
            }
        }
        if let entry = reader.mapping.entry("any") { prompt.any = wording(entry, what, nil) }
        for key in ["pl", "en"] where !languages.contains(key) {
            guard let entry = reader.mapping.entry(key) else { continue }
            log.error(
                "E002", at: entry.keyPosition, "\(what) has a text in \(quoted(key)), which is not in 'languages'")
        }
        reader.finish()
        return prompt
    }

    private func wording(_ entry: YAMLEntry, _ what: FindingText, _ language: String?) -> Wording? {
        let node = entry.value
        switch node.content {
        case .scalar, .sequence:
            guard let template = template(node, what) else { return nil }
            return Wording(content: .text(template), position: node.position)
        case .mapping(let entries):
            let isForms = entries.contains { $0.key == "count" || PluralForm(rawValue: $0.key) != nil }
            let reader = SectionReader(
                node, isForms ? LanguageTable.forms : LanguageTable.recorded, "the text of \(what)",
                at: entry.keyPosition, log: log)
            defer { reader.finish() }
            return isForms ? forms(reader, what, language) : recorded(reader, what)
        }
    }

    private func recorded(_ reader: SectionReader, _ what: FindingText) -> Wording? {
        let file = reader.node("file")
        let text = reader.node("text")
        let path = log.text(file, "the file of \(what)")
        if let path, let file { surroundings.check(path, longest: Surroundings.longestPrompt, at: file.position, log) }
        guard let template = template(text, what) else { return nil }
        return Wording(content: .text(template), file: path, position: text?.position ?? reader.position)
    }

    private func forms(_ reader: SectionReader, _ what: FindingText, _ language: String?) -> Wording? {
        let countNode = reader.node("count")
        var count = SpokenValue(.plain, "ahead")
        if let countNode, let name = log.text(countNode, "the count of \(what)") {
            if let value = SpokenValue(name), value.form == .plain, value.name != "wait" {
                count = value
            } else {
                log.error(
                    "E026", at: countNode.position, "\(quoted(name)) is no value that counts",
                    hint: Similarity.hint(for: name, among: ["ahead", "position"]) ?? "ahead and position are")
            }
        }
        let zero = reader.node("zero").flatMap { template($0, what) }
        var forms: [PluralForm: Template] = [:]
        let language = language ?? languages[0]
        for form in PluralForm.permitted(in: language) {
            forms[form] = reader.node(form.rawValue).flatMap { template($0, what) }
        }
        for form in PluralForm.required(in: language) where !reader.has(form.rawValue) {
            log.error(
                "E022", at: reader.position,
                "\(what) lacks the form '\(form.rawValue)', which '\(language)' needs for \(examples(form, language))")
        }
        return Wording(
            content: .forms(count: count, zero: zero, forms: forms), position: reader.position,
            countPosition: countNode?.position)
    }

    private func examples(_ form: PluralForm, _ language: String) -> String {
        let numbers = (1...30).filter { PluralForm.of($0, language: language) == form }.prefix(3)
        return numbers.map(String.init).joined(separator: ", ")
    }

    private func template(_ node: YAMLNode?, _ what: FindingText) -> Template? {
        guard let node, let text = log.text(node, "the text of \(what)") else { return nil }
        let template = Template(text, at: node.position)
        for piece in template.pieces {
            switch piece {
            case .text, .value: continue
            case .unknown(let name):
                let form = String(name.prefix { $0 != ":" })
                let forms = SpokenValue.Form.words.filter { $0 != "plain" }
                log.error(
                    "E026", at: log.source.position(of: "{\(name)}", after: node.position),
                    "\(what) speaks of {\(name.prefix(40))}, which is no value",
                    hint: name.contains(":") ? Similarity.hint(for: form, among: forms) : nil)
            }
        }
        return template
    }
}

extension Surroundings {
    /// The machine waits somewhat longer than this for a prompt to end.
    static let longestPrompt = Duration.seconds(60)

    /// E024: a recording that cannot be used. Paths stay inside the folder of prompts. Music may be of any length.
    func check(_ path: String, longest: Duration?, at position: Position, _ log: FindingLog) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isInside = !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." } && !path.contains("\0")
        guard isInside else {
            log.error("E024", at: position, "\(quoted(path)) is not a path inside the folder of prompts")
            return
        }
        if let complaint = complaint(path) {
            log.error("E024", at: position, complaint)
        } else if let longest, let length = length(path), length > longest {
            log.error(
                "E024", at: position,
                "the file \(quoted(path)) is \(length.words) long; at most \(longest.words) are played to a caller in one go"
            )
        }
    }
}
