// How good a call sounds by its figures: the E-model of ITU-T G.107 on its narrow-band scale.

import Glibc

/// The transmission rating factor R and what people would say of it. Pure.
///
/// Everything that cannot be measured here has the default value of G.107 Table 2, its talker echo (TELR 65 dB) included.
/// Wide-band sound is rated on the narrow-band scale too, as if nobody had ever heard better than a telephone: a leg's
/// figures can then be compared whatever it speaks, and the wide-band scales (G.107.1, G.107.2) have no figures for Opus.
enum EModel {
    /// Ro − Is of G.107 §7.2 and §7.3 with all default values: 94.77 − 1.41.
    private static var base: Double { 93.355 }
    /// No and RLR of the same: the noise and the loudness that an echo is heard against.
    private static var echoReference: Double { -1.5 * (-61.18 - 2) }

    /// What a codec does to sound (ITU-T G.113 Appendix I).
    struct Impairment {
        /// Ie: without loss.
        let equipment: Double
        /// Bpl: how well it bears losing packets at random; the share at which half of what is left is gone, in per cent.
        let robustness: Double
    }

    /// G.711 and G.729: Table I.4 of G.113, with concealment (G.729 as Annex A with pauses). Opus: in no table; our estimate. No codec sounds better than G.711 on
    /// this scale, and Opus with in-band redundancy at 10 and 20 % scores by PESQ (`make quality`) what G.711 scores at 5
    /// and 10 %: twice its robustness. G.722: on this scale in no table either; a decoder that builds on what it heard
    /// loses by PESQ at 9 % what G.711 loses at 10 %.
    static func impairment(of codec: Codec) -> Impairment {
        switch codec {
        case .pcmu, .pcma: Impairment(equipment: 0, robustness: 25.1)
        case .g722: Impairment(equipment: 0, robustness: 22)
        case .g729: Impairment(equipment: 11, robustness: 19)
        case .opus: Impairment(equipment: 0, robustness: 50)
        }
    }

    /// R, 0…100, with an advantage factor of none (G.107 §7.1).
    /// - Parameters:
    ///   - loss: 0…1, of packets, whatever the reason.
    ///   - burstRatio: mean length of the gaps against that of the same loss at random; 1 is random (G.107 §7.5).
    ///   - delay: one way, mouth to ear, in milliseconds; 0 leaves delay out, for the quality of listening only.
    static func rating(_ codec: Codec, loss: Double, burstRatio: Double = 1, delay: Double) -> Double {
        let impairment = impairment(of: codec)
        let percent = min(1, max(0, loss)) * 100
        let effective =
            impairment.equipment + (95 - impairment.equipment) * percent
            / (percent / max(1, burstRatio) + impairment.robustness)
        return min(100, max(0, base - self.delay(max(0, delay)) - effective))
    }

    /// Id, the impairment by delay and by the echo that comes with it (G.107 §7.4). The echo's one-way delay is that of the
    /// call, its round trip twice that.
    private static func delay(_ milliseconds: Double) -> Double {
        talkerEcho(milliseconds) + listenerEcho(milliseconds) + pureDelay(milliseconds)
    }

    /// Idte.
    private static func talkerEcho(_ delay: Double) -> Double {
        let loss =
            65 - 40 * log10((1 + delay / 10) / (1 + delay / 150)) + 6 * exp(-0.3 * delay * delay)
        let half = (echoReference - (80 + 2.5 * (loss - 14))) / 2
        return (half + (half * half + 100).squareRoot() - 1) * (1 - exp(-delay))
    }

    /// Idle, with a weighted echo path loss of 110 dB.
    private static func listenerEcho(_ delay: Double) -> Double {
        let half = (94.77 - 10.5 * (110 + 7) * pow(1 + 2 * delay, -0.25)) / 2
        return half + (half * half + 169).squareRoot()
    }

    /// Idd: nothing up to 100 ms.
    private static func pureDelay(_ delay: Double) -> Double {
        guard delay > 100 else { return 0 }
        let x = log2(delay / 100)
        return 25 * (root6(x) - 3 * root6(x / 3) + 2)
    }

    /// The sixth root of 1 + x⁶.
    private static func root6(_ x: Double) -> Double { pow(1 + pow(x, 6), 1 / 6) }

    /// The mean opinion score that belongs to R, 1…4.5 (G.107 Annex B).
    static func meanOpinion(_ rating: Double) -> Double {
        guard rating > 0 else { return 1 }
        guard rating < 100 else { return 4.5 }
        return max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)
    }
}

/// What the E-model says of one direction of a call.
public struct CallRating: Hashable, Sendable, BitwiseCopyable {
    /// R, 0…100: from 90 everybody is very satisfied, below 60 nearly nobody is (ITU-T G.109).
    public let r: Double
    /// Mean opinion of the sound alone (MOS-LQ), 1…4.5.
    public let listening: Double
    /// Mean opinion of talking, delay included (MOS-CQ), 1…4.5.
    public let conversational: Double

    init(r: Double, listening: Double, conversational: Double) {
        self.r = r
        self.listening = listening
        self.conversational = conversational
    }

    /// Parameters as for `EModel.rating`.
    init(_ codec: Codec, loss: Double, burstRatio: Double, delay: Double) {
        r = EModel.rating(codec, loss: loss, burstRatio: burstRatio, delay: delay)
        conversational = EModel.meanOpinion(r)
        listening = EModel.meanOpinion(EModel.rating(codec, loss: loss, burstRatio: burstRatio, delay: 0))
    }
}
