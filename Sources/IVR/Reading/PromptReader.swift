// `prompts:`

import YAML

struct PromptReader {
    let log: FindingLog
    let languages: [String]
    let surroundings: Surroundings

    func read(_ entry: YAMLEntry) -> PromptText? {
        let what = "prompt \(quoted(entry.key))"
        let reader = MappingReader(entry.value, what, at: entry.keyPosition, log: log)
        guard reader.isMapping else { return nil }
        var prompt = PromptText(name: entry.key, position: entry.keyPosition)
        let notice: Bool? = log.choice(reader.node("notice"), "the notice of \(what)", ["recording": true])
        prompt.isRecordingNotice = notice ?? false
        for language in languages {
            if let node = reader.node(language) { prompt.languages[language] = wording(node, what, language) }
        }
        if let node = reader.node("any") { prompt.any = wording(node, what, nil) }
        for key in reader.keys where ["pl", "en"].contains(key) && !languages.contains(key) {
            guard let entry = reader.entry(key) else { continue }
            log.error(
                "E002", at: entry.keyPosition, "\(what) has a text in \(quoted(key)), which is not in 'languages'")
        }
        reader.finish()
        return prompt
    }

    private func wording(_ node: YAMLNode, _ what: String, _ language: String?) -> Wording? {
        switch node.content {
        case .scalar, .sequence:
            guard let template = template(node, what) else { return nil }
            return Wording(content: .text(template), position: node.position)
        case .mapping(let entries):
            let isForms = entries.contains { $0.key == "count" || PluralForm(rawValue: $0.key) != nil }
            let reader = MappingReader(node, "the text of \(what)", log: log)
            defer { reader.finish() }
            return isForms ? forms(reader, what, language) : recorded(reader, what)
        }
    }

    private func recorded(_ reader: MappingReader, _ what: String) -> Wording? {
        let file = reader.required("file")
        let text = reader.required("text", hint: "the text is spoken while the recording is not there")
        let path = log.text(file, "the file of \(what)")
        if let path, let file { surroundings.check(path, at: file.position, log) }
        guard let template = template(text, what) else { return nil }
        return Wording(content: .text(template), file: path, position: text?.position ?? reader.position)
    }

    private func forms(_ reader: MappingReader, _ what: String, _ language: String?) -> Wording? {
        let countNode = reader.required("count", hint: "count: ahead")
        var count = SpokenValue.ahead
        if let countNode, let name = log.text(countNode, "the count of \(what)") {
            if let value = SpokenValue(rawValue: name), value != .wait {
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
        for form in PluralForm.required(in: language) where !reader.keys.contains(form.rawValue) {
            log.error(
                "E022", at: reader.position,
                "\(what) lacks the form '\(form.rawValue)', which '\(language)' needs for \(examples(form, language))")
        }
        return Wording(
            content: .forms(count: count, zero: zero, forms: forms), position: reader.position)
    }

    private func examples(_ form: PluralForm, _ language: String) -> String {
        let numbers = (1...30).filter { PluralForm.of($0, language: language) == form }.prefix(3)
        return numbers.map(String.init).joined(separator: ", ")
    }

    private func template(_ node: YAMLNode?, _ what: String) -> Template? {
        guard let node, let text = log.text(node, "the text of \(what)") else { return nil }
        let template = Template(text)
        for piece in template.pieces {
            switch piece {
            case .text, .value: continue
            case .unknown(let name):
                let isLater = ["time", "date", "digits", "amount"].contains(String(name.prefix { $0 != ":" }))
                if isLater {
                    log.error("E009", at: node.position, "the value {\(name)} in \(what) is not supported yet")
                } else {
                    log.error(
                        "E026", at: node.position, "\(what) speaks of {\(name.prefix(40))}, which is no value",
                        hint: Similarity.hint(for: name, among: SpokenValue.allCases.map(\.rawValue)))
                }
            }
        }
        return template
    }
}

extension Surroundings {
    /// E024: a recording that cannot be used. Paths stay inside the folder of prompts.
    func check(_ path: String, at position: Position, _ log: FindingLog) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let isInside = !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." } && !path.contains("\0")
        guard isInside else {
            log.error("E024", at: position, "\(quoted(path)) is not a path inside the folder of prompts")
            return
        }
        if let complaint = complaint(path) { log.error("E024", at: position, "the file \(quoted(path)) \(complaint)") }
    }
}
