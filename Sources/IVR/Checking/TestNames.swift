// Tests that speak of something the hotline does not have.

import YAML

struct TestNames {
    let hotline: Hotline
    let log: FindingLog

    private static let verbs = [
        "hear", "step", "tag", "queue", "recording", "voicemail", "callback", "answer", "transfer", "hang",
    ]
    private static let forms: FindingText =
        "hear PROMPT, step NAME, tag TAG, queue NAME LANGUAGE, recording on, recording off, voicemail MAILBOX, "
        + "callback QUEUE LANGUAGE, answer QUESTION VALUE, transfer TARGET, hang up"

    func run() {
        let tags = tags()
        let questions = questions()
        for test in hotline.tests {
            for expectation in test.expectations { check(expectation, tags, questions) }
            for (queue, load) in test.loads { report(queue, "queue", hotline.queues.keys, load.position) }
            for given in test.failing { report(given.name, "step", hotline.steps.keys, given.position) }
            for given in test.answers.keys { reportVariable(given) }
        }
    }

    private func check(
        _ expectation: HotlineTest.Expectation, _ tags: Set<String>, _ questions: [String: Set<String>]
    ) {
        let words = expectation.text.split(separator: " ").map(String.init)
        let position = expectation.position
        switch (words.first ?? "", words.count) {
        case ("hear", 2): report(words[1], "prompt", hotline.prompts.keys, position)
        case ("step", 2): report(words[1], "step", hotline.steps.keys, position)
        case ("tag", 2): report(words[1], "key with the tag", tags, position)
        case ("voicemail", 2): report(words[1], "mailbox", hotline.mailboxes.keys, position)
        case ("queue", 3), ("callback", 3):
            report(words[1], "queue", hotline.queues.keys, position)
            report(words[2], "language", hotline.languages, position)
        case ("answer", 3):
            report(words[1], "question", questions.keys, position)
            if let answers = questions[words[1]] { report(words[2], "answer", answers, position) }
        case ("transfer", 2...): checkTransfer(words.dropFirst().joined(separator: " "), position)
        case ("recording", 2) where ["on", "off"].contains(words[1]): return
        case ("hang", 2) where words[1] == "up": return
        default:
            log.error(
                "E005", at: position, "\(quoted(expectation.text)) is nothing that can be expected",
                hint: Similarity.hint(for: words.first ?? "", among: Self.verbs) ?? Self.forms)
        }
    }

    private func checkTransfer(_ written: String, _ position: Position) {
        let targets = hotline.steps.values.compactMap { step -> TransferTarget? in
            guard case .transfer(let transfer) = step.kind else { return nil }
            return transfer.target
        }
        guard !targets.contains(where: { $0 == TransferTarget(written) }) else { return }
        log.error(
            "E011", at: position, "no step transfers to \(quoted(written))",
            hint: Similarity.hint(for: written, among: targets.map(\.text)))
    }

    private func tags() -> Set<String> {
        Set(hotline.steps.values.flatMap { hotline.exits(of: $0) }.compactMap(\.key?.tag))
    }

    private func questions() -> [String: Set<String>] {
        var questions: [String: Set<String>] = [:]
        for step in hotline.steps.values {
            guard case .survey(let survey) = step.kind else { continue }
            for question in survey.questions {
                questions[question.name, default: []].formUnion(question.keys.map(String.init))
            }
        }
        return questions
    }

    private func reportVariable(_ given: Reference) {
        let known = hotline.steps.values.reduce(into: Set<String>()) { known, step in
            if case .lookup(let lookup) = step.kind { known.formUnion(lookup.into) }
        }
        guard !known.contains(given.name) else { return }
        log.error(
            "E026", at: given.position, "no lookup asks for \(quoted(given.name))",
            hint: Similarity.hint(for: given.name, among: known))
    }

    private func report(_ name: String, _ what: FindingText, _ names: some Collection<String>, _ position: Position) {
        guard !names.contains(name) else { return }
        log.error(
            "E011", at: position, "there is no \(what) \(quoted(name))", hint: Similarity.hint(for: name, among: names))
    }
}
