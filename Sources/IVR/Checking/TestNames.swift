// Tests that speak of something the hotline does not have.

import YAML

struct TestNames {
    let hotline: Hotline
    let log: FindingLog

    private static let verbs = ["hear", "step", "tag", "queue", "recording", "hang"]
    private static let later = ["voicemail", "callback", "answer", "transfer"]

    func check() {
        for test in hotline.tests {
            for expectation in test.expectations { check(expectation) }
            for (queue, load) in test.loads { report(queue, "queue", hotline.queues.keys, load.position) }
        }
    }

    private func check(_ expectation: HotlineTest.Expectation) {
        let words = expectation.text.split(separator: " ").map(String.init)
        let verb = words.first ?? ""
        if Self.later.contains(verb) {
            log.error("E009", at: expectation.position, "the expectation '\(verb)' is not supported yet")
            return
        }
        switch (verb, words.count) {
        case ("hear", 2): report(words[1], "prompt", hotline.prompts.keys, expectation.position)
        case ("step", 2): report(words[1], "step", hotline.steps.keys, expectation.position)
        case ("queue", 3):
            report(words[1], "queue", hotline.queues.keys, expectation.position)
            report(words[2], "language", hotline.languages, expectation.position)
        case ("tag", 2): return
        case ("recording", 2) where ["on", "off"].contains(words[1]): return
        case ("hang", 2) where words[1] == "up": return
        default:
            log.error(
                "E005", at: expectation.position, "\(quoted(expectation.text)) is nothing that can be expected",
                hint: Similarity.hint(for: verb, among: Self.verbs)
                    ?? "hear PROMPT, step NAME, tag TAG, queue NAME LANGUAGE, recording on, recording off, hang up")
        }
    }

    private func report(_ name: String, _ what: String, _ names: some Collection<String>, _ position: Position) {
        guard !names.contains(name) else { return }
        log.error(
            "E011", at: position, "there is no \(what) \(quoted(name))", hint: Similarity.hint(for: name, among: names))
    }
}
