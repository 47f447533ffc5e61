// The complexity of Opus under load, in virtual time.

import Testing
import Timing

@testable import Media

/// A thread whose work is `rest` per mille of a core beside encoding, which takes `encoding` at complexity 5.
private struct Thread {
    /// What encoding costs at each complexity, per mille of what it costs at 5 (measured at 16 kHz).
    static let cost = [407, 433, 767, 827, 1_000, 1_000]
    var governor = ComplexityGovernor()
    var now = Instant(nanoseconds: 1)
    var sample = ComplexityGovernor.Sample(cpu: 0, ticks: 0, lateMicroseconds: 0, opusFrames: 0)
    var rest = 0
    var encoding = 0
    var late = 60
    /// What the complexity was every 10 ms.
    var history: [Int] = []

    var busy: Int { rest + encoding * Thread.cost[governor.complexity] / 1_000 }

    mutating func run(seconds: Double) {
        for _ in 0..<Int(seconds * 100) {
            now = now + .milliseconds(10)
            sample.cpu += Int64(busy) * 10_000
            sample.ticks += 10
            sample.lateMicroseconds += 10 * late
            sample.opusFrames += encoding > 0 ? 1 : 0
            if governor.isDue(now) { governor.note(sample, now: now) }
            history.append(governor.complexity)
        }
    }
}

@Suite struct ComplexityGovernorTests {
    @Test func `an idle thread encodes as well as it can`() {
        var thread = Thread()
        thread.encoding = 500
        thread.run(seconds: 60)
        #expect(thread.history.allSatisfy { $0 == 5 })
    }

    @Test(arguments: [1, 5, 20, 50])
    func `however fast calls come the thread does not fill up, though at full complexity it would`(aSecond: Int) {
        var thread = Thread()
        var busiest = 0
        // Up to 1.4 cores' worth of encoding at full complexity, one call of 10 per mille after the other.
        for _ in 0..<140 {
            thread.encoding += 10
            thread.run(seconds: 1 / Double(aSecond))
            busiest = max(busiest, thread.busy)
        }
        #expect(busiest < 800)
        #expect(thread.encoding == 1_400)
    }

    @Test func `when the load has gone complexity comes back step by step`() {
        var thread = Thread()
        thread.encoding = 1_300
        thread.run(seconds: 5)
        #expect(thread.governor.complexity == 0)
        thread.encoding = 100
        thread.history = []
        thread.run(seconds: 30)
        let steps = thread.history.reduce(into: [Int]()) { if $0.last != $1 { $0.append($1) } }
        #expect(steps == [0, 1, 2, 3, 5])
        #expect(thread.history.prefix(290).allSatisfy { $0 == 0 }, "not before three calm seconds")
    }

    @Test(arguments: Array(stride(from: 0, through: 2_000, by: 50)))
    func `under any steady load the complexity comes to rest`(encoding: Int) {
        for rest in [0, 100, 300, 500] {
            var thread = Thread()
            thread.rest = rest
            thread.encoding = encoding
            thread.run(seconds: 60)
            let settled = Set(thread.history.suffix(5_000))
            #expect(settled.count == 1, "\(settled) at \(rest) beside")
        }
    }

    @Test func `ticks that begin late lower it though the thread has time: another program has its core`() {
        var thread = Thread()
        thread.encoding = 200
        thread.late = 3_000
        thread.run(seconds: 3)
        #expect(thread.governor.complexity == 0)
        thread.late = 60
        thread.run(seconds: 15)
        #expect(thread.governor.complexity == 5)
    }

    @Test func `a busy thread that encodes nothing has nothing to lower`() {
        var thread = Thread()
        thread.rest = 900
        thread.late = 9_000
        thread.run(seconds: 5)
        #expect(thread.governor.complexity == 5)
    }
}
