// One call's walk through one hotline. Pure: no clock, no I/O; what it wants done it returns as actions.

public import Timing

/// Feed it what happens, perform what it returns, wake it at `deadline`.
public struct IVRMachine: Sendable {
    /// What happens to the call.
    public enum Input: Sendable, Hashable {
        /// The call was answered. Comes first, once.
        case entered
        /// `0`–`9`, `*`, `#`; others are ignored.
        case digit(Character)
        /// All of the last `.play` was heard, or could not be played. Not sent for a play that was replaced or silenced.
        case played
        /// `deadline` has come. Too early or too late does no harm.
        case deadline
        case queue(QueueNews)
        /// The caller is gone. Nothing is to be done afterwards but `.leaveQueue`, if returned.
        case hungUp
    }

    /// What the distribution of calls says of this caller.
    public enum QueueNews: Sendable, Hashable {
        /// How many wait before this caller, and the estimated wait if it can be told. Spoken in the next announcement.
        case position(ahead: Int, wait: Duration?)
        /// Refused or put out; the caller is no longer in the queue.
        case full
        case nobody
        case timeout
        /// Bridged with a consultant.
        case answered
        /// The consultant is gone and the caller still there.
        case talkEnded
        /// The consultant was lost; the caller is back at the head of the queue.
        case returned
    }

    /// What is to be done, in order. The last five are facts to be noted.
    public enum Action: Sendable, Hashable {
        /// Replaces what plays. Never empty.
        case play([Utterance])
        /// Replaces what plays, without an end; nil: the built-in music.
        case music(file: String?)
        /// Stops what plays.
        case silence
        case enqueue(QueueRequest)
        case leaveQueue
        /// From now on the caller may (not) be recorded; from where on is `Hotline.recording.from`.
        case record(Bool)
        case hangUp(HangUpCause)
        case language(String)
        case tag(String)
        case entered(step: String)
        /// The prompt begins to play.
        case heard(prompt: String)
    }

    public enum HangUpCause: Sendable, Hashable {
        /// The caller reached a `hangup` step.
        case ended
        /// The consultant hung up and nothing follows.
        case consultantEnded
        /// The walk goes round without the caller; a file that was checked cannot get here.
        case stuck
    }

    enum State: Sendable {
        /// goes to: any by `.entered`
        case new
        /// A `say` plays. goes to: `then`
        case saying(SayStep, isInterruptible: Bool)
        /// goes to: a key's step, `otherwise`
        case choosing(MenuTurn)
        /// In the queue. goes to: talking, `full`, `nobody`, `timeout`
        case waiting(QueueTurn)
        /// goes to: waiting by `.returned`, `after_call`, over
        case talking(QueueTurn)
        /// The last prompt plays. goes to: over
        case parting
        case over
    }

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
    var state = State.new
    /// Digits pressed before the menu that they are meant for.
    var typedAhead: [Character] = []
    /// Steps entered since the caller, a prompt or the time last had a say.
    private var stepsInARow = 0

