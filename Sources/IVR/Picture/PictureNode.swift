// What the picture shows of one step: a box with a head, a few words, and a row for each exit.

import YAML

/// A step as a box.
struct PictureNode: Sendable {
    /// One way out: a row of the box.
    struct Row: Sendable {
        /// As the hotline says it: `key 4`, `otherwise`, `then`.
        let label: String
        /// The step it leads to.
        let target: String
        /// What choosing it changes: consent, language, tag.
        var recording: Bool?
        var note: String?
    }

    let name: String
    /// The word of the language: `menu`, `queue` …
    let kind: String
    /// What callers hear here, or where the step leads outside; at most two lines are shown.
    var words: String
    var rows: [Row]
    /// The recording notice is played here.
    var hasNotice = false
    /// Sound is recorded here when the caller agreed, or always (voicemail).
    var records = false
}

extension Hotline {
    /// The boxes of all steps, `start` first, then in the order of the file.
    func pictureNodes(language: String) -> [PictureNode] {
        let ordered = steps.values.sorted { first, second in
            func place(_ step: Step) -> (Int, Int, String) {
                (step.name == start.step ? 0 : 1, step.position.line, step.name)
            }
            return place(first) < place(second)
        }
        return ordered.map { pictureNode($0, language: language) }
    }

    private func pictureNode(_ step: Step, language: String) -> PictureNode {
        let rows = exits(of: step).map { exit in
            PictureNode.Row(
                label: exit.label, target: exit.exit.step, recording: exit.key?.record,
                note: exit.key.flatMap { key in key.tag.map { "#\($0)" } ?? key.language })
        }
        let prompts = step.kind.prompts.compactMap { self.prompts[$0.name] }
        var node = PictureNode(name: step.name, kind: step.kind.word, words: "", rows: rows)
        node.words = subject(of: step) ?? prompts.first?.wording(in: language)?.templates.first?.source ?? ""
        node.hasNotice = prompts.contains { $0.isRecordingNotice }
        node.records = records(step)
        return node
    }

    /// Steps that speak of something else than their prompt.
    private func subject(of step: Step) -> String? {
        switch step.kind {
        case .hours(let hours): hours.calendar?.name
        case .queue(let queue): queue.queue?.name
        case .transfer(let transfer): transfer.target.map { "\($0)" }
        case .say, .menu, .ask, .when, .callback, .voicemail, .survey, .lookup, .hangup, .unknown: nil
        }
    }

    private func records(_ step: Step) -> Bool {
        switch step.kind {
        case .voicemail: true
        case .queue: recording.byDefault || steps.values.contains { exits(of: $0).contains { $0.key?.record == true } }
        case .say, .menu, .ask, .hours, .when, .callback, .survey, .transfer, .lookup, .hangup, .unknown: false
        }
    }
}
