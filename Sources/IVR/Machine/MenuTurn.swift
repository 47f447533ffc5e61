// A caller before a menu: what was asked, what was pressed so far, what follows.

import Timing

/// Where one caller stands in one menu.
struct MenuTurn: Sendable {
    let menu: MenuStep
    /// How often the prompt has been asked, this time included.
    var asked = 1
    /// Digits of a choice that is not complete.
    var typed = ""
    var isPlaying = true
    /// The prompt is the recording notice: only a key with `record: off` may stop it, other keys act after its end.
    let isNotice: Bool

    var candidates: [MenuKey] { menu.keys.filter { $0.digits.hasPrefix(typed) } }
    var isComplete: Bool { candidates.count == 1 && candidates[0].digits == typed }
}

extension IVRMachine {
    mutating func enter(_ menu: MenuStep, _ now: Moment, _ actions: inout [Action]) {
        let isNotice = menu.prompt.map(isNotice) ?? false
        var turn = MenuTurn(menu: menu, isNotice: isNotice)
        if isNotice || typedAhead.isEmpty {
            typedAhead = TypedDigits()
            return ask([menu.prompt], turn, now, &actions)
        }
        turn.isPlaying = false
        turn.typed = String(typedAhead.removeFirst())
        while !typedAhead.isEmpty, turn.candidates.contains(where: { $0.digits.count > turn.typed.count }) {
            turn.typed.append(typedAhead.removeFirst())
        }
        resolve(turn, now, &actions)
    }

    mutating func choose(_ digit: Character, _ turn: MenuTurn, _ now: Moment, _ actions: inout [Action]) {
        var turn = turn
        if turn.isComplete { turn.typed = "" }  // because a choice that waits for the end of a notice can be changed
        turn.typed.append(digit)
        let refusesRecording = !turn.candidates.isEmpty && turn.candidates.allSatisfy { $0.record == false }
        if turn.isPlaying, turn.isNotice, !refusesRecording {
            state = .choosing(turn)
            return
        }
        if turn.isPlaying { actions.append(.silence) }
        turn.isPlaying = false
        resolve(turn, now, &actions)
    }

    /// The prompt was heard.
    mutating func listen(_ turn: MenuTurn, _ now: Moment, _ actions: inout [Action]) {
        guard turn.isPlaying else { return }
        var turn = turn
        turn.isPlaying = false
        guard turn.typed.isEmpty else { return resolve(turn, now, &actions) }
        state = .choosing(turn)
        deadline = now.instant + turn.menu.timeout
    }

    mutating func choiceTimedOut(_ turn: MenuTurn, _ now: Moment, _ actions: inout [Action]) {
        if turn.isPlaying { return listen(turn, now, &actions) }
        if let key = turn.menu.keys.first(where: { $0.digits == turn.typed }) { return act(key, now, &actions) }
        askAgain(turn.typed.isEmpty ? turn.menu.onSilence : turn.menu.onWrong, turn, now, &actions)
    }

    /// Acts when the digits are a choice, waits when they may become one.
    private mutating func resolve(_ turn: MenuTurn, _ now: Moment, _ actions: inout [Action]) {
        let candidates = turn.candidates
        if candidates.isEmpty { return askAgain(turn.menu.onWrong, turn, now, &actions) }
        if turn.isComplete { return act(candidates[0], now, &actions) }
        state = .choosing(turn)
        deadline = now.instant + turn.menu.betweenKeys
    }

    mutating func act(_ key: MenuKey, _ now: Moment, _ actions: inout [Action]) {
        if let tag = key.tag { actions.append(.tag(tag)) }
        if let language = key.language { speak(language, &actions) }
        if let record = key.record {
            isRecordingOn = record && !hasMissedNotice
            actions.append(.record(isRecordingOn))
        }
        go(to: key.then, now, &actions)
    }

    private mutating func askAgain(
        _ remark: Reference?, _ turn: MenuTurn, _ now: Moment, _ actions: inout [Action]
    ) {
        typedAhead = TypedDigits()
        guard turn.asked < turn.menu.tries else { return go(to: turn.menu.otherwise, now, &actions) }
        var turn = turn
        turn.asked += 1
        turn.typed = ""
        turn.isPlaying = true
        ask([remark, turn.menu.prompt], turn, now, &actions)
    }

    private mutating func ask(
        _ prompts: [Reference?], _ turn: MenuTurn, _ now: Moment, _ actions: inout [Action]
    ) {
        state = .choosing(turn)
        guard !play(prompts.compactMap { $0?.name }, now, &actions) else { return }
        listen(turn, now, &actions)
    }
}
