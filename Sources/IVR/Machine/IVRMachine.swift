// One call's walk through one hotline. Pure: no clock, no I/O; what it wants done it returns as actions.

public import Timing

/// Feed it what happens, perform what it returns, wake it at `deadline`.
public struct IVRMachine: Sendable {
    public let hotline: Hotline
    public let caller: Caller
    /// When `.deadline` is wanted; nil while nothing is awaited.
    public internal(set) var deadline: Instant?
    /// The caller's language now.
    public internal(set) var language: String
    /// Whether the caller may be recorded now.
    public internal(set) var isRecordingOn: Bool
    /// The step the caller is in; nil before the first.
    public internal(set) var step: String?
    /// What this call has learnt, by the names of variables.
    public internal(set) var values: [String: CallValue] = [:]
    var state = State.new
    /// Digits pressed before the step that they are meant for.
    var typedAhead = TypedDigits()
    /// The end key of an `ask` that was complete without it: pressed late, it means nothing more.
    var surplusEnd: Character?
    /// What is typed is a secret.
    var isSecret = false
    /// The recording notice plays now.
    var playsNotice = false
    /// The last notice was not played to its end: without it nobody is recorded.
    var hasMissedNotice = false
    /// Since when the call asks for a consultant without having talked to one.
    var waitingSince: Instant?
    /// Steps entered since the caller, a prompt or the time last had a say.
    var stepsInARow = 0
    private var tickets = 0

    /// No prompt is longer than 60 s (E024): a `.played` that never comes must not hold the caller for ever.
    static let playLimit = Duration.seconds(90)
    private static let stepsLimit = 50
    private static let typedAheadLimit = 20

    public init(hotline: Hotline, caller: Caller) {
        self.hotline = hotline
        self.caller = caller
        language = hotline.languages.first ?? "pl"
        isRecordingOn = hotline.recording.byDefault
    }

    public mutating func handle(_ input: Input, now: Moment) -> [Action] {
        var actions: [Action] = []
        switch input {
        case .entered: enterHotline(now, &actions)
        case .digit(let digit):
            guard digit.isASCIIDigit || digit == "*" || digit == "#" else { return [] }
            stepsInARow = 0
            pressed(digit, now, &actions)
        case .played, .notPlayed:
            (stepsInARow, surplusEnd) = (0, nil)
            if playsNotice { hasMissedNotice = input == .notPlayed }
            playsNotice = false
            played(now, &actions)
        case .deadline:
            guard let deadline, now.instant >= deadline else { return [] }
            (self.deadline, stepsInARow, surplusEnd) = (nil, 0, nil)
            if playsNotice { hasMissedNotice = true }  // because its end was never told
            playsNotice = false
            timePassed(now, &actions)
        case .queue(let news): heardFromQueue(news, now, &actions)
        case .load(let ticket, let loads): measured(ticket, loads, now, &actions)
        case .callback(let ticket, let news): heardOfCallback(ticket, news, now, &actions)
        case .messageRecorded(let ticket): messageEnded(ticket, now, &actions)
        case .transferred(let ticket): transferred(ticket)
        case .transferFailed(let ticket): transferFailed(ticket, now, &actions)
        case .lookedUp(let ticket, let fields): lookedUp(ticket, fields, now, &actions)
        case .lookupFailed(let ticket): lookedUp(ticket, nil, now, &actions)
        case .hungUp: callerLeft(&actions)
        }
        return actions
    }

    /// The machine is at an end. What is going on outside is to be ended too.
    private mutating func callerLeft(_ actions: inout [Action]) {
        switch state {
        case .waiting: actions.append(.leaveQueue)
        case .leavingMessage(let turn) where turn.ticket != nil: actions.append(.endMessage)
        case .transferring: actions.append(.cancelTransfer)
        case .new, .saying, .choosing, .asking, .measuring, .talking, .callingBack, .leavingMessage, .surveying,
            .lookingUp, .away, .parting, .over:
            break
        }
        state = .over
        deadline = nil
    }

    private mutating func enterHotline(_ now: Moment, _ actions: inout [Action]) {
        guard case .new = state else { return }
        actions.append(.language(language))
        if isRecordingOn { actions.append(.record(true)) }
        go(to: hotline.start, now, &actions)
    }

