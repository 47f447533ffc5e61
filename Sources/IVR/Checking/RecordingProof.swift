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
        if hotline.recording.byDefault, hotline.recording.from == .start {
            report(at: hotline.start.position, path: hotline.start.step)
            return
        }
        var told: Set<Position> = []
        for place in walk.places {
            guard let step = hotline.steps[place.step] else { continue }
            switch hotline.recording.from {
            case .answer, .queue:
                guard case .queue = step.kind, place.isRecordingOn, !place.hasHeardNotice else { continue }
                guard told.insert(step.position).inserted else { continue }
                report(at: step.position, path: walk.path(to: place))
            case .start:
                for exit in step.kind.exits {
                    guard let key = exit.key, key.record == true else { continue }
                    let next = Walk.follow(exit, from: place, step, hotline)
                    guard !next.hasHeardNotice, told.insert(key.position).inserted else { continue }
                    report(at: key.position, path: walk.path(to: place) + " → (\(exit.label))")
                }
            }
        }
    }

    private func report(at position: Position, path: String) {
        let hasNotice = hotline.prompts.values.contains(where: \.isRecordingNotice)
        log.error(
            "E060", at: position, "a caller can be recorded without having heard the recording notice: \(path)",
            hint: hasNotice ? nil : "mark the prompt that tells of recording with 'notice: recording'")
    }

    /// The notice must tell the time after which recordings are erased, if it tells any.
    private func checkRetention(_ walk: Walk) {
        guard let keep = hotline.recording.keep else { return }
        let days = Int(keep.components.seconds / 86_400)
        let spoken = walk.steps.compactMap { hotline.steps[$0] }.flatMap(\.kind.prompts).map(\.name)
        for name in Set(spoken) {
            guard let prompt = hotline.prompts[name], prompt.isRecordingNotice else { continue }
            for wording in Array(prompt.languages.values) + [prompt.any].compactMap({ $0 }) {
                let told = wording.templates.flatMap { Self.times(in: $0.source) }
                guard !told.isEmpty, !told.contains(where: { $0.days.contains(days) }) else { continue }
                log.error(
                    "E061", at: wording.position,
                    "the notice \(quoted(name)) tells \(told[0].words), but recordings are kept \(keep.words)")
            }
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
