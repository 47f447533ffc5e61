// A caller who is asked for digits: for a variable, or for the number of a callback.

import Timing

/// Where one caller stands in typing.
struct AskTurn: Sendable {
    /// What becomes of the digits.
    enum Purpose: Sendable {
        case variable(AskStep)
        case callback(CallbackStep)
    }

    let wanted: WantedDigits
    let purpose: Purpose
    var asked = 1
    var typed = TypedDigits()
    var isPlaying = true
    /// The question holds the recording notice: nothing typed before its end counts.
    let isNotice: Bool
}

extension IVRMachine {
    mutating func enter(_ ask: AskStep, _ now: Moment, _ actions: inout [Action]) {
        if ask.isSecret {
            isSecret = true
            actions.append(.secret(true))
            typedAhead = TypedDigits()  // because it was typed where it may have been recorded
        }
        enter(ask.wanted, .variable(ask), now, &actions)
    }

    mutating func enter(
        _ wanted: WantedDigits, _ purpose: AskTurn.Purpose, _ now: Moment, _ actions: inout [Action]
    ) {
        let isNotice = wanted.prompt.map(isNotice) ?? false
        var turn = AskTurn(wanted: wanted, purpose: purpose, isNotice: isNotice)
        if isNotice { typedAhead = TypedDigits() }
        guard !typedAhead.isEmpty else { return ask([wanted.prompt], turn, now, &actions) }
        turn.isPlaying = false
        state = .asking(turn)
        deadline = now.instant + wanted.betweenKeys
        while !typedAhead.isEmpty, case .asking(let turn) = state {
            type(typedAhead.removeFirst(), turn, now, &actions)
        }
    }

    mutating func type(_ digit: Character, _ turn: AskTurn, _ now: Moment, _ actions: inout [Action]) {
        if turn.isPlaying, turn.isNotice { return }
        var turn = turn
        if turn.isPlaying { actions.append(.silence) }
        turn.isPlaying = false
        if digit == turn.wanted.end { return complete(turn, now, &actions) }
        if digit.isASCIIDigit { turn.typed.append(digit) } else { turn.typed = TypedDigits() }  // because * begins anew
        guard turn.typed.count < turn.wanted.count.upperBound else {
            if let end = turn.wanted.end, typedAhead.text.first == end {
                _ = typedAhead.removeFirst()
            } else {
                surplusEnd = turn.wanted.end
            }
            return complete(turn, now, &actions)
        }
        state = .asking(turn)
        deadline = now.instant + (turn.typed.isEmpty ? turn.wanted.timeout : turn.wanted.betweenKeys)
    }

    /// The question was heard.
    mutating func listen(_ turn: AskTurn, _ now: Moment, _ actions: inout [Action]) {
        guard turn.isPlaying else { return }
        var turn = turn
        turn.isPlaying = false
        state = .asking(turn)
        deadline = now.instant + turn.wanted.timeout
    }

    mutating func typingTimedOut(_ turn: AskTurn, _ now: Moment, _ actions: inout [Action]) {
        turn.isPlaying ? listen(turn, now, &actions) : complete(turn, now, &actions)
    }

    private mutating func complete(_ turn: AskTurn, _ now: Moment, _ actions: inout [Action]) {
        let wanted = turn.wanted
        let digits = turn.typed.text
        let value = wanted.check.map { $0.value(of: digits) } ?? digits
        guard wanted.count.contains(digits.count), let value else {
            return askAgain(turn.typed.isEmpty ? wanted.onSilence : wanted.onWrong, turn, now, &actions)
        }
        switch turn.purpose {
        case .variable(let ask):
            if let name = ask.into { values[name] = CallValue(value, isSecret: ask.isSecret) }
            go(to: ask.then, now, &actions)
        case .callback(let callback): requestCallback(callback, number: value, isTyped: true, now, &actions)
        }
    }

    private mutating func askAgain(
        _ remark: Reference?, _ turn: AskTurn, _ now: Moment, _ actions: inout [Action]
    ) {
        typedAhead = TypedDigits()
        guard turn.asked < turn.wanted.tries else {
            surplusEnd = nil
            switch turn.purpose {
            case .variable(let ask): return go(to: ask.otherwise, now, &actions)
            case .callback(let callback): return go(to: callback.noNumber, now, &actions)
            }
        }
        var turn = turn
        turn.asked += 1
        turn.typed = TypedDigits()
        turn.isPlaying = true
        ask([remark, turn.wanted.prompt], turn, now, &actions)
    }

    private mutating func ask(
        _ prompts: [Reference?], _ turn: AskTurn, _ now: Moment, _ actions: inout [Action]
    ) {
        state = .asking(turn)
        guard !play(prompts.compactMap { $0?.name }, now, &actions) else { return }
        listen(turn, now, &actions)
    }
}