    /// No prompt is longer than 60 s (E024): a `.played` that never comes must not hold the caller for ever.
    private static let playLimit = Duration.seconds(90)
    private static let stepsLimit = 50

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
        case .played:
            stepsInARow = 0
            played(now, &actions)
        case .deadline:
            guard let deadline, now.instant >= deadline else { return [] }
            self.deadline = nil
            stepsInARow = 0
            timePassed(now, &actions)
        case .queue(let news): heardFromQueue(news, now, &actions)
        case .hungUp:
            if case .waiting = state { actions.append(.leaveQueue) }
            state = .over
            deadline = nil
        }
        return actions
    }

    private mutating func enterHotline(_ now: Moment, _ actions: inout [Action]) {
        guard case .new = state else { return }
        actions.append(.language(language))
        if isRecordingOn { actions.append(.record(true)) }
        go(to: hotline.start.step, now, &actions)
    }

    private mutating func pressed(_ digit: Character, _ now: Moment, _ actions: inout [Action]) {
        switch state {
        case .saying(let say, let isInterruptible):
            if typedAhead.count < 20 { typedAhead.append(digit) }
            guard isInterruptible else { return }
            actions.append(.silence)
            go(to: say.then, now, &actions)
        case .choosing(let turn): choose(digit, turn, now, &actions)
        case .new, .waiting, .talking, .parting, .over: return
        }
    }

    private mutating func played(_ now: Moment, _ actions: inout [Action]) {
        switch state {
        case .saying(let say, _): go(to: say.then, now, &actions)
        case .choosing(let turn): listen(turn, now, &actions)
        case .waiting(let turn): announced(turn, now, &actions)
        case .parting: hangUp(.ended, &actions)
        case .new, .talking, .over: return
        }
    }

    private mutating func timePassed(_ now: Moment, _ actions: inout [Action]) {
        switch state {
        case .saying, .parting: played(now, &actions)
        case .choosing(let turn): choiceTimedOut(turn, now, &actions)
        case .waiting(let turn): announcementDue(turn, now, &actions)
        case .new, .talking, .over: return
        }
    }

    mutating func go(to exit: Exit?, _ now: Moment, _ actions: inout [Action]) {
        go(to: exit?.step, now, &actions)
    }

    private mutating func go(to name: String?, _ now: Moment, _ actions: inout [Action]) {
        stepsInARow += 1
        guard let name, let next = hotline.steps[name], stepsInARow <= Self.stepsLimit else {
            return hangUp(.stuck, &actions)
        }
        deadline = nil
        step = name
        actions.append(.entered(step: name))
        switch next.kind {
        case .say(let say): enter(say, now, &actions)
        case .menu(let menu): enter(menu, now, &actions)
        case .hours(let hours): enter(hours, now, &actions)
        case .queue(let queue): enter(queue, now, &actions)
        case .hangup(let prompts):
            state = .parting
            if !play(prompts.map(\.name), .none, now, &actions) { hangUp(.ended, &actions) }
        case .unknown: hangUp(.stuck, &actions)
        }
    }

    private mutating func enter(_ say: SayStep, _ now: Moment, _ actions: inout [Action]) {
        if let language = say.language { speak(language, &actions) }
        let isNotice = say.prompts.contains { hotline.prompts[$0.name]?.isRecordingNotice == true }
        if isNotice { typedAhead = [] }
        state = .saying(say, isInterruptible: say.interruptible && !isNotice)
        let skips = !typedAhead.isEmpty && say.interruptible
        if skips || !play(say.prompts.map(\.name), .none, now, &actions) { go(to: say.then, now, &actions) }
    }

    private mutating func enter(_ hours: HoursStep, _ now: Moment, _ actions: inout [Action]) {
        let calendar = hours.calendar.flatMap { hotline.calendars[$0.name] }
        switch calendar?.state(at: hotline.zone.local(now.unixMilliseconds)) ?? .closed {
        case .open: go(to: hours.open, now, &actions)
        case .closed: go(to: hours.closed, now, &actions)
        case .holiday: go(to: hours.holiday ?? hours.closed, now, &actions)
        }
    }

    mutating func speak(_ language: String, _ actions: inout [Action]) {
        self.language = language
        actions.append(.language(language))
    }

    /// Plays what can be spoken; false when nothing can.
    mutating func play(
        _ prompts: [String], _ values: SpokenValues, _ now: Moment, _ actions: inout [Action]
    ) -> Bool {
        let utterances = prompts.compactMap { hotline.utterance($0, language: language, values: values) }
        guard !utterances.isEmpty else { return false }
        actions.append(.play(utterances))
        actions += utterances.map { .heard(prompt: $0.prompt) }
        deadline = now.instant + Self.playLimit * utterances.count
        return true
    }

    mutating func hangUp(_ cause: HangUpCause, _ actions: inout [Action]) {
        state = .over
        deadline = nil
        actions.append(.hangUp(cause))
    }
}
