// How a queue would fare with so many consultants: many imagined months, and Erlang's formula beside them.

import Glibc
import Timing

/// The answer for one number of consultants.
public struct Staffing: Sendable {
    public let consultants: Int
    /// All months together.
    public let figures: DayFigures
    /// One for each month, in rising order.
    public let serviceLevels: [Double]
    /// What Erlang C says: nobody gives up, exponential handling, calls spread evenly over the day.
    public let erlangC: Double

    /// Service levels between which nine of ten months lie.
    public var range: ClosedRange<Double> {
        guard !serviceLevels.isEmpty else { return 1...1 }
        let edge = serviceLevels.count / 20
        return serviceLevels[edge]...serviceLevels[serviceLevels.count - 1 - edge]
    }

    /// The wait that this part (0 to 1) of those who were answered did not exceed.
    public func wait(_ part: Double) -> Duration {
        let waits = figures.waits.sorted()
        guard !waits.isEmpty else { return .zero }
        return waits[min(waits.count - 1, Int(part * Double(waits.count)))]
    }

    /// - Parameters:
    ///   - rules: of the queue.
    ///   - target: within how long calls should be answered.
    ///   - days: of a month, one or more.
    ///   - months: imagined; each differs by chance alone.
    ///   - seed: the same seed, the same answer.
    public static func simulate(
        _ workload: Workload, rules: QueueRules, target: Duration, consultants: Int, days: Int, months: Int,
        seed: UInt64
    ) -> Staffing {
        var all = DayFigures()
        var levels: [Double] = []
        var dice = Dice(seed: seed)
        let handling = workload.talk.mean + workload.wrapUp.mean
        // A consultant whose phone rings takes no other call.
        let occupied = handling + workload.pickUp
        for _ in 0..<max(1, months) {
            var month = DayFigures()
            for _ in 0..<max(1, days) {
                var day = SimulatedDay(
                    workload, rules: rules, target: target, consultants: consultants, learned: handling,
                    seed: dice.next())
                month += day.run()
            }
            levels.append(month.serviceLevel)
            all += month
        }
        let hours = Double(workload.length.nanoseconds) / 3.6e12
        return Staffing(
            consultants: consultants, figures: all, serviceLevels: levels.sorted(),
            erlangC: ErlangC(
                callsAnHour: hours > 0 ? workload.callsADay / hours : 0, handling: occupied, agents: consultants
            ).answered(within: target))
    }
}

/// Erlang C: an even stream of patient callers and so many agents.
public struct ErlangC: Sendable {
    /// The offered load in erlang: how many agents would be busy without pause.
    public let load: Double
    private let handling: Duration
    private let agents: Int

    public init(callsAnHour: Double, handling: Duration, agents: Int) {
        load = callsAnHour * Double(handling.nanoseconds) / 3.6e12
        self.handling = handling
        self.agents = agents
    }

    /// The chance of having to wait, 0 to 1; 1 when the agents cannot keep up.
    public var waiting: Double {
        guard Double(agents) > load else { return 1 }
        guard load > 0 else { return 0 }
        // Erlang B by its recursion, which overflows for no load; from it Erlang C.
        var blocked = 1.0
        for number in 1...agents { blocked = load * blocked / (Double(number) + load * blocked) }
        let busy = load / Double(agents)
        return blocked / (1 - busy * (1 - blocked))
    }

    /// The part of calls answered within this time, 0 to 1.
    public func answered(within target: Duration) -> Double {
        guard Double(agents) > load else { return 0 }
        guard handling > .zero else { return 1 }
        let patience = Double(target.nanoseconds) / Double(handling.nanoseconds)
        return 1 - waiting * exp(-(Double(agents) - load) * patience)
    }
}
