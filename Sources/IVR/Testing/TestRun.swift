// Runs one in-file test on a virtual clock, against the same machine that serves real calls.

import Timing
import YAML

/// One imagined call.
struct TestRun {
    let hotline: Hotline
    let test: HotlineTest
    var machine: IVRMachine
    var now: Moment
    let began: Moment
    var script: ArraySlice<HotlineTest.Act>
    var trace: [HotlineTestResult.Line] = []
    /// How long what plays still takes.
    var playing: Duration?
    /// What goes on outside of the machine.
    var outside = Outside.nothing
    /// What is pressed is not written down.
    var isSecret = false

    enum Outside {
        case nothing
        case waiting(Wait)
        case talking
        /// The caller speaks onto the mailbox.
        case message(Ticket)
        /// Answers that come at once.
        case answering(IVRMachine.Input)
        /// The story is at its end.
        case over
    }

    struct Wait {
        let load: HotlineTest.Load
        let settings: QueueSettings
        let since: Instant
        let busyAbove: Duration?
    }

    /// A call that needs more than this many turns goes round for ever.
    private static let turns = 2_000

    init(_ test: HotlineTest, of hotline: Hotline) {
        self.hotline = hotline
        self.test = test
        machine = IVRMachine(
            hotline: hotline, caller: Caller(number: test.from, called: hotline.numbers.first ?? hotline.name))
        let at = test.at.map { hotline.zone.moment(of: $0).unixMilliseconds } ?? 1_770_109_200_000
        began = Moment(instant: Instant(nanoseconds: 0), unixMilliseconds: at)
        now = began
        script = test.script[...]
    }

    mutating func result() -> HotlineTestResult {
        feed(.entered)
        var turns = 0
        while !isOver, turns < Self.turns {
            turns += 1
            step()
        }
        return HotlineTestResult(
            name: test.name, file: hotline.file, line: test.position.line, expected: test.expectations.map(\.text),
            failed: firstFailure(), trace: trace)
    }

    private var isOver: Bool {
        if case .over = outside { return true }
        return false
    }

    /// One thing happens: what plays ends, the outside answers, the caller acts, or time passes.
    private mutating func step() {
        switch outside {
        case .over: return
        case .answering(let input):
            outside = .nothing
            return feed(input)
        case .talking: return talk()
        case .waiting(let wait): return self.wait(wait)
        case .message(let ticket): return speak(ticket)
        case .nothing: break
        }
        if let length = playing {
            pass(length)
            playing = nil
            return feed(.played)
        }
        // Two presses in the script are two choices: nobody hurries from the one to the other.
        if machine.isBetweenKeys, let deadline = machine.deadline { return passTime(to: deadline) }
        switch script.popFirst() {
        case .press(let keys): press(keys)
        case .hangUp: callerHangsUp()
        case .silence, .talk, nil:
            guard let deadline = machine.deadline else {
                outside = .over
                return
            }
            remark("(is silent)")
            passTime(to: deadline)
        }
    }

    private mutating func passTime(to deadline: Instant) {
        if deadline > now.instant { pass(deadline - now.instant) }
        feed(.deadline)
    }

    mutating func press(_ keys: String) {
        remark("(presses \(isSecret ? String(repeating: "•", count: keys.count) : keys))")
        for key in keys where !isOver {
            pass(.milliseconds(300))
            feed(.digit(key))
        }
    }

    /// A message of ten seconds.
    private mutating func speak(_ ticket: Ticket) {
        if case .hangUp? = script.first { return callerHangsUp() }
        pass(.seconds(10))
        remark("(has spoken)")
        outside = .nothing
        feed(.messageRecorded(ticket))
    }

    /// Keys before the talk are pressed in vain; without `talk` the story ends here.
    private mutating func talk() {
        while let act = script.popFirst() {
            switch act {
            case .press, .silence: continue
            case .hangUp: return callerHangsUp()
            case .talk:
                pass(.seconds(60))
                remark("(the consultant hangs up)")
                outside = .nothing
                return feed(.queue(.talkEnded))
            }
        }
        outside = .over
    }

    mutating func callerHangsUp() {
        remark("(hangs up)")
        outside = .over
        feed(.hungUp)
    }

    mutating func pass(_ time: Duration) { now = now.advanced(by: time) }

    mutating func feed(_ input: IVRMachine.Input) {
        for action in machine.handle(input, now: now) { perform(action) }
    }

    /// What can be expected, in the words of the language.
    mutating func note(_ text: String) { remark(.name(text)) }

    mutating func remark(_ words: FindingText) {
        trace.append(HotlineTestResult.Line(at: now.instant - began.instant, words: words))
    }

    /// The expectations are an ordered subsequence of the trace.
    private func firstFailure() -> Int? {
        var lines = trace[...]
        for (index, expectation) in test.expectations.enumerated() {
            guard let found = lines.firstIndex(where: { $0.text == expectation.line }) else { return index }
            lines = lines[(found + 1)...]
        }
        return nil
    }
}

extension Hotline {
    /// Runs all tests of the file. Pure and fast: no audio, no clock.
    public func runTests() -> [HotlineTestResult] {
        tests.map { test in
            var run = TestRun(test, of: self)
            return run.result()
        }
    }
}