    private mutating func pressed(_ digit: Character, _ now: Moment, _ actions: inout [Action]) {
        let surplus = surplusEnd
        surplusEnd = nil
        if digit == surplus { return }
        switch state {
        case .saying(let say, let isInterruptible):
            typeAhead(digit)
            guard isInterruptible else { return }
            actions.append(.silence)
            go(to: say.then, now, &actions)
        case .choosing(let turn): choose(digit, turn, now, &actions)
        case .asking(let turn): type(digit, turn, now, &actions)
        case .waiting(let turn): pressedWhileWaiting(digit, turn, now, &actions)
        case .callingBack(let turn): pressedWhileCallingBack(digit, turn, now, &actions)
        case .leavingMessage(let turn): pressedDuringMessage(digit, turn, now, &actions)
        case .surveying(let turn): answer(digit, turn, now, &actions)
        case .measuring, .lookingUp: typeAhead(digit)
        case .new, .talking, .transferring, .away, .parting, .over: return
        }
    }

    mutating func typeAhead(_ digit: Character) {
        if typedAhead.count < Self.typedAheadLimit { typedAhead.append(digit) }
    }

    private mutating func played(_ now: Moment, _ actions: inout [Action]) {
        switch state {
        case .saying(let say, _): go(to: say.then, now, &actions)
        case .choosing(let turn): listen(turn, now, &actions)
        case .asking(let turn): listen(turn, now, &actions)
        case .waiting(let turn): announced(turn, now, &actions)
        case .callingBack(let turn): callbackSaid(turn, now, &actions)
        case .leavingMessage(let turn): beginMessage(turn, now, &actions)
        case .surveying(let turn): listen(turn, now, &actions)
        case .parting: hangUp(.ended, &actions)
        case .new, .measuring, .talking, .transferring, .lookingUp, .away, .over: return
        }
    }

    private mutating func timePassed(_ now: Moment, _ actions: inout [Action]) {
        switch state {
        case .saying, .parting: played(now, &actions)
        case .choosing(let turn): choiceTimedOut(turn, now, &actions)
        case .asking(let turn): typingTimedOut(turn, now, &actions)
        case .measuring(let turn): measured(turn.ticket, [:], now, &actions)
        case .waiting(let turn): waited(turn, now, &actions)
        case .callingBack(let turn): callbackTimedOut(turn, now, &actions)
        case .leavingMessage(let turn): messageTimedOut(turn, now, &actions)
        case .surveying(let turn): answerTimedOut(turn, now, &actions)
        case .transferring(let turn):
            actions.append(.cancelTransfer)
            transferFailed(turn.ticket, now, &actions)
        case .lookingUp(let turn): lookedUp(turn.ticket, nil, now, &actions)
        case .new, .talking, .away, .over: return
        }
    }

    mutating func go(to exit: Exit?, _ now: Moment, _ actions: inout [Action]) {
        if isSecret {
            isSecret = false
            actions.append(.secret(false))
        }
        stepsInARow += 1
        guard let name = exit?.step, let next = hotline.steps[name], stepsInARow <= Self.stepsLimit else {
            return hangUp(.stuck, &actions)
        }
        deadline = nil
        playsNotice = false
        actions.append(.entered(step: name, exit: exit.flatMap(taken)))
        step = name
        switch next.kind {
        case .say(let say): enter(say, now, &actions)
        case .menu(let menu): enter(menu, now, &actions)
        case .ask(let ask): enter(ask, now, &actions)
        case .hours(let hours): enter(hours, now, &actions)
        case .when(let when): enter(when, now, &actions)
        case .queue(let queue): enter(queue, now, &actions)
        case .callback(let callback): enter(callback, now, &actions)
        case .voicemail(let voicemail): enter(voicemail, now, &actions)
        case .survey(let survey): enter(survey, now, &actions)
        case .transfer(let transfer): enter(transfer, now, &actions)
        case .lookup(let lookup): enter(lookup, now, &actions)
        case .hangup(let prompts):
            state = .parting
            if !play(prompts.map(\.name), now, &actions) { hangUp(.ended, &actions) }
        case .unknown: hangUp(.stuck, &actions)
        }
    }

    /// What the way out of the present step is called. Each is written at a place of its own.
    private func taken(_ exit: Exit) -> String? {
        guard let left = step.flatMap({ hotline.steps[$0] }) else { return nil }
        return hotline.exits(of: left).first { $0.exit.position == exit.position }?.label
    }

    mutating func hangUp(_ cause: HangUpCause, _ actions: inout [Action]) {
        state = .over
        deadline = nil
        actions.append(.hangUp(cause))
    }

    mutating func nextTicket() -> Ticket {
        tickets += 1
        return Ticket(number: tickets)
    }
}
