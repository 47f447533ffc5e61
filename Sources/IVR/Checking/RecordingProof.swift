// E060: a path on which a caller can be recorded without having heard the recording notice; E061: the time it tells.

import YAML

struct RecordingProof {
    let hotline: Hotline
    let log: FindingLog

    func run(_ walk: Walk) {
        checkNotice(walk)
        checkRetention(walk)
    }

    /// When this says nothing, no caller can be recorded before the notice has been played: every place a caller can be
    /// in is in the walk, and the machine lets no digit cut a notice short but a refusal.
    private func checkNotice(_ walk: Walk) {
        var told: Set<Position> = []
        for recording in hotline.recordings(walk) where !recording.isNoticed {
            guard told.insert(recording.position).inserted else { continue }
            let hasNotice = hotline.prompts.values.contains(where: \.isRecordingNotice)
            log.error(
                "E060", at: recording.position,
                "a caller can be recorded without having heard the recording notice: \(way(to: recording, walk))",
                hint: hasNotice ? nil : "mark the prompt that tells of recording with 'notice: recording'")
        }
    }

    private func way(to recording: RecordingPlace, _ walk: Walk) -> FindingText {
        let path = walk.path(to: recording.place)
        return recording.exit.map { "\(path) → (\($0))" } ?? path
    }

    /// A notice must tell the time after which recordings are erased, if it tells any: that of the recordings, and before
    /// the tone of a mailbox that of its messages.
    private func checkRetention(_ walk: Walk) {
        var told: Set<[String]> = []
        for step in walk.steps.compactMap({ hotline.steps[$0] }) {
            let (keep, what) = retention(step)
            guard let keep else { continue }
            for reference in step.kind.prompts where told.insert([reference.name, what.text(in: .en)]).inserted {
                check(reference, keep, what)
            }
        }
    }

    private func retention(_ step: Step) -> (Duration?, FindingText) {
        guard case .voicemail(let voicemail) = step.kind else { return (hotline.recording.keep, "recordings") }
        let box = voicemail.box.flatMap { hotline.mailboxes[$0.name] }
        return (box?.keep, "messages of mailbox \(quoted(box?.name ?? ""))")
    }

    private func check(_ reference: Reference, _ keep: Duration, _ what: FindingText) {
        guard let prompt = hotline.prompts[reference.name], prompt.isRecordingNotice else { return }
        let days = Int(keep.components.seconds / 86_400)
        for wording in Array(prompt.languages.values) + [prompt.any].compactMap({ $0 }) {
            let told = wording.templates.flatMap { Self.times(in: $0.source) }
            guard !told.isEmpty, !told.contains(where: { $0.days.contains(days) }) else { continue }
            log.error(
                "E061", at: log.source.position(of: told[0].words, after: wording.position),
                "the notice \(quoted(prompt.name)) tells \(told[0].words), but \(what) are kept \(keep.words)")
        }
    }

    /// Times told in a text: a number before a word for days, months or years.
    static func times(in text: String) -> [(days: ClosedRange<Int>, words: String)] {
        let words = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
        return zip(words, words.dropFirst()).compactMap { number, unit in
            guard let number = Int(number), (1...4_000).contains(number) else { return nil }
            let words = "\(number) \(unit)"
            if ["dni", "dniach", "dzień", "dnia", "dniu", "day", "days"].contains(unit) {
                return (number...number, words)
            }
            if unit.hasPrefix("tygod") || unit.hasPrefix("week") { return (number * 7...number * 7, words) }
            if unit.hasPrefix("miesi") || unit.hasPrefix("month") { return (number * 28...number * 31, words) }
            if ["rok", "roku", "lata", "lat", "latach", "year", "years"].contains(unit) {
                return (number * 365...number * 366, words)
            }
            return nil
        }
    }
}
