// The talk with an administrator who records prompts by telephone: keys and news in, things to do out.

import Store
import Timing

/// One call. Pure: what it decides is performed by `StudioCall`, which brings the answers.
struct StudioDialogue: Sendable {
    /// Between two keys, and behind a question.
    static let keyPatience = Duration.seconds(10)
    /// A question is said so often in all.
    static let questions = 3
    /// Wrong PINs before the call is ended.
    static let attempts = 3
    /// A prompt may last 60 s; the rest is for thinking before and after it.
    static let longestRecording = Duration.seconds(75)
    static let longestCall = Duration.seconds(30 * 60)
    /// For work that others do, and for a last sentence.
    private static let workPatience = Duration.seconds(30)
    private static let longestNumber = 12

    private(set) var state = State.ringing
    private var typed = ""
    private var failures = 0
    /// What is said again when no key comes, and how often it was said.
    private var question: [StudioPhrase] = []
    private var asked = 0
    private var patience: Instant?
    private var end: Instant?
    /// Nil before the caller is known: then everything is said in both languages.
    private var language: PageLanguage?
    /// The number of the prompt that was heard last.
    private var last = 0
    /// To be said before what comes next.
    private var remark: [StudioPhrase] = []

    /// When `deadline` is to come, if nothing else comes before; nil: not at all.
    var deadline: Instant? {
        switch state {
        case .over: nil
        case .leaving: patience
        case .ringing, .askingNumber, .askingPIN, .proving, .choosing, .finding, .presenting, .recording, .polishing,
            .reviewing, .flawed, .keeping:
            [patience, end].compactMap { $0 }.min()
        }
    }

    mutating func handle(_ input: Input, now: Instant) -> [Action] {
        switch (state, input) {
        case (.over, _): return []
        case (.ringing, .entered(let isFull)):
            end = now + Self.longestCall
            return isFull ? leave([.linesBusy], now) : ask([.askNumber], .askingNumber)
        case (_, .deadline): return timedOut(now)
        case (_, .key(let key)): return pressed(key, now)
        case (_, .played): return played(now)
        case (.proving, .proved(let proof)): return proved(proof, now)
        case (.finding(let choice), .found(let line)): return found(line, choice, now)
        case (.recording(let line), .quiet): return finish(line, now)
        case (.polishing(let line), .polished): return review(line)
        case (.polishing(let line), .flawed(let flaw)): return ask([flaw.phrase, .retry], .flawed(line))
        case (.keeping(let line), .kept(let isHeard)):
            remark = [isHeard ? .kept : .keptUnheard]
            return find(.next(after: line.number), now)
        case (.keeping, .notKept): return leave([.technical], now)
        case (.keeping, .notPermitted): return leave([.notPermitted], now)
        case (_, .entered), (_, .proved), (_, .found), (_, .quiet), (_, .polished), (_, .flawed), (_, .kept),
            (_, .notKept), (_, .notPermitted):
            return []
        }
    }
}

// MARK: Keys

extension StudioDialogue {
    private mutating func pressed(_ key: Character, _ now: Instant) -> [Action] {
        if key == "*" { return starred(now) }
        switch (state, key) {
        case (.askingNumber, "#"), (.askingPIN, "#"), (.choosing, "#"): return entered(now)
        case (.askingNumber, _), (.askingPIN, _), (.choosing, _): return typed(key, now)
        case (.presenting(let line), "1"), (.presenting(let line), "#"): return [.silence] + record(line, now)
        case (.presenting(let line), "2"): return present(line)
        case (.recording(let line), "#"): return finish(line, now)
        case (.reviewing(let line), "1"):
            state = .keeping(line)
            patience = now + Self.workPatience
            return [.silence, .keep]
        case (.reviewing(let line), "#"): return review(line)
        case (.reviewing(let line), "2"), (.flawed(let line), "2"):
            state = .presenting(line)
            patience = nil
            return [.discard, .say(speech([.speakAfterTone]))]
        case (.presenting(let line), "3"): return find(.next(after: line.number), now)
        case (.reviewing(let line), "3"), (.flawed(let line), "3"):
            return [.discard] + find(.next(after: line.number), now)
        case (.presenting, _), (.recording, _), (.reviewing, _), (.flawed, _), (.ringing, _), (.proving, _),
            (.finding, _),
            (.polishing, _), (.keeping, _), (.leaving, _), (.over, _):
            return []
        }
    }

    private mutating func typed(_ key: Character, _ now: Instant) -> [Action] {
        guard key.isASCII, key.isWholeNumber, typed.count < Self.longestNumber else { return [] }
        typed.append(key)
        patience = now + Self.keyPatience
        return typed.count == 1 ? [.silence] : []
    }

    /// Takes back what was typed; where nothing was, it ends the call.
    private mutating func starred(_ now: Instant) -> [Action] {
        guard typed.isEmpty else {
            typed = ""
            patience = now + Self.keyPatience
            return []
        }
        if case .leaving = state { return hangUp() }
        return leave([.goodbye], now)
    }

