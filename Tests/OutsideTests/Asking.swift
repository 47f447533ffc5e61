// A client for tests: its time stands still unless the test moves it, and its names are the test's.

import NIOSSL
import Synchronization
import Timing

@testable import Outside

/// A clock that goes only when told, and time limits that are reached only when told.
final class StillTime: Sendable {
    private struct State {
        var seconds = 0
        var limits: [Duration] = []
        var isOver = false
        var sleepers: [AsyncStream<Void>.Continuation] = []
    }

    private let state = Mutex(State())

    /// The limits that were set.
    var limits: [Duration] { state.withLock { $0.limits } }

    /// Of all lookups under way, and of those to come.
    func reachLimits() {
        state.withLock { state in
            state.isOver = true
            for sleeper in state.sleepers { sleeper.finish() }
        }
    }

    func pass(seconds: Int) { state.withLock { $0.seconds += seconds } }

    var time: LookupClient.Time {
        LookupClient.Time(
            now: { Instant(nanoseconds: 0) + .seconds(self.state.withLock { $0.seconds }) },
            sleep: { limit in
                // A stream ends for all who read it when one of them is cancelled: each sleeper has its own.
                let (end, sleeper) = AsyncStream.makeStream(of: Void.self)
                self.state.withLock { state in
                    state.limits.append(limit)
                    state.sleepers.append(sleeper)
                    if state.isOver { sleeper.finish() }
                }
                for await _ in end {}
                try Task.checkCancellation()
            })
    }
}

/// What the DNS says, and how often it was asked.
final class Names: Sendable {
    private let book: Mutex<[String: [String]]>
    private let count = Mutex(0)

    init(_ book: [String: [String]]) { self.book = Mutex(book) }

    var timesAsked: Int { count.withLock { $0 } }
    func move(_ name: String, to addresses: [String]) { book.withLock { $0[name] = addresses } }

    @Sendable func ask(_ name: HostName) async -> [IPAddress] {
        count.withLock { $0 += 1 }
        return book.withLock { $0[name.text] ?? [] }.compactMap { IPAddress($0) }
    }
}

/// A DNS that answers when the test says so.
final class SlowNames: Sendable {
    private let waiting = Mutex<[CheckedContinuation<[IPAddress], Never>]>([])
    private let asked: AsyncStream<HostName>.Continuation
    let questions: AsyncStream<HostName>

    init() {
        (questions, asked) = AsyncStream.makeStream(of: HostName.self)
    }

    @Sendable func ask(_ name: HostName) async -> [IPAddress] {
        await withCheckedContinuation { continuation in
            waiting.withLock { $0.append(continuation) }
            asked.yield(name)
        }
    }

    func answer(_ addresses: [String]) {
        let all = waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
        for one in all { one.resume(returning: addresses.compactMap { IPAddress($0) }) }
    }
}

/// Loopback is allowed by number unless the test says otherwise.
func makeClient(
    allowing networks: [String] = ["127.0.0.0/8", "::1"], hosts: [String] = [], trust: NIOSSLTrustRoots = .default,
    time: StillTime = StillTime(), names: Names = Names([:])
) -> LookupClient {
    makeClient(allowing: networks, hosts: hosts, trust: trust, time: time, ask: names.ask)
}

func makeClient(
    allowing networks: [String] = [], hosts: [String] = [], trust: NIOSSLTrustRoots = .default,
    time: StillTime = StillTime(), ask: @escaping NameResolver.Ask
) -> LookupClient {
    let policy = OutsidePolicy(
        allowedNetworks: networks.compactMap { IPNetwork($0) }, allowedHosts: Set(hosts.compactMap { HostName($0) }))
    return LookupClient(policy: policy, trust: trust, time: time.time, ask: ask)
}

extension LookupRequest {
    init(_ url: String, send: [String: String]? = nil, wanted: Set<String> = ["name"], within: Duration = .seconds(3))
        throws
    {
        self.init(url: try OutsideURL(url), send: send, wanted: wanted, within: within)
    }
}
