// The E-model against what ITU-T publishes of it.

import Glibc
import Testing

@testable import Media

@Suite struct EModelTests {
    /// Ro − Is of G.107 §7.2 and §7.3, with every default value of its Table 2, in full.
    private func base() -> Double {
        let (slr, rlr, stmr, dr, ds) = (8.0, 2.0, 15.0, 3.0, 3.0)
        let olr = slr + rlr
        let sent = 35 - slr - ds - 100 + 0.004 * pow(35 - olr - ds - 14, 2)
        let room = 35 + 10 * log10(1 + pow(10, (10 - (stmr + dr)) / 10))
        let received = rlr - 121 + room + 0.008 * pow(room - 35, 2)
        let powers = [-70, sent, received, -64 + rlr].map { pow(10, $0 / 10) }
        let noise = 10 * log10(powers.reduce(0, +))
        let ro = 15 - 1.5 * (slr + noise)

        let loudness = olr + 0.2 * (64 + noise - rlr)
        let tooLoud = 20 * (pow(1 + pow(loudness / 8, 8), 1 / 8) - loudness / 8)
        let sidetone =
            12 * pow(1 + pow((stmr - 13) / 6, 8), 1 / 8) - 28 * pow(1 + pow((stmr + 1) / 19.4, 35), 1 / 35) - 13
            * pow(1 + pow((stmr - 3) / 33, 13), 1 / 13) + 29
        let q = 37.0
        let g = 1.07 + 0.258 * q + 0.0602 * q * q
        let quantizing = 15 * log10(1 + pow(10, (ro - 100) / 15 + 46 / 8.4 - g / 9) + pow(10, 46 / 30 - g / 40))
        return ro - (tooLoud + sidetone + quantizing)
    }

    @Test func `With all defaults R is 93.2 and the opinion 4.41, as G_107 says`() {
        let r = EModel.rating(.pcma, loss: 0, delay: 0)
        #expect(abs(r - 93.2) < 0.05)
        #expect(abs(EModel.meanOpinion(r) - 4.41) < 0.005)
    }

    @Test func `What does not change in a call is what the whole model gives`() {
        // Id without delay is the listener's echo alone, 0.15.
        #expect(abs(EModel.rating(.pcma, loss: 0, delay: 0) - (base() - 0.149)) < 0.01)
    }

    /// G.107 Table B.1 (and G.109): the bounds of the five kinds of satisfaction.
    @Test(arguments: [(90.0, 4.34), (80, 4.03), (70, 3.60), (60, 3.10), (50, 2.58)])
    func `Opinions belong to R as in the table of G_107`(r: Double, opinion: Double) {
        #expect(abs(EModel.meanOpinion(r) - opinion) < 0.007)
    }

    @Test func `Opinions stay between 1 and 4_5 and never fall as R rises`() {
        #expect(EModel.meanOpinion(-5) == 1 && EModel.meanOpinion(0) == 1)
        #expect(EModel.meanOpinion(100) == 4.5 && EModel.meanOpinion(120) == 4.5)
        let all = stride(from: 0.0, through: 100, by: 0.5).map(EModel.meanOpinion)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0 <= $1 })
    }

    /// Cole and Rosenbluth's straight lines (2001), drawn through the model with its defaults: 0.024 d, from 177.3 ms on
    /// 0.11 more a millisecond; they keep within a point up to 300 ms.
    @Test(arguments: [10.0, 50, 100, 150, 177.3, 200, 250, 300])
    func `Delay costs what is known of it`(delay: Double) {
        let lines = 0.024 * delay + 0.11 * max(0, delay - 177.3)
        let cost = EModel.rating(.pcma, loss: 0, delay: 0) - EModel.rating(.pcma, loss: 0, delay: delay)
        #expect(abs(cost - lines) < 1)
    }

    /// G.113 Appendix I: G.711 with concealment, Ie 0 and Bpl 25.1; the older table of Ie by loss said 5, 7, 10, 15, 25.
    @Test(arguments: [(0.01, 5.0), (0.02, 7), (0.03, 10), (0.05, 15), (0.10, 25)])
    func `Loss costs G_711 what G_113 says`(loss: Double, impairment: Double) {
        let cost = EModel.rating(.pcma, loss: 0, delay: 20) - EModel.rating(.pcma, loss: loss, delay: 20)
        #expect(abs(cost - 95 * loss * 100 / (loss * 100 + 25.1)) < 1e-9)
        #expect(abs(cost - impairment) < 2.5)
    }

    @Test func `Bursts cost more than the same loss at random`() {
        let random = EModel.rating(.pcma, loss: 0.05, burstRatio: 1, delay: 50)
        let bursts = EModel.rating(.pcma, loss: 0.05, burstRatio: 2, delay: 50)
        // G.107 §7.5: 95 · 5 ÷ (5 ÷ 2 + 25.1).
        #expect(abs(random - bursts - (95 * 5 / 27.6 - 95 * 5 / 30.1)) < 1e-9)
        #expect(EModel.rating(.pcma, loss: 0.05, burstRatio: 0.2, delay: 50) == random)
    }

    @Test func `Opus bears twice the loss of G_711`() {
        let opus = EModel.rating(.opus, loss: 0.1, delay: 50)
        let g711 = EModel.rating(.pcma, loss: 0.05, delay: 50)
        #expect(abs(opus - g711) < 1)
    }

    @Test func `Nonsense gives a number from 0 to 100`() {
        for loss in [-1, 0, 0.5, 1, 7, Double.infinity] {
            for burst in [-1, 0, 1, 1e9] {
                for delay in [-50, 0, 1, 1e4, 1e9] {
                    let r = EModel.rating(.opus, loss: loss, burstRatio: burst, delay: delay)
                    #expect(r >= 0 && r <= 100, "\(loss) \(burst) \(delay)")
                }
            }
        }
    }
}
