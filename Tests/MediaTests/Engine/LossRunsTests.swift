// Bursts and gaps by the definitions of RFC 3611 §4.7.2.

import Testing

@testable import Media

@Suite struct LossRunsTests {
    /// `1` heard, `0` lost, `X` discarded.
    private func runs(_ pattern: String) -> LossRuns {
        var runs = LossRuns()
        for packet in pattern {
            switch packet {
            case "1": runs.noteHeard()
            case "0": runs.noteLost(1)
            default: runs.noteDiscarded()
            }
        }
        return runs
    }

    @Test func `The RFC's example of 64 packets gives the RFC's figures`() {
        let runs = runs("11110111111111111111111X111X10111101111111111111111111X111111111")
        let figures = runs.figures(packetTime: 10)
        #expect(figures.burstDuration == 120)
        #expect(abs(figures.burstDensity - 0.33) < 0.005)
        #expect(runs.outcomes.packets == 64 && figures.gapDuration == 520)
        #expect(abs(figures.gapDensity - 0.04) < 0.005)
        #expect(runs.outcomes.discarded == 3 && runs.outcomes.lost == 3)
    }

    @Test func `Nothing missing is one gap as long as the stream`() {
        let figures = runs(String(repeating: "1", count: 100)).figures(packetTime: 20)
        #expect(figures == LossRuns.Figures(burstDensity: 0, gapDensity: 0, burstDuration: 0, gapDuration: 2_000))
        #expect(LossRuns().figures(packetTime: 20) == LossRuns.Figures())
    }

    @Test func `Packets missing alone belong to the gap, 16 heard in a row between them`() {
        let heard = String(repeating: "1", count: 16)
        let apart = runs(heard + "0" + heard + "X" + heard).figures(packetTime: 20)
        #expect(apart.burstDuration == 0 && abs(apart.gapDensity - 2.0 / 50) < 1e-9)
        let near = runs(heard + "0" + String(repeating: "1", count: 15) + "X" + heard).figures(packetTime: 20)
        #expect(near.burstDuration == 17 * 20 && abs(near.burstDensity - 2.0 / 17) < 1e-9 && near.gapDensity == 0)
    }

    @Test func `Durations are means over several bursts`() {
        let heard = String(repeating: "1", count: 20)
        let figures = runs(heard + "00" + heard + "0000" + heard).figures(packetTime: 20)
        #expect(figures.burstDuration == 60 && figures.burstDensity == 1 && figures.gapDuration == 600)
    }

    @Test func `A burst that has not ended counts as it stands, and asking changes nothing`() {
        let open = runs(String(repeating: "1", count: 20) + "000")
        #expect(open.figures(packetTime: 20).burstDuration == 60)
        #expect(open.figures(packetTime: 20) == open.figures(packetTime: 20))
        var all = open
        all.noteHeard()
        all.noteLost(2)
        #expect(all.figures(packetTime: 20).burstDuration == 120)
    }

    @Test func `Many lost at once are as many one by one`() {
        var together = LossRuns()
        var single = LossRuns()
        for count in [1, 7, 3_000] {
            for _ in 0..<20 {
                together.noteHeard()
                single.noteHeard()
            }
            together.noteLost(Int64(count))
            for _ in 0..<count { single.noteLost(1) }
        }
        #expect(together.figures(packetTime: 20) == single.figures(packetTime: 20))
        #expect(together.outcomes.lost == single.outcomes.lost && together.outcomes.stretches == 3)
    }

    @Test func `The burst ratio is 1 at random and grows with the length of the stretches`() {
        var random = LossPattern(percent: 5, .single, seed: 4)
        var even = LossRuns()
        for _ in 0..<100_000 { random.isNextLost() ? even.noteLost(1) : even.noteHeard() }
        #expect(abs(even.outcomes.burstRatio - 1) < 0.05)
        var gilbert = LossPattern(percent: 5, .burst, seed: 4)
        var bursts = LossRuns()
        for _ in 0..<100_000 { gilbert.isNextLost() ? bursts.noteLost(1) : bursts.noteHeard() }
        // Stretches of 2.5 packets on the average.
        #expect(abs(bursts.outcomes.burstRatio - 2.5 * 0.95) < 0.15)
        #expect(abs(bursts.outcomes.loss - even.outcomes.loss) < 0.01)
        #expect(LossRuns().outcomes.burstRatio == 1)
    }

    @Test func `Discards are remembered for 64 packets, in any order`() {
        var discards = Discards()
        let start: Int64 = 70_000
        for sequence in [start, start + 63, start + 10, start - 1] { discards.insert(sequence) }
        #expect([start, start + 63, start + 10].allSatisfy(discards.contains))
        #expect(![start - 1, start + 11, start + 64].contains(where: discards.contains))
        discards.insert(start + 64)
        #expect(!discards.contains(start) && discards.contains(start + 10))
        discards.insert(start + 1_000)
        #expect(!discards.contains(start + 64) && discards.contains(start + 1_000))
    }
}
