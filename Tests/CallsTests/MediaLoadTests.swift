// When new calls are refused, and when a thread that stands still is noticed.

import Testing
import Timing

@testable import Calls

@Suite struct MediaLoadTests {
    /// Feeds `seconds` of samples, one each 50 ms, of a thread that uses `share` of a core and ticks unless told otherwise.
    private struct Bench {
        var load = MediaLoad()
        var sample = MediaLoad.Sample(ticks: 0, lateMicroseconds: 0, legs: 10, cpu: 0)
        var now = Instant(nanoseconds: 0)
        var news: [MediaLoad.News] = []

        mutating func run(_ seconds: Double, share: Double, ticks: Bool = true, late: Int = 0) {
            for _ in 0..<Int(seconds * 20) {
                now = now + .milliseconds(50)
                sample.cpu += Int64(share * 50_000_000)
                if ticks { sample.ticks += 50 }
                if ticks { sample.lateMicroseconds += late * 50 }
                news += load.note(sample, now: now)
            }
        }
    }

    @Test func aQuietThreadTakesCalls() {
        var bench = Bench()
        bench.run(10, share: 0.5)
        #expect(!bench.load.isOverloaded)
        #expect(bench.news.isEmpty)
    }

    @Test func aBusyThreadRefusesCallsUntilItIsWellBelow() {
        var bench = Bench()
        bench.run(2.5, share: 0.85)
        #expect(bench.load.isOverloaded)
        bench.run(2.5, share: 0.75)
        #expect(bench.load.isOverloaded)
        bench.run(2.5, share: 0.6)
        #expect(!bench.load.isOverloaded)
        #expect(bench.news.count == 2)
    }

    @Test func whatTheLoadMakesOfOpusIsSaidOnceForEachChange() {
        var bench = Bench()
        bench.sample.complexity = 0
        bench.run(1, share: 0, ticks: false)
        #expect(bench.news.filter { if case .stalled = $0 { false } else { true } }.isEmpty, "no tick yet")
        bench = Bench()
        for complexity in [5, 3, 3, 2, 5] {
            bench.sample.complexity = complexity
            bench.run(0.5, share: 0.5)
        }
        #expect(bench.news == [.complexity(3), .complexity(2), .complexity(5)])
    }

    @Test func aThreadThatDoesNotGetItsCoreRefusesCalls() {
        var bench = Bench()
        bench.run(3.5, share: 0.2, late: 8_000)
        #expect(bench.load.isOverloaded)
    }

    @Test func aLateFirstTickAfterARestRefusesNobody() {
        var bench = Bench()
        bench.run(3, share: 0, ticks: false)
        bench.sample.ticks += 10
        bench.sample.lateMicroseconds += 900_000
        bench.run(0.2, share: 0.01)
        bench.sample.lateMicroseconds += 900_000
        bench.run(5, share: 0.01)
        #expect(!bench.load.isOverloaded)
    }

    @Test func aStandstillIsSaidOnceWithin200MillisecondsAndItsEndToo() {
        var bench = Bench()
        bench.run(1, share: 0.1)
        bench.run(0.2, share: 0, ticks: false)
        #expect(bench.news == [.stalled(.milliseconds(100))])
        bench.run(1.8, share: 0, ticks: false)
        bench.run(0.5, share: 0.1)
        #expect(bench.news.count == 2)
        #expect(bench.news.last == .recovered(after: .milliseconds(2_050)))
    }

    @Test func aStandstillIsKnownUntilItEnds() {
        var bench = Bench()
        bench.run(1, share: 0.1)
        #expect(!bench.load.isStalled)
        bench.run(0.2, share: 0, ticks: false)
        #expect(bench.load.isStalled)
        bench.run(0.1, share: 0.1)
        #expect(!bench.load.isStalled)
    }

    @Test func legsCountBeforeTheyAreFelt() {
        var bench = Bench()
        #expect(abs(bench.load.share(legs: 40) - 40 * MediaLoad.shareOfLeg) < 1e-9)
        bench.run(2.5, share: 0.3)
        #expect(abs(bench.load.share(legs: 10) - 0.3) < 1e-9)
        #expect(abs(bench.load.share(legs: 110) - 0.3 - 100 * MediaLoad.shareOfLeg) < 1e-9)
        #expect(bench.load.share(legs: 0) < 0.3)
    }

    @Test func newLegsAreTakenToCostWhatManyOthersDo() {
        var bench = Bench()
        bench.sample.legs = 40
        bench.run(2.5, share: 0.4)
        #expect(abs(bench.load.share(legs: 60) - 0.6) < 1e-9)
        #expect(bench.load.isFit(legs: 79) && !bench.load.isFit(legs: 80))
        bench.sample.legs = 1_000
        bench.run(2.5, share: 0.1)
        #expect(abs(bench.load.share(legs: 1_100) - 0.1 - 100 * MediaLoad.shareOfLeg) < 1e-9)
    }

    @Test func aThreadWithoutLegsMayRest() {
        var bench = Bench()
        bench.sample.legs = 0
        bench.run(5, share: 0, ticks: false)
        #expect(bench.news.isEmpty)
    }
}
