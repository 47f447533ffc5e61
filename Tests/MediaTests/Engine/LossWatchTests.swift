// When a direction counts as lossy, and when again as clean.

import Testing
import Timing

@testable import Media

@Suite struct LossWatchTests {
    /// Feeds reports of 250 packets, five seconds apart; each share is in per cent. What the watch thought after each.
    private static func judged(_ shares: [Double], by watch: inout LossWatch, from start: Int64 = 0) -> [Bool] {
        shares.enumerated().map { index, share in
            let now = Instant(nanoseconds: start + Int64(index + 1) * 5_000_000_000)
            // The reporter rounds down (RFC 3550 §6.4.1).
            _ = watch.note(lost: Int(share * 256 / 100), of: 250, now: now)
            return watch.isLossy
        }
    }

    private static func judged(_ shares: [Double]) -> [Bool] {
        var watch = LossWatch()
        return judged(shares, by: &watch)
    }

    @Test(arguments: [0, 0.4, 0.8, 1.1])
    func `little loss changes nothing`(percent: Double) {
        #expect(Self.judged(Array(repeating: percent, count: 40)).allSatisfy { !$0 })
    }

    @Test(arguments: [3.2, 5, 20, 100])
    func `one report with more than three per cent is enough`(percent: Double) {
        #expect(Self.judged([0, 0, percent]) == [false, false, true])
        #expect(Self.judged([percent]) == [true])
    }

    @Test func `two reports in a row with more than one per cent are enough, one is not`() {
        #expect(Self.judged([1.5, 1.5]) == [false, true])
        #expect(Self.judged([1.5, 0.4, 1.5, 0.4, 2.9, 0]).allSatisfy { !$0 })
    }

    @Test func `after thirty seconds with hardly a loss it is clean again`() {
        #expect(Self.judged([10, 0, 0.4, 0, 0.4, 0, 0]) == [true, true, true, true, true, true, false])
    }

    @Test func `each further loss begins the thirty seconds anew`() {
        let judged = Self.judged([10, 0, 0, 0, 0, 0, 0.9, 0, 0, 0, 0, 0, 0])
        #expect(judged == Array(repeating: true, count: 12) + [false])
    }

    @Test func `while no reports come nothing is decided`() {
        var watch = LossWatch()
        #expect(Self.judged([10], by: &watch) == [true])
        // A minute later: nobody knows what became of the reports in between.
        #expect(Self.judged([0, 0, 0], by: &watch, from: 60_000_000_000) == [true, true, false])
    }

    @Test func `reports on few packets are judged together`() {
        var watch = LossWatch()
        for report in 1...100 {
            // Ten packets each; every tenth report lost one of them: 1 %.
            let news = watch.note(
                lost: report % 10 == 0 ? 25 : 0, of: 10, now: Instant(nanoseconds: Int64(report) * 200_000_000))
            #expect(news == nil)
        }
        #expect(!watch.isLossy)
        _ = watch.note(lost: 256, of: 99, now: Instant(nanoseconds: 30_000_000_000))
        #expect(!watch.isLossy)
        _ = watch.note(lost: 256, of: 1, now: Instant(nanoseconds: 30_100_000_000))
        #expect(watch.isLossy)
    }

    @Test func `news come once each`() {
        var watch = LossWatch()
        var news: [LossWatch.News] = []
        for second in 1...60 {
            let lost = second <= 20 ? 20 : 0
            if let heard = watch.note(lost: lost, of: 250, now: Instant(nanoseconds: Int64(second) * 1_000_000_000)) {
                news.append(heard)
            }
        }
        #expect(news == [.lossy, .clean])
    }

    @Test func `the loss expected rises at once and falls slowly`() {
        var watch = LossWatch()
        let expected = [0.0, 9, 3, 0, 0, 0, 0, 0, 0, 0, 90, 0].map { share in
            _ = Self.judged([share], by: &watch)
            return watch.expected
        }
        #expect(expected == [0, 9, 6, 4, 2, 1, 0, 0, 0, 0, 30, 20])
    }
}
