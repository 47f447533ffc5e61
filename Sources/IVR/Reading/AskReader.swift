// `ask` steps and the names of variables.

import YAML

struct AskReader {
    let log: FindingLog

    func read(_ reader: SectionReader) -> AskStep {
        let check: DigitCheck? = reader.word("check")
        let wanted = WantedDigits(
            prompt: reader.reference("ask"), count: count(reader, check), end: end(reader), check: check,
            tries: reader.integer("tries") ?? 3, timeout: reader.duration("timeout") ?? .seconds(8),
            betweenKeys: reader.duration("between_keys") ?? .seconds(4), onSilence: reader.reference("on_silence"),
            onWrong: reader.reference("on_wrong"))
        return AskStep(
            wanted: wanted, into: log.variable(reader.node("into"), reader.named("into")),
            isSecret: reader.flag("secret") ?? false, then: reader.exit("then"), otherwise: reader.exit("otherwise"))
    }

    /// `4-10`, `6`; without it what the check needs.
    private func count(_ reader: SectionReader, _ check: DigitCheck?) -> ClosedRange<Int> {
        let usual = check.map { ($0.counts.min() ?? 1)...($0.counts.max() ?? 1) }
        guard let node = reader.node("digits") else {
            return usual ?? 1...20
        }
        guard let text = log.text(node, reader.named("digits")) else { return usual ?? 1...20 }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { part in
            Int(part.filter { $0 != " " }) ?? 0
        }
        guard (1...2).contains(ends.count), let from = ends.first, let to = ends.last, 1 <= from, from <= to, to <= 32
        else {
            log.error(
                "E005", at: node.position,
                "\(reader.named("digits")) is \(quoted(text)); 6 or 4-10 is expected (at most 32)")
            return usual ?? 1...20
        }
        if let check, !check.counts.contains(where: (from...to).contains) {
            let counts = FindingText.either(check.counts.map(String.init))
            log.error(
                "E005", at: node.position, "\(reader.named("digits")) is \(text), but '\(check.rawValue)' has \(counts)"
            )
        }
        return from...to
    }

    private func end(_ reader: SectionReader) -> Character? {
        guard let node = reader.node("end") else { return "#" }
        switch log.choice(node, reader.named("end"), ["#": "#", "*": "*", "none": "none"]) {
        case "none"?: return nil
        case "*"?: return "*"
        default: return "#"
        }
    }
}

extension FindingLog {
    /// A name that a value can be kept under.
    func variable(_ node: YAMLNode?, _ what: FindingText) -> String? {
        guard let node, let name = name(node, what) else { return nil }
        guard !SpokenValue.reserved.contains(name) else {
            error(
                "E005", at: node.position, "\(what) is \(quoted(name)), a value that every call has; take another name")
            return nil
        }
        return name
    }
}

/// `survey` steps.
struct SurveyReader {
    let log: FindingLog

    func read(_ reader: SectionReader) -> SurveyStep {
        let nodes = reader.list("questions")
        let questions = nodes.compactMap { question($0, reader.what) }
        var seen: [String: Int] = [:]
        for question in questions {
            if let line = seen[question.name] {
                log.error(
                    "E003", at: question.position,
                    "question \(quoted(question.name)) is given twice; the first one is on line \(line)")
            }
            seen[question.name] = seen[question.name] ?? question.position.line
        }
        return SurveyStep(name: reader.name("survey") ?? "", questions: questions, then: reader.exit("then"))
    }

    private func question(_ node: YAMLNode, _ survey: FindingText) -> SurveyStep.Question? {
        let reader = SectionReader(node, StepTable.question, "a question of \(survey)", log: log)
        guard reader.isMapping else { return nil }
        defer { reader.finish() }
        return SurveyStep.Question(
            say: reader.reference("say"), keys: keys(reader), name: reader.name("name") ?? "", position: node.position)
    }

    /// `1-5`, `[1, 2]`.
    private func keys(_ reader: SectionReader) -> [Character] {
        var keys: [Character] = []
        for node in reader.list("keys") {
            guard let text = log.text(node, reader.named("keys")) else { continue }
            let ends = text.split(separator: "-", omittingEmptySubsequences: false)
            let isKeys =
                (1...2).contains(ends.count) && ends.allSatisfy { $0.count == 1 && $0.allSatisfy(\.isASCIIDigit) }
            guard isKeys, let from = ends.first.flatMap({ Int($0) }), let to = ends.last.flatMap({ Int($0) }),
                from <= to
            else {
                log.error(
                    "E005", at: node.position,
                    "\(reader.named("keys")) is \(quoted(text)); keys such as 1-5 are expected")
                continue
            }
            for key in from...to { keys.append(Character(String(key))) }
        }
        return keys
    }
}
