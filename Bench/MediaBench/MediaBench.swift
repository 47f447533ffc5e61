// The media engine without SIP, for the bench: bench.py measures this process from outside.

@preconcurrency import Glibc
import Media

/// `centrala-bench payloads FOLDER` writes what peers say. `hold WORK CALLS PORT PEER_PORT FOLDER` keeps calls until its input ends: leg *i* is at
/// `PORT + 2 i` of 127.0.0.1, its peer at `PEER_PORT + 2 i`, journals go to FOLDER. `churn CALLS FOLDER` makes and ends calls and prints its memory.
/// `mix` mixes conferences of several sizes, without calls.
@main
enum MediaBench {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "payloads" where arguments.count == 2: try PayloadFile.writeAll(to: arguments[1])
        case "hold" where arguments.count == 6: try hold(arguments)
        case "churn" where arguments.count == 3: try churn(arguments)
        case "mix" where arguments.count == 1: MixCost.measure()
        default: throw BenchError.usage
        }
    }

    private static func hold(_ arguments: [String]) throws {
        guard let work = Work(rawValue: arguments[1]), let calls = Int(arguments[2]), 1...2_000 ~= calls,
            let port = UInt16(arguments[3]), let peerPort = UInt16(arguments[4])
        else { throw BenchError.usage }
        let prompt = try Prompt(samples16k: Sound.speechLike(seconds: 10))
        let engine = try BenchEngine(folder: arguments[5])
        let idle = Memory.kilobytes()
        let load = try Load(work, calls: calls, engine: engine, ports: port, peers: peerPort, prompt: prompt)
        say("{\"idle_kilobytes\":\(idle),\"realtime\":\(engine.thread.isRealtime)}")
        while readLine() != nil {}
        load.stop()
        let counters = engine.thread.counters
        say("{\"ticks_late\":\(counters[.ticksLate5]),\"taps_lost\":\(counters[.tapsLost])}")
    }

    private static func churn(_ arguments: [String]) throws {
        guard let calls = Int(arguments[1]), calls > 0 else { throw BenchError.usage }
        var churn = try Churn(engine: BenchEngine(folder: arguments[2]))
        try churn.run(calls: calls) { done in say("{\"calls\":\(done),\"kilobytes\":\(Memory.kilobytes())}") }
    }

    /// One line, at once.
    private static func say(_ line: String) {
        print(line)
        fflush(stdout)
    }
}

enum BenchError: Error {
    /// Not one of the four commands, or a number out of range.
    case usage
    case noSocket
    case tooFewLegs
    /// The file could not be written.
    case noFile(String)
    /// Legs that were removed did not come back within ten seconds.
    case legsLost
}
