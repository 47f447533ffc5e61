// A hotline walked with the keyboard: what the caller would hear as text, what is typed as keys, time on a clock of its own.

import Timing
public import YAML

/// One call that a person plays, line by line. Pure: the clock goes on only when a prompt was heard or something was waited
/// for.
public struct KeyboardCall: Sendable {
    /// What is going on outside of the machine.
    enum Outside: Sendable {
        case nothing
        case waiting(QueueRequest)
        case talking
        case message(Ticket)
        case transferring(Ticket)
        case lookingUp(LookupRequest)
        case over
    }

    let hotline: Hotline
    let language: ReportLanguage
    var machine: IVRMachine
    var now: Moment
    var outside = Outside.nothing
    /// How long what plays still takes.
    var playing: Duration?
    /// What is typed is not shown.
    var isSecret = false
    var lines: [String] = []
    /// Questions that are answered at once, when all actions are done.
    var answers: [IVRMachine.Input] = []

    /// - Parameters:
    ///   - caller: the caller's number; nil when it is withheld.
    ///   - unixMilliseconds: when the call comes.
    public init(_ hotline: Hotline, caller: String?, unixMilliseconds: Int64, language: ReportLanguage) {
        self.hotline = hotline
        self.language = language
        let called = hotline.numbers.first ?? hotline.name
        machine = IVRMachine(hotline: hotline, caller: Caller(number: caller, called: called))
        now = Moment(instant: Instant(nanoseconds: 0), unixMilliseconds: unixMilliseconds)
    }

    public var isOver: Bool {
        if case .over = outside { return true }
        return false
    }

    /// What can be typed now, one line.
    public var prompt: String {
        let keys = language.text("klawisze", "keys")
        let wait = language.text("Enter: czekaj", "Enter: wait")
        let leave = language.text("r: rozłącz się", "h: hang up")
        let words =
            switch outside {
            case .nothing: [keys, wait]
            case .waiting:
                [
                    language.text("o: konsultant odbiera", "a: a consultant answers"),
                    language.text("p: kolejka pełna", "f: the queue is full"),
                    language.text("n: nikogo nie ma", "n: nobody is there"), keys, wait,
                ]
            case .talking: [language.text("k: konsultant kończy", "e: the consultant hangs up")]
            case .message: [language.text("#: koniec wiadomości", "#: end of the message"), wait]
            case .transferring:
                [language.text("o: ktoś odbiera", "a: somebody answers"), language.text("n: nikt", "n: nobody does")]
            case .lookingUp(let request):
                [
                    request.fields.map { "\($0)=…" }.joined(separator: " "),
                    language.text("n: brak odpowiedzi", "n: no answer"),
                ]
            case .over: [String]()
            }
        return (words + (isOver ? [] : [leave])).joined(separator: " · ")
    }

    /// The call is answered. Returns what there is to see.
    public mutating func begin() -> [String] {
        feed(.entered)
        return taken()
    }

    /// One line of the person at the keyboard. Returns what came of it.
    public mutating func type(_ line: String) -> [String] {
        let words = line.split { $0 == " " || $0 == "\t" }.map(String.init)
        let word = words.joined()
        if isOver { return [] }
        if ["r", "h"].contains(word.lowercased()) {
            leave()
        } else if word.isEmpty {
            wait()
        } else if case .lookingUp(let request) = outside, word.contains("=") {
            lookedUp(request, words)
        } else if !word.isEmpty, word.allSatisfy({ $0.isASCIIDigit || $0 == "*" || $0 == "#" }) {
            press(word)
        } else if !answer(word.lowercased()) {
            lines.append("? " + prompt)
        }
        return taken()
    }

    /// The person at the keyboard is gone (end of input).
    public mutating func hangUp() -> [String] {
        leave()
        return taken()
    }

    private mutating func leave() {
        guard !isOver else { return }
        note(language.text("(dzwoniący się rozłącza)", "(the caller hangs up)"))
        outside = .over
        feed(.hungUp)
    }

    private mutating func taken() -> [String] {
        defer { lines = [] }
        return lines
    }
}

// MARK: What is typed

extension KeyboardCall {
    private mutating func press(_ keys: String) {
        if isSecret { note("(" + String(repeating: "•", count: keys.count) + ")") }
        for key in keys where !isOver {
            pass(.milliseconds(300))
            feed(.digit(key))
        }
    }

    /// What plays is heard to its end; where nothing plays, the time that the machine waits for passes.
    private mutating func wait() {
        if let length = playing {
            pass(length)
            playing = nil
            return feed(.played)
        }
        guard let deadline = machine.deadline else {
            return note(language.text("(nic się nie dzieje)", "(nothing happens)"))
        }
        let length = max(deadline - now.instant, .zero)
        pass(length)
        let seconds = Int((length / .seconds(1)).rounded(.up))
        note(language.text("(cisza, \(seconds) s)", "(silence, \(seconds) s)"))
        feed(.deadline)
    }

