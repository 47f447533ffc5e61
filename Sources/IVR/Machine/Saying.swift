// Speaking and the steps that ask nothing: `say`, `hours`.

import Timing

extension IVRMachine {
    mutating func enter(_ say: SayStep, _ now: Moment, _ actions: inout [Action]) {
        if let language = say.language { speak(language, &actions) }
        let isNotice = say.prompts.contains(where: isNotice)
        if isNotice { typedAhead = TypedDigits() }
        state = .saying(say, isInterruptible: say.interruptible && !isNotice)
        let skips = !typedAhead.isEmpty && say.interruptible
        if skips || !play(say.prompts.map(\.name), now, &actions) { go(to: say.then, now, &actions) }
    }

    mutating func enter(_ hours: HoursStep, _ now: Moment, _ actions: inout [Action]) {
        let calendar = hours.calendar.flatMap { hotline.calendars[$0.name] }
        switch calendar?.state(at: hotline.zone.local(now.unixMilliseconds)) ?? .closed {
        case .open: go(to: hours.open, now, &actions)
        case .closed: go(to: hours.closed, now, &actions)
        case .holiday: go(to: hours.holiday ?? hours.closed, now, &actions)
        }
    }

    func isNotice(_ prompt: Reference) -> Bool { hotline.prompts[prompt.name]?.isRecordingNotice == true }

    mutating func speak(_ language: String, _ actions: inout [Action]) {
        self.language = language
        actions.append(.language(language))
    }

    /// Plays what can be spoken; false when nothing can.
    mutating func play(
        _ prompts: [String], waiting: QueueTurn? = nil, _ now: Moment, _ actions: inout [Action]
    ) -> Bool {
        let known = spokenValues(waiting, now)
        let utterances = prompts.compactMap { hotline.utterance($0, language: language, values: known) }
        guard !utterances.isEmpty else { return false }
        playsNotice = utterances.contains { hotline.prompts[$0.prompt]?.isRecordingNotice == true }
        actions.append(.play(utterances))
        actions += utterances.map { .heard(prompt: $0.prompt) }
        deadline = now.instant + Self.playLimit * utterances.count
        return true
    }

    /// Secrets are never spoken.
    private func spokenValues(_ waiting: QueueTurn?, _ now: Moment) -> SpokenValues {
        var known = SpokenValues(ahead: waiting?.ahead, wait: waiting?.tellableWait)
        known.texts = values.compactMapValues { $0.isSecret ? nil : $0.text }
        known.texts[SpokenValue.caller] = caller.number
        known.today = hotline.zone.local(now.unixMilliseconds).date
        return known
    }
}
