// What a call costs on the media thread: CPU time of that thread alone, kernel loopback included, printed as JSON lines.

@preconcurrency import Glibc
import Media
import Timing

/// `centrala-bench --calls N`; `centrala-bench mix` for conferences of several sizes, without calls.
@main
enum MediaBench {
    private static let windows = 3
    private static let windowSeconds: UInt32 = 5

    static func main() throws {
        if CommandLine.arguments.dropFirst() == ["mix"] { return MixCost.measure() }
        let calls = try requestedCalls()
        let prompt = try Prompt(samples16k: speechLike(seconds: 10))
        for work in Work.allCases { try measure(work, calls: calls, prompt: prompt) }
    }

    private static func requestedCalls() throws -> Int {
        let arguments = CommandLine.arguments
        guard arguments.count > 1 else { return 200 }
        guard arguments.count == 3, arguments[1] == "--calls", let calls = Int(arguments[2]), 1...2_000 ~= calls else {
            throw BenchError.usage
        }
        return calls
    }

    private static func measure(_ work: Work, calls: Int, prompt: Prompt) throws {
        let thread = try MediaThread()
        try thread.start()
        let drain = TapDrain(thread.taps)
        let load = try Load(work, calls: calls, thread: thread, prompt: prompt)
        sleep(2)
        var costs: [Double] = []
        var rates: [Double] = []
        for _ in 0..<windows {
            let (cost, rate) = window(load, legs: work.isBridged ? calls * 2 : calls)
            costs.append(cost / Double(calls))
            rates.append(rate)
        }
        load.stop()
        drain.stop()
        costs.sort()
        let slowest = rates.min() ?? 0
        print(
            "{\"case\":\"engine \(work.rawValue)\",\"calls\":\(calls),\"mc_per_call\":\(rounded(costs[windows / 2])),"
                + "\"mc_min\":\(rounded(costs[0])),\"mc_max\":\(rounded(costs[windows - 1])),"
                + "\"packets_per_second\":\(rounded(slowest)),\"held\":\(slowest >= 49)}")
        fflush(stdout)
    }

    /// Milli-cores of the media thread, and packets a second that each leg sent.
    private static func window(_ load: Load, legs: Int) -> (milliCores: Double, packetsPerLeg: Double) {
        let cpu = ThreadTime.media()
        let packets = load.packetsReceived
        let began = Clock.monotonic()
        sleep(windowSeconds)
        let wall = Double((Clock.monotonic() - began).nanoseconds)
        let rate = Double(load.packetsReceived - packets) / (wall / 1e9) / Double(legs)
        return (Double(ThreadTime.media() - cpu) / wall * 1_000, rate)
    }

    private static func rounded(_ value: Double) -> Double { (value * 1_000).rounded() / 1_000 }

    /// A buzz whose loudness goes up and down four times a second: codecs work as hard on it as on speech.
    private static func speechLike(seconds: Int) -> [Int16] {
        (0..<seconds * 16_000).map { n in
            let t = Double(n) / 16_000
            let buzz = (1...12).reduce(0.0) { $0 + sin(2 * .pi * 140 * Double($1) * t) / Double($1) }
            return Int16(buzz * 3_000 * (0.55 + 0.45 * sin(2 * .pi * 4 * t)))
        }
    }
}