    /// What somebody else does, by the letter that `prompt` offers. False when nothing is known by it now.
    private mutating func answer(_ letter: String) -> Bool {
        switch (outside, letter) {
        case (.waiting, "o"), (.waiting, "a"):
            (outside, playing) = (.talking, nil)
            note(language.text("(konsultant odbiera)", "(a consultant answers)"))
            feed(.queue(.answered))
        case (.waiting, "p"), (.waiting, "f"): leaveQueue(.full)
        case (.waiting, "n"): leaveQueue(.nobody)
        case (.talking, "k"), (.talking, "e"):
            outside = .nothing
            note(language.text("(konsultant kończy rozmowę)", "(the consultant hangs up)"))
            feed(.queue(.talkEnded))
        case (.transferring(let ticket), "o"), (.transferring(let ticket), "a"):
            note(language.text("(połączono; rozmowa toczy się dalej bez infolinii)", "(connected; the talk goes on)"))
            feed(.transferred(ticket))
            outside = .over
        case (.transferring(let ticket), "n"):
            outside = .nothing
            feed(.transferFailed(ticket))
        case (.lookingUp(let request), "n"):
            outside = .nothing
            feed(.lookupFailed(request.ticket))
        default: return false
        }
        return true
    }

    private mutating func leaveQueue(_ news: IVRMachine.QueueNews) {
        (outside, playing) = (.nothing, nil)
        feed(.queue(news))
    }

    /// `saldo=12.50 termin=2026-03-01`; a value with spaces goes on to the next `=`.
    private mutating func lookedUp(_ request: LookupRequest, _ words: [String]) {
        var fields: [String: String] = [:]
        var name: String?
        for word in words {
            if let mark = word.firstIndex(of: "=") {
                name = String(word[..<mark])
                fields[String(word[..<mark])] = String(word[word.index(after: mark)...])
            } else if let name {
                fields[name, default: ""] += " " + word
            }
        }
        outside = .nothing
        feed(.lookedUp(request.ticket, fields))
    }
}

// MARK: What the hotline does

extension KeyboardCall {
    private mutating func feed(_ input: IVRMachine.Input) {
        for action in machine.handle(input, now: now) { perform(action) }
        if !answers.isEmpty { feed(answers.removeFirst()) }
    }

    private mutating func perform(_ action: IVRMachine.Action) {
        switch action {
        case .play(let utterances):
            for utterance in utterances { note("„\(utterance.text)”") }
            playing = utterances.imaginedLength
        case .music:
            playing = nil
            note(language.text("(muzyka)", "(music)"))
        case .silence: playing = nil
        case .enqueue(let request):
            outside = .waiting(request)
            let needed = request.skills.required.map(\.description)
            let skills = needed.isEmpty ? "" : " [" + needed.joined(separator: ", ") + "]"
            note(language.text("→ kolejka ", "→ queue ") + request.queue + skills)
        case .leaveQueue, .endMessage, .cancelTransfer: outside = .nothing
        case .alsoQueue(let queue): note(language.text("→ także kolejka ", "→ also queue ") + queue)
        case .record(let on):
            note(
                on
                    ? language.text("● wolno nagrywać", "● may be recorded")
                    : language.text("○ nie wolno nagrywać", "○ must not be recorded"))
        case .secret(let on): isSecret = on
        case .measure(let ticket, let queues):
            // Queues are empty, and nobody can say how long.
            let empty = QueueLoad(ahead: 0, wait: nil, hasNobody: false, isFull: false)
            answers.append(.load(ticket, Dictionary(queues.map { ($0, empty) }) { first, _ in first }))
        case .requestCallback(let request):
            note(language.text("→ oddzwonimy: ", "→ to be called back: ") + request.number)
            answers.append(.callback(request.ticket, .accepted))
        case .recordMessage(let request):
            playing = nil
            outside = .message(request.ticket)
            note(language.text("(sygnał) → skrzynka ", "(tone) → mailbox ") + request.mailbox)
        case .transfer(let request):
            outside = .transferring(request.ticket)
            note(language.text("→ przekazanie: ", "→ transfer: ") + request.target.text)
        case .lookup(let request):
            outside = .lookingUp(request)
            note(language.text("→ pytanie: ", "→ lookup: ") + request.address)
        case .hangUp:
            outside = .over
            note(language.text("(infolinia kończy połączenie)", "(the hotline hangs up)"))
        case .language(let code): note(language.text("język: ", "language: ") + code)
        case .tag(let tag): note(language.text("znacznik: ", "tag: ") + tag)
        case .entered(let step, _): note("[\(step)]")
        case .heard, .told: break
        case .answer(_, let question, let value): note("\(question) = \(value)")
        }
    }

    private mutating func pass(_ time: Duration) { now = now.advanced(by: time) }

    /// With the local time at the hotline, as a wall clock shows it.
    private mutating func note(_ text: String) {
        let local = hotline.zone.local(now.unixMilliseconds)
        let second = Int((now.unixMilliseconds / 1_000) % 60)
        let clock = [local.minute / 60, local.minute % 60, second].map { $0 < 10 ? "0\($0)" : "\($0)" }
        lines.append(clock.joined(separator: ":") + "  " + text)
    }
}

extension Hotline {
    /// The moment of a local time as a hotline file writes it, `2026-02-03 10:15`, in ms since 1970; nil for anything else.
    public func unixMilliseconds(at written: String) -> Int64? {
        LocalTime(written).map { zone.moment(of: $0).unixMilliseconds }
    }
}
