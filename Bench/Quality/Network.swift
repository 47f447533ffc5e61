// What the network does to packets: loss, even or in bursts, and delay that varies. The same seed does the same.

import Glibc
import Timing

/// What is done to a call.
struct Condition: Hashable, Codable {
    /// Packets lost, per cent.
    let loss: Int
    /// Lost in runs, three packets long on the average, instead of one by one.
    let isBursty: Bool
    /// 95 of 100 packets come within so many milliseconds of the fastest.
    let jitter: Int

    /// What the issue asks for one by one, and two of each at once.
    static let usual: [Condition] =
        losses.map { Condition(loss: $0) } + losses.dropFirst().map { Condition(loss: $0, isBursty: true) }
        + jitters.dropFirst().map { Condition(jitter: $0) }
        + [Condition(loss: 5, jitter: 50), Condition(loss: 10, isBursty: true, jitter: 100)]

    /// Every loss with every jitter.
    static let all: [Condition] = jitters.flatMap { jitter in
        losses.map { Condition(loss: $0, jitter: jitter) }
            + losses.dropFirst().map { Condition(loss: $0, isBursty: true, jitter: jitter) }
    }

    /// `LOSS@JITTER`, `b` behind the loss for bursts: 5@50, 10b@100.
    init?(_ text: String) {
        let parts = text.split(separator: "@")
        guard parts.count == 2, let jitter = Int(parts[1]), 0...500 ~= jitter else { return nil }
        isBursty = parts[0].hasSuffix("b")
        guard let loss = Int(isBursty ? parts[0].dropLast() : parts[0]), 0...50 ~= loss else { return nil }
        (self.loss, self.jitter) = (loss, jitter)
    }

    init(loss: Int = 0, isBursty: Bool = false, jitter: Int = 0) {
        (self.loss, self.isBursty, self.jitter) = (loss, isBursty, jitter)
    }

    private static let losses = [0, 1, 3, 5, 10, 20]
    private static let jitters = [0, 20, 50, 100]
}

/// One seeded network. Ask it for each packet in the order of sending.
struct Network {
    /// What every packet takes.
    static let shortest: Duration = .milliseconds(30)
    private static let burst = 3.0
    /// One packet in 200, one in four seconds, is held up together with those behind it.
    private static let spikes = 0.005
    /// 95 in 100 of a gamma distribution of shape 2 lie below 4.744 times its scale.
    private static let gamma95 = 4.744

    private let condition: Condition
    private var dice: Dice
    private var isLosing = false
    /// Milliseconds for which the next packet is held up by a queue that drains.
    private var queued = 0.0

    init(_ condition: Condition, seed: UInt64) {
        self.condition = condition
        dice = Dice(seed: seed)
    }

    /// How long the next packet takes; nil when it is lost.
    mutating func carry() -> Duration? {
        // Both are drawn for each packet, so that loss does not move the delays of the packets behind it.
        let delay = delay()
        return loses() ? nil : Self.shortest + .microseconds(Int64(delay * 1_000))
    }

    private mutating func loses() -> Bool {
        let draw = dice.uniform()
        let share = Double(condition.loss) / 100
        guard condition.isBursty else { return draw < share }
        // Gilbert: lost packets follow lost ones with 1 − 1/burst; on the whole the share comes out.
        isLosing = draw < (isLosing ? 1 - 1 / Self.burst : share / (Self.burst * (1 - share)))
        return isLosing
    }

    /// Milliseconds: gamma of shape 2, or a queue that has built up and drains as fast as time passes.
    private mutating func delay() -> Double {
        let jitter = Double(condition.jitter)
        let (first, second, spike, height) = (dice.uniform(), dice.uniform(), dice.uniform(), dice.uniform())
        queued = max(0, queued - 20)
        if spike < Self.spikes { queued = max(queued, jitter * (1 + height)) }
        return max(queued, -jitter / Self.gamma95 * (log(1 - first) + log(1 - second)))
    }
}

/// SplitMix64.
struct Dice {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// 0…1, without the 1.
    mutating func uniform() -> Double { Double(next() >> 11) / Double(UInt64(1) << 53) }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
