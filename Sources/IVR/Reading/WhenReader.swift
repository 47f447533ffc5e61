// `when` steps and their conditions.

import YAML

struct WhenReader {
    let log: FindingLog

    private static let forms: FindingText =
        "NAME is VALUE, NAME is not VALUE, NAME is known, NAME begins VALUE, NAME above 5, caller is anonymous, "
        + "language is en, wait QUEUE above 10m, ahead QUEUE below 3, nobody QUEUE, full QUEUE"

    func read(_ reader: SectionReader) -> WhenStep {
        let branches = reader.list("when").compactMap { branch($0, reader.what) }
        return WhenStep(branches: branches, otherwise: reader.exit("otherwise"))
    }

    private func branch(_ node: YAMLNode, _ step: FindingText) -> WhenStep.Branch? {
        let reader = SectionReader(node, StepTable.branch, "a condition of \(step)", log: log)
        guard reader.isMapping else { return nil }
        defer { reader.finish() }
        let then = reader.exit("then")
        guard let node = reader.node("if"), let text = log.text(node, reader.named("if")) else { return nil }
        guard let condition = condition(text, node.position) else {
            log.error("E005", at: node.position, "\(quoted(text)) is no condition", hint: Self.forms)
            return nil
        }
        return WhenStep.Branch(condition: condition, then: then)
    }

    private func condition(_ text: String, _ position: Position) -> Condition? {
        let words = text.split(separator: " ").map(String.init)
        guard words.count >= 2 else { return nil }
        let test = load(words) ?? value(words).map { Condition.Test.value(name: words[0], $0) }
        guard let test else { return nil }
        let name = load(words) == nil ? words[0] : words[1]
        return Condition(test: test, text: text, reference: Reference(name: name, position: position))
    }

    private func load(_ words: [String]) -> Condition.Test? {
        switch (words[0], words.count) {
        case ("nobody", 2): return .nobody(queue: words[1])
        case ("full", 2): return .full(queue: words[1])
        case ("wait", 4):
            guard let comparison = Condition.Comparison(rawValue: words[2]), let limit = Duration(words: words[3])
            else {
                return nil
            }
            return .wait(queue: words[1], comparison, limit)
        case ("ahead", 4):
            guard let comparison = Condition.Comparison(rawValue: words[2]), let limit = Int(words[3]), limit >= 0
            else {
                return nil
            }
            return .ahead(queue: words[1], comparison, limit)
        default: return nil
        }
    }

    private func value(_ words: [String]) -> Condition.ValueTest? {
        guard words.count >= 3, SpokenValue(words[0])?.form == .plain else { return nil }
        let rest = words[2...].joined(separator: " ")
        switch words[1] {
        case "is": return equality(words, rest)
        case "begins": return .begins(normalised(rest, of: words[0], isHead: true))
        case "above", "below":
            guard let comparison = Condition.Comparison(rawValue: words[1]), let limit = Double(spoken: rest) else {
                return nil
            }
            return .compares(comparison, limit)
        default: return nil
        }
    }

    private func equality(_ words: [String], _ rest: String) -> Condition.ValueTest? {
        let isCaller = words[0] == SpokenValue.caller
        switch rest {
        case "known": return .known
        case "unknown", "not known": return .unknown
        case "anonymous" where isCaller: return .unknown
        case "not anonymous" where isCaller: return .known
        case "not": return nil
        default:
            guard words[2] == "not" else { return .equals(normalised(rest, of: words[0], isHead: false)) }
            return .differs(normalised(words[3...].joined(separator: " "), of: words[0], isHead: false))
        }
    }

    /// Numbers of telephones may be written in any way.
    private func normalised(_ text: String, of name: String, isHead: Bool) -> String {
        guard name == SpokenValue.caller || name == "called" else { return text }
        if isHead { return text.filter { !" -./()".contains($0) } }
        return PhoneNumber.normalised(text) ?? text
    }
}
