// A caller who will be called back: the number, the entry, what is said of it.

import Timing

struct CallbackTurn: Sendable {
    enum Phase: Sendable {
        /// goes to: saying
        case requesting(Ticket)
        case saying
    }

    let callback: CallbackStep
    var phase: Phase
}

extension IVRMachine {
    private static let requestLimit = Duration.seconds(10)

    mutating func enter(_ callback: CallbackStep, _ now: Moment, _ actions: inout [Action]) {
        switch callback.number {
        case .ask:
            let wanted = WantedDigits(
                prompt: callback.say, count: 9...15, end: "#", check: .phone, tries: 3, timeout: .seconds(8),
                betweenKeys: .seconds(5))
            enter(wanted, .callback(callback), now, &actions)
        case .caller:
            guard let number = caller.number.flatMap(PhoneNumber.normalised) else {
                return go(to: callback.noNumber, now, &actions)
            }
            requestCallback(callback, number: number, isTyped: false, now, &actions)
        }
    }

    mutating func requestCallback(
        _ callback: CallbackStep, number: String, isTyped: Bool, _ now: Moment, _ actions: inout [Action]
    ) {
        guard let name = callback.queue?.name, let settings = hotline.queues[name] else {
            return hangUp(.stuck, &actions)
        }
        let ticket = nextTicket()
        let since = waitingSince ?? now.instant
        waitingSince = since
        state = .callingBack(CallbackTurn(callback: callback, phase: .requesting(ticket)))
        deadline = now.instant + Self.requestLimit
        actions.append(
            .requestCallback(
                CallbackRequest(
                    ticket: ticket, queue: name, number: number, isTyped: isTyped, language: language,
                    skills: SkillNeeds(settings, language: language), priority: settings.priority, since: since,
                    mayBeRecorded: isRecordingOn && !hasMissedNotice,
                    attempts: callback.attempts, every: callback.every, within: callback.within?.name)))
    }

    mutating func heardOfCallback(
        _ ticket: Ticket, _ news: CallbackNews, _ now: Moment, _ actions: inout [Action]
    ) {
        guard case .callingBack(let turn) = state, case .requesting(ticket) = turn.phase else { return }
        guard news == .accepted else { return go(to: turn.callback.noNumber, now, &actions) }
        state = .callingBack(CallbackTurn(callback: turn.callback, phase: .saying))
        typedAhead = TypedDigits()
        // With `number: ask` the text was the question.
        let prompt = turn.callback.number == .caller ? turn.callback.say : nil
        if !play([prompt?.name].compactMap { $0 }, now, &actions) { go(to: turn.callback.then, now, &actions) }
    }

    mutating func callbackSaid(_ turn: CallbackTurn, _ now: Moment, _ actions: inout [Action]) {
        guard case .saying = turn.phase else { return }
        go(to: turn.callback.then, now, &actions)
    }

    mutating func callbackTimedOut(_ turn: CallbackTurn, _ now: Moment, _ actions: inout [Action]) {
        switch turn.phase {
        case .requesting(let ticket): heardOfCallback(ticket, .refused, now, &actions)
        case .saying: callbackSaid(turn, now, &actions)
        }
    }

    mutating func pressedWhileCallingBack(
        _ digit: Character, _ turn: CallbackTurn, _ now: Moment, _ actions: inout [Action]
    ) {
        guard case .saying = turn.phase, turn.callback.say.map(isNotice) != true else { return }
        actions.append(.silence)
        go(to: turn.callback.then, now, &actions)
    }
}
