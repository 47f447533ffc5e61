// What `centrala simulate` makes of its arguments and of the log.

import ACD
import ArgumentParser
import IVR
import Store
import Testing
import YAML

@testable import Centrala

@Suite struct SimulateTests {
    @Test(arguments: [("6", 6...6), ("5-8", 5...8), ("1-500", 1...500)])
    func `numbers of consultants are one or a range`(text: String, range: ClosedRange<Int>) {
        #expect(CountRange(argument: text)?.range == range)
    }

    @Test(arguments: ["", "0", "8-5", "a", "1-2-3", "501", "-1", "5-"])
    func `anything else is refused`(text: String) {
        #expect(CountRange(argument: text) == nil)
    }

    @Test func `either calls are given, or where to look for them`() {
        #expect(throws: (any Error).self) { try Simulate.parse(["--consultants", "3"]) }
        #expect(throws: (any Error).self) {
            try Simulate.parse(["--consultants", "3", "--calls-per-hour", "9", "--hotline", "h", "--queue", "q"])
        }
        #expect(throws: Never.self) { try Simulate.parse(["--consultants", "3", "--hotline", "h", "--queue", "q"]) }
    }

    private func hotline() throws -> Hotline {
        let text = """
            hotline: 1
            name: proba
            timezone: Europe/Warsaw
            languages: [pl]
            numbers: ["100"]
            start: koniec
            prompts: { tak: { pl: "Tak." } }
            steps: { koniec: { hangup: tak } }
            """
        let (hotline, findings) = HotlineChecker.check(
            text: text, file: "test.yaml", surroundings: .live(promptsDirectory: "/nowhere"))
        return try #require(hotline, "\(findings.map(\.text))")
    }

    /// Monday 2026-02-02 and Tuesday 2026-02-03, Warsaw.
    @Test func `a day of the log is the mean of its days, by the half-hour where the hotline is`() throws {
        let monday: Int64 = 1_769_986_800_000
        var history = WorkloadHistory()
        let minutes: [Int64] = [480, 481, 540, 1_920, 1_981]
        history.arrivals = minutes.map { monday + $0 * 60_000 }
        history.talks = Array(repeating: 120_000, count: 10)
        history.abandonedAfter = [30_000, 50_000]
        history.waited = 400_000
        let all = try #require(Workload(history, of: hotline(), weekday: nil, wrapUp: .seconds(20)))
        #expect(all.callsInSlot == [1.5, 0, 1])
        #expect(all.talk.mean == .seconds(120) && all.wrapUp.mean == .seconds(20))
        #expect(all.patience?.mean == .seconds(200))
        let mondays = try #require(Workload(history, of: hotline(), weekday: "mon", wrapUp: .zero))
        #expect(mondays.callsInSlot == [2, 0, 1])
        #expect(try Workload(history, of: hotline(), weekday: "sun", wrapUp: .zero) == nil)
        history.talks = []
        #expect(try Workload(history, of: hotline(), weekday: nil, wrapUp: .zero) == nil)
    }
}
