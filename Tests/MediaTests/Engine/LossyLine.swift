// A line that loses packets one by one or in bursts, and what is heard behind it.

import TestKit

@testable import Media

/// Which packets are lost. Bursts last 2.5 packets in the mean (Gilbert's model).
struct LossPattern {
    enum Kind: CaseIterable { case single, burst }

    private let share: Double
    private let kind: Kind
    private var isBad = false
    private var state: UInt64

    init(percent: Int, _ kind: Kind, seed: UInt64) {
        share = Double(percent) / 100
        self.kind = kind
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    }

    mutating func isNextLost() -> Bool {
        switch kind {
        case .single: return next() < share
        case .burst:
            let leave = 0.4
            isBad = isBad ? next() >= leave : next() < share * leave / (1 - share)
            return isBad
        }
    }

    /// 0..<1.
    private mutating func next() -> Double {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Double(state >> 11) / Double(1 << 53)
    }
}

enum LossyLine {
    /// What an agent in A-law hears of `samples` (8 kHz) that a caller says in µ-law. The first 100 ms always arrive.
    static func carry(_ samples: [Int16], losing pattern: LossPattern) -> [Int16] {
        var pattern = pattern
        let rig = Rig()
        let caller = Phone(port: 5_000, codec: .pcmu)
        let agent = Phone(port: 5_002)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.handle(.bridge(legs.0, legs.1))
        var payload = [UInt8](repeating: 0, count: 160)
        for packet in 0..<samples.count / 160 {
            G711.encode(Array(samples[packet * 160..<packet * 160 + 160]), count: 160, law: .mu, into: &payload)
            let bytes = Phone.packet(
                payloadType: 0, sequence: UInt16(truncatingIfNeeded: packet), timestamp: UInt32(packet * 160), ssrc: 7,
                payload: payload)
            if packet < 5 || !pattern.isNextLost() { rig.send(bytes, from: caller, to: legs.0) }
            rig.run(milliseconds: 20)
        }
        return agent.sound(.pcma)
    }

    /// The greatest step between two samples, less that of a sine of this frequency at −12 dBFS.
    static func greatestExtraStep(_ samples: [Int16], beyond frequency: Double) -> Double {
        let tone = Tones.sine(frequency, rate: 8_000, from: 0, count: 8_000)
        return Double(Signals.greatestStep(samples) - Signals.greatestStep(tone))
    }
}
