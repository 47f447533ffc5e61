// The whole file: top-level keys, then one reader for each section.

import YAML

/// Nodes → an unproved hotline. Everything that one place alone can tell wrong is reported here.
struct HotlineReader {
    let log: FindingLog
    let surroundings: Surroundings

    /// Nil when there is nothing to go on with.
    func read(_ root: YAMLNode) -> Hotline? {
        let file = SectionReader(root, LanguageTable.file, "a hotline file", log: log)
        guard file.isMapping else { return nil }
        readVersion(file.node("hotline"))
        let name = log.name(file.node("name"), "the hotline's name") ?? ""
        let title = log.text(file.node("title"), "the title")
        let zone = readZone(file.node("timezone"))
        let languages = readLanguages(file.node("languages"))
        let numbers = file.node("numbers")
        let start = file.node("start")
        let prompts = PromptReader(log: log, languages: languages, surroundings: surroundings)
        let calendars = CalendarReader(log: log, today: zone.local(surroundings.unixMilliseconds).date)
        let steps = StepReader(log: log, languages: languages)
        let queues = QueueReader(log: log, languages: languages, surroundings: surroundings)
        let known = readNumbers(numbers)
        let spoken = takes(section(file, "prompts", prompts.read), hotline: name, languages)
        let hotline = Hotline(
            name: name, title: title ?? name, timeZone: zone.identifier, languages: languages,
            numbers: known, recording: RecordingReader(log: log).read(file.node("recording")),
            queues: section(file, "queues", queues.read),
            mailboxes: section(file, "mailboxes", MailboxReader(log: log).read),
            numbersPosition: numbers?.position ?? .start, file: log.source.file, text: log.source.text,
            zone: zone,
            calendars: section(file, "calendars", calendars.read), prompts: spoken,
            steps: section(file, "steps", steps.read),
            start: Exit(step: log.text(start, "the start") ?? "", position: start?.position ?? .start),
            tests: TestReader(log: log, zone: zone).read(file.node("tests")),
            outline: HotlineOutline(root, numbers: known, prompts: spoken))
        file.finish()
        return hotline
    }

    /// The prompts with what the studio recorded of them.
    private func takes(
        _ prompts: [String: PromptText], hotline: String, _ languages: [String]
    ) -> [String: PromptText] {
        prompts.mapValues { prompt in
            var prompt = prompt
            for language in languages where prompt.wording(in: language)?.isFixed == true {
                let place = PromptPlace(hotline: hotline, prompt: prompt.name, language: language)
                prompt.takes[language] = surroundings.take(place)
            }
            return prompt
        }
    }

    private func readVersion(_ node: YAMLNode?) {
        guard let node, let version = log.text(node, "the version"), version != "1" else { return }
        log.error("E005", at: node.position, "version \(quoted(version)) of the hotline language is not known; it is 1")
    }

    private func readZone(_ node: YAMLNode?) -> LocalZone {
        if let node, let name = log.text(node, "the time zone") {
            if let zone = LocalZone(identifier: name) { return zone }
            log.error(
                "E005", at: node.position, "there is no time zone \(quoted(name))",
                hint: "a place, such as Europe/Warsaw")
        }
        return LocalZone.utc
    }

    private func readLanguages(_ node: YAMLNode?) -> [String] {
        var languages: [String] = []
        for element in log.list(node, "the languages") ?? [] {
            guard let language = log.text(element, "a language") else { continue }
            if !["pl", "en"].contains(language) {
                log.error("E009", at: element.position, "language \(quoted(language)) is not supported yet; pl, en are")
            } else if languages.contains(language) {
                log.error("E003", at: element.position, "language \(quoted(language)) is given twice")
            } else {
                languages.append(language)
            }
        }
        return languages.isEmpty ? ["pl"] : languages
    }

    private func readNumbers(_ node: YAMLNode?) -> [String] {
        var numbers: [String] = []
        for element in log.list(node, "the numbers") ?? [] {
            guard let written = log.text(element, "a number") else { continue }
            guard let number = PhoneNumber.normalised(written) else {
                log.error(
                    "E005", at: element.position, "\(quoted(written)) is not a telephone number",
                    hint: "as one dials it from abroad: +48 22 000 00 01")
                continue
            }
            if number.hasPrefix("+48"), number.count != 12 {
                log.error(
                    "E005", at: element.position,
                    "\(quoted(written)) has \(number.count - 3) digits after +48; nine are expected")
            }
            if numbers.contains(number) {
                log.error("E003", at: element.position, "number \(number) is given twice")
            } else {
                numbers.append(number)
            }
        }
        return numbers
    }

    /// A mapping of names to entries, each read by `read`.
    private func section<Value>(
        _ file: SectionReader, _ key: String, _ read: (YAMLEntry) -> Value?
    ) -> [String: Value] {
        guard let node = file.node(key) else { return [:] }
        var values: [String: Value] = [:]
        for entry in MappingReader(node, "'\(key)'", log: log).all {
            log.checkName(entry.key, at: entry.keyPosition)
            values[entry.key] = read(entry)
        }
        return values
    }
}

extension FindingLog {
    /// A text that can serve as a name.
    func name(_ node: YAMLNode?, _ what: FindingText) -> String? {
        guard let node, let name = text(node, what) else { return nil }
        checkName(name, at: node.position)
        return name
    }

    func checkName(_ name: String, at position: Position) {
        let isName = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        guard !isName || name.count > 60 else { return }
        error("E005", at: position, "\(quoted(name)) is no name; a name is of letters, digits, - and _")
    }
}
