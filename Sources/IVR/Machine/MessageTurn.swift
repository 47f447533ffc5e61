// A caller who leaves a message.

import Timing

struct MessageTurn: Sendable {
    let voicemail: VoicemailStep
    /// Nil while the prompt before the tone plays.
    var ticket: Ticket?
}

extension IVRMachine {
    /// For the tone and the way there and back, beside the message itself.
    private static let messageGrace = Duration.seconds(3)

    mutating func enter(_ voicemail: VoicemailStep, _ now: Moment, _ actions: inout [Action]) {
        typedAhead = TypedDigits()
        let turn = MessageTurn(voicemail: voicemail)
        state = .leavingMessage(turn)
        guard !play([voicemail.say?.name].compactMap { $0 }, now, &actions) else { return }
        beginMessage(turn, now, &actions)
    }

    mutating func beginMessage(_ turn: MessageTurn, _ now: Moment, _ actions: inout [Action]) {
        guard turn.ticket == nil else { return }
        guard let name = turn.voicemail.box?.name, let box = hotline.mailboxes[name] else {
            return hangUp(.stuck, &actions)
        }
        guard !hasMissedNotice else { return go(to: turn.voicemail.then, now, &actions) }
        var turn = turn
        let ticket = nextTicket()
        turn.ticket = ticket
        state = .leavingMessage(turn)
        let max = turn.voicemail.max ?? box.max
        deadline = now.instant + max + Self.messageGrace
        actions.append(.recordMessage(MessageRequest(ticket: ticket, mailbox: name, language: language, max: max)))
    }

    /// Before the tone any key is a wish to speak at once, unless the notice plays; afterwards # ends the message.
    mutating func pressedDuringMessage(
        _ digit: Character, _ turn: MessageTurn, _ now: Moment, _ actions: inout [Action]
    ) {
        guard turn.ticket == nil else {
            if digit == "#" { endMessage(turn, now, &actions) }
            return
        }
        guard turn.voicemail.say.map(isNotice) != true else { return }
        actions.append(.silence)
        beginMessage(turn, now, &actions)
    }

    mutating func messageTimedOut(_ turn: MessageTurn, _ now: Moment, _ actions: inout [Action]) {
        turn.ticket == nil ? beginMessage(turn, now, &actions) : endMessage(turn, now, &actions)
    }

    private mutating func endMessage(_ turn: MessageTurn, _ now: Moment, _ actions: inout [Action]) {
        actions.append(.endMessage)
        go(to: turn.voicemail.then, now, &actions)
    }

    mutating func messageEnded(_ ticket: Ticket, _ now: Moment, _ actions: inout [Action]) {
        guard case .leavingMessage(let turn) = state, turn.ticket == ticket else { return }
        go(to: turn.voicemail.then, now, &actions)
    }
}
