// Runs one in-file test on a virtual clock, against the same machine that serves real calls.

import Timing
import YAML

/// What came of one test.
public struct HotlineTestResult: Sendable {
    /// One line of the trace.
    public struct Line: Sendable {
        /// Since the call was answered.
        public let at: Duration
        /// `hear menu`; what the caller and the consultants do stands in brackets.
        public let text: String
    }

    public let name: String
    public let file: String
    public let line: Int
    /// What was expected, in order.
    public let expected: [String]
    /// The first expectation that did not come true; nil: all did.
    public let failed: Int?
    public let trace: [Line]

    public var hasPassed: Bool { failed == nil }
}

/// One imagined call.
struct TestRun {
    private let hotline: Hotline
    private let test: HotlineTest
    private var machine: IVRMachine
    private var now: Moment
    private let began: Moment
    private var script: ArraySlice<HotlineTest.Act>
    private var trace: [HotlineTestResult.Line] = []
    /// What follows by itself, and how long it takes: a prompt, or the queue.
    private var playing: Duration?
    private var waiting: Waiting?
    private var isTalking = false
    private var isOver = false

    private struct Waiting {
        let load: HotlineTest.Load
        let settings: QueueSettings
        let since: Moment
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

    /// One thing happens: what plays ends, the caller acts, or time passes.
    private mutating func step() {
        if isTalking { return talk() }
        if let waiting { return wait(waiting) }
        if let length = playing {
            pass(length)
            playing = nil
            return feed(.played)
        }
        switch script.popFirst() {
        case .press(let keys):
            note("(presses \(keys))")
            for key in keys where !isOver {
                pass(.milliseconds(300))
                feed(.digit(key))
            }
        case .hangUp: callerHangsUp()
        case .silence, .talk, nil:
            guard let deadline = machine.deadline else {
                isOver = true
                return
            }
            note("(is silent)")
            passTime(to: deadline)
        }
    }

    /// In the queue: an announcement comes before the answer, or the answer before it.
    private mutating func wait(_ waiting: Waiting) {
        if waiting.load.isFull { return feed(.queue(.full)) }
        if waiting.load.hasNobody { return feed(.queue(.nobody)) }
        if case .hangUp? = script.first {
            script.removeFirst()
            return callerHangsUp()
        }
        let limit = waiting.settings.maxWait ?? .seconds(14_400)
        let wanted = waiting.load.wait ?? .seconds(2)
        let end = waiting.since.instant + min(wanted, limit)
        let heard = playing.map { now.instant + $0 }
        if let next = heard ?? machine.deadline, next < end {
            return announce(at: next, waiting, wasPlaying: heard != nil)
        }
        pass(end - now.instant)
        if wanted > limit { return feed(.queue(.timeout)) }
        answer()
    }

    private mutating func announce(at next: Instant, _ waiting: Waiting, wasPlaying: Bool) {
        pass(next - now.instant)
        if wasPlaying {
            playing = nil
            return feed(.played)
        }
        let left = waiting.load.wait.map { $0 - (now.instant - waiting.since.instant) }
        feed(.queue(.position(ahead: waiting.load.ahead, wait: left)))
        feed(.deadline)
    }

    private mutating func answer() {
        note("(a consultant answers)")
        noteRecording(.answer)
        playing = nil
        waiting = nil
        isTalking = true
        feed(.queue(.answered))
    }

    /// Keys before the talk are pressed in vain; without `talk` the story ends here.
    private mutating func talk() {
        while let act = script.popFirst() {
            switch act {
            case .press, .silence: continue
            case .hangUp: return callerHangsUp()
            case .talk:
                pass(.seconds(60))
                note("(the consultant hangs up)")
                isTalking = false
                return feed(.queue(.talkEnded))
            }
        }
        isOver = true
    }

    private mutating func callerHangsUp() {
        note("(hangs up)")
        isOver = true
        feed(.hungUp)
    }

    private mutating func passTime(to deadline: Instant) {
        if deadline > now.instant { pass(deadline - now.instant) }
        feed(.deadline)
    }

    private mutating func pass(_ time: Duration) { now = now.advanced(by: time) }

    private mutating func feed(_ input: IVRMachine.Input) {
        for action in machine.handle(input, now: now) { perform(action) }
    }

    private mutating func perform(_ action: IVRMachine.Action) {
        switch action {
        case .play(let utterances):
            playing = utterances.reduce(.zero) { $0 + .milliseconds(60 * $1.text.count) }
        case .music, .silence: playing = nil
        case .enqueue(let request):
            note("queue \(request.queue) \(request.language)")
            noteRecording(.queue)
            guard let settings = hotline.queues[request.queue] else { return }
            let load = test.loads[request.queue] ?? HotlineTest.Load(position: test.position)
            waiting = Waiting(load: load, settings: settings, since: now)
        case .leaveQueue: waiting = nil
        case .record: noteRecording(.start)
        case .hangUp:
            note("hang up")
            isOver = true
        case .language(let language): note("(language \(language))")
        case .tag(let tag): note("tag \(tag)")
        case .entered(let step):
            waiting = nil
            note("step \(step)")
        case .heard(let prompt): note("hear \(prompt)")
        }
    }

    /// Noted where the hotline says that recording begins.
    private mutating func noteRecording(_ place: RecordingPolicy.Start) {
        guard hotline.recording.from == place else { return }
        note("recording \(machine.isRecordingOn ? "on" : "off")")
    }

    private mutating func note(_ text: String) {
        trace.append(HotlineTestResult.Line(at: now.instant - began.instant, text: text))
    }

    /// The expectations are an ordered subsequence of the trace.
    private func firstFailure() -> Int? {
        var lines = trace[...]
        for (index, expectation) in test.expectations.enumerated() {
            guard let found = lines.firstIndex(where: { $0.text == expectation.text }) else { return index }
            lines = lines[(found + 1)...]
        }
        return nil
    }
}

extension HotlineTestResult {
    /// One line when it passed; what was expected and the whole call when it did not.
    public var text: String {
        guard let failed else { return "ok      \(name)" }
        var lines = ["FAILED  \(name)  (\(file):\(line))", "    expected, in this order:"]
        for (index, text) in expected.enumerated() {
            let mark = index < failed ? "+" : index == failed ? "-" : " "
            lines.append("      \(mark) \(text)" + (index == failed ? "    <- did not happen" : ""))
        }
        lines.append("    the call:")
        for line in trace {
            let seconds = Int(line.at.components.seconds)
            let clock = "\(Self.twoDigits(seconds / 60)):\(Self.twoDigits(seconds % 60))"
            lines.append("      \(clock)  \(line.text)")
        }
        return lines.joined(separator: "\n")
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
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
