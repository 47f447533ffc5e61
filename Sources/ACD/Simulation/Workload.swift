// What a day brings to a queue: how many call and when, how long they talk, how long they would wait.

import Timing

/// One kind of day. Days drawn from it differ, as days do.
public struct Workload: Sendable {
    /// Lengths of one kind, independent of one another.
    public enum Lengths: Sendable {
        case always(Duration)
        /// Many short, few long; the assumption of Erlang's formulas.
        case exponential(mean: Duration)
        /// Each as likely as another; at least one.
        case observed([Duration])

        public var mean: Duration {
            switch self {
            case .always(let length), .exponential(let length): length
            case .observed(let all):
                .nanoseconds(all.reduce(0) { $0 + $1.nanoseconds } / Int64(max(1, all.count)))
            }
        }

        /// Nothing is longer; of exponential lengths nineteen in twenty are shorter.
        var longest: Duration {
            switch self {
            case .always(let length): length
            case .exponential(let mean): .nanoseconds(mean.nanoseconds * 3)
            case .observed(let all): all.max() ?? .zero
            }
        }

        func draw(_ dice: inout Dice) -> Duration {
            switch self {
            case .always(let length): length
            case .exponential(let mean): dice.exponential(mean)
            case .observed(let all): all.isEmpty ? .zero : all[dice.roll(all.count)]
            }
        }
    }

    public static let slot = Duration.seconds(1_800)

    /// The mean number of calls in each half-hour, from the opening on.
    public var callsInSlot: [Double]
    public var talk: Lengths
    public var wrapUp: Lengths
    /// How long callers wait before they give up; nil: for ever.
    public var patience: Lengths?
    /// How long a consultant's phone rings before it is answered.
    public var pickUp: Duration

    public init(
        callsInSlot: [Double], talk: Lengths, wrapUp: Lengths, patience: Lengths?, pickUp: Duration = .seconds(3)
    ) {
        self.callsInSlot = callsInSlot
        self.talk = talk
        self.wrapUp = wrapUp
        self.patience = patience
        self.pickUp = pickUp
    }

    /// How long the queue is open.
    public var length: Duration { .nanoseconds(Self.slot.nanoseconds * Int64(callsInSlot.count)) }

    public var callsADay: Double { callsInSlot.reduce(0, +) }

    /// When calls come on one day, from the opening on: a Poisson process whose rate changes by the half-hour.
    func arrivals(_ dice: inout Dice) -> [Duration] {
        var times: [Duration] = []
        for (index, calls) in callsInSlot.enumerated() where calls > 0 {
            let opening = Duration.nanoseconds(Self.slot.nanoseconds * Int64(index))
            let gap = Duration.nanoseconds(Int64(Double(Self.slot.nanoseconds) / calls))
            var time = dice.exponential(gap)
            while time < Self.slot {
                times.append(opening + time)
                time += dice.exponential(gap)
            }
        }
        return times
    }
}