    private mutating func entered(_ now: Instant) -> [Action] {
        let entry = typed
        typed = ""
        switch state {
        case .askingNumber: return entry.isEmpty ? askAgain(now) : ask([.askPIN], .askingPIN(number: entry))
        case .askingPIN(let number):
            guard !entry.isEmpty else { return askAgain(now) }
            state = .proving
            patience = now + Self.workPatience
            return [.silence, .prove(number: number, pin: entry)]
        case .choosing: return find(entry.isEmpty ? .next(after: last) : .number(Int(entry) ?? 0), now)
        case .ringing, .proving, .finding, .presenting, .recording, .polishing, .reviewing, .flawed, .keeping, .leaving,
            .over:
            return []
        }
    }
}

// MARK: News

extension StudioDialogue {
    private mutating func played(_ now: Instant) -> [Action] {
        switch state {
        case .askingNumber, .askingPIN, .choosing, .reviewing, .flawed:
            patience = now + Self.keyPatience
            return []
        case .presenting(let line): return record(line, now)
        case .leaving: return hangUp()
        case .ringing, .proving, .finding, .recording, .polishing, .keeping, .over: return []
        }
    }

    private mutating func timedOut(_ now: Instant) -> [Action] {
        if let end, now >= end, state != .leaving { return leave([.timeIsUp], now) }
        guard let patience, now >= patience else { return [] }
        switch state {
        case .askingNumber, .askingPIN, .choosing: return typed.isEmpty ? askAgain(now) : entered(now)
        case .reviewing, .flawed: return askAgain(now)
        case .recording(let line): return finish(line, now)
        case .proving, .finding, .polishing, .keeping: return leave([.technical], now)
        case .leaving: return hangUp()
        case .ringing, .presenting, .over: return []
        }
    }

    private mutating func proved(_ proof: Proof, _ now: Instant) -> [Action] {
        switch proof {
        case .accepted(let language, let unrecorded):
            self.language = language
            return ask([.unrecorded(unrecorded), .menu], .choosing)
        case .wrong:
            failures += 1
            guard failures < Self.attempts else { return leave([.wrong, .tooManyAttempts], now) }
            return ask([.wrong, .askNumber], .askingNumber)
        case .locked(let wait): return leave([.locked(wait)], now)
        case .busy: return leave([.linesBusy], now)
        case .alreadyCalling: return leave([.alreadyCalling], now)
        }
    }

    private mutating func found(_ line: Line?, _ choice: Choice, _ now: Instant) -> [Action] {
        guard let line else {
            if case .number = choice { return ask([.noSuchPrompt, .menu], .choosing) }
            return ask([.nothingLeft, .menu], .choosing)
        }
        last = line.number
        return present(line)
    }
}

// MARK: Turns

extension StudioDialogue {
    private mutating func ask(_ phrases: [StudioPhrase], _ state: State) -> [Action] {
        self.state = state
        question = phrases
        asked = 1
        patience = nil
        typed = ""
        return [.say(speech(takeRemark() + phrases))]
    }

    private mutating func askAgain(_ now: Instant) -> [Action] {
        asked += 1
        guard asked <= Self.questions else { return leave([.goodbye], now) }
        patience = nil
        return [.say(speech(question))]
    }

    private mutating func find(_ choice: Choice, _ now: Instant) -> [Action] {
        state = .finding(choice)
        patience = now + Self.workPatience
        return [.silence, .find(choice)]
    }

    private mutating func present(_ line: Line) -> [Action] {
        state = .presenting(line)
        patience = nil
        let heading = speech(takeRemark() + [.prompt(number: line.number, language: line.language)])
        return [.say(heading + [.text(line.text, language: line.language)] + speech([.speakAfterTone]))]
    }

    private mutating func record(_ line: Line, _ now: Instant) -> [Action] {
        state = .recording(line)
        patience = now + Self.longestRecording
        return [.record]
    }

    private mutating func finish(_ line: Line, _ now: Instant) -> [Action] {
        state = .polishing(line)
        patience = now + Self.workPatience
        return [.finishRecording]
    }

    private mutating func review(_ line: Line) -> [Action] {
        state = .reviewing(line)
        question = [.review]
        asked = 1
        patience = nil
        return [.say([.take] + speech(question))]
    }

    private mutating func leave(_ phrases: [StudioPhrase], _ now: Instant) -> [Action] {
        state = .leaving
        patience = now + Self.workPatience
        typed = ""
        return [.discard, .say(speech(takeRemark() + phrases))]
    }

    private mutating func hangUp() -> [Action] {
        state = .over
        return [.hangUp]
    }

    private mutating func takeRemark() -> [StudioPhrase] {
        defer { remark = [] }
        return remark
    }

    private func speech(_ phrases: [StudioPhrase]) -> [Speech] {
        let languages = language.map { [$0] } ?? PageLanguage.allCases
        return languages.flatMap { language in phrases.map { .phrase($0, language) } }
    }
}

extension StudioDialogue.Flaw {
    fileprivate var phrase: StudioPhrase {
        switch self {
        case .silent: .silent
        case .tooLong: .tooLong
        case .technical: .technical
        }
    }
}
