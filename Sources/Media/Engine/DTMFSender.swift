// Keys that we send, one after another (RFC 4733 §2.5.1; as tones: ITU-T Q.24).

/// What becomes of the next 20 ms while keys are sent. The leg decides whether they go as events or as tones.
struct DTMFSender: BitwiseCopyable {
    /// 100 ms a key: more than twice the 40 ms that every receiver must recognise.
    private static var updates: UInt8 { 5 }
    /// The last packet is sent three times in all (RFC 4733 §2.5.1.4).
    private static var repeats: UInt8 { 2 }
    /// From the key's end to the next key's beginning, repeats included, in 20 ms: 100 ms, more than Q.24's 40.
    private static var pause: UInt8 { 5 }

    enum Step: BitwiseCopyable {
        /// The key sounds. `update` is 1…5; it is also how many 20 ms it has lasted.
        case sounding(Digit, update: UInt8, isEnd: Bool)
        /// The end again; in tones, silence.
        case endAgain(Digit, updates: UInt8)
        case pause
        case idle
    }

    private enum State: BitwiseCopyable {
        /// goes to: sounding
        case idle
        /// goes to: ending
        case sounding(Digit, update: UInt8)
        /// goes to: sounding, idle
        case ending(Digit, elapsed: UInt8)
    }

    private var waiting = DigitString()
    private var state = State.idle

    var isActive: Bool {
        @_noLocks @_noAllocation get {
            switch state {
            case .idle: !waiting.isEmpty
            case .sounding, .ending: true
            }
        }
    }

    /// False when sixteen keys wait already.
    @_noLocks @_noAllocation
    mutating func append(_ digit: Digit) -> Bool { waiting.append(digit) }

    /// To be called every 20 ms while `isActive`.
    @_noLocks @_noAllocation
    mutating func next() -> Step {
        switch state {
        case .idle:
            guard let digit = waiting.popFirst() else { return .idle }
            state = .sounding(digit, update: 1)
            return .sounding(digit, update: 1, isEnd: false)
        case .sounding(let digit, let update):
            let now = update + 1
            let isEnd = now >= DTMFSender.updates
            state = isEnd ? .ending(digit, elapsed: 0) : .sounding(digit, update: now)
            return .sounding(digit, update: now, isEnd: isEnd)
        case .ending(let digit, let elapsed):
            state = elapsed + 1 < DTMFSender.pause ? .ending(digit, elapsed: elapsed + 1) : .idle
            return elapsed < DTMFSender.repeats ? .endAgain(digit, updates: DTMFSender.updates) : .pause
        }
    }
}
