// Asks outside systems for the hotline language's `lookup` step, and sends messages to them, within a time limit and within
// bounds.

import NIOSSL
import Timing

/// For any thread. One for the whole server; to be shut down before it is let go.
public actor LookupClient {
    /// Lookups under way; a further one is refused, so that a system that hangs cannot gather the whole night's calls.
    public static let mostAtOnce = 64

    private let exchange: Exchange
    private let time: Time
    private var running: [Int: Task<LookupAnswer, Never>] = [:]
    private var lastTicket = 0
    private var isClosed = false
    public private(set) var counters = LookupCounters()

    /// The two uses of a clock here, so that tests can have their own.
    struct Time: Sendable {
        var now: @Sendable () -> Instant = { Clock.monotonic() }
        var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    }

    public init(policy: OutsidePolicy) {
        self.init(policy: policy, trust: .default, time: Time(), ask: SystemNames.addresses)
    }

    init(policy: OutsidePolicy, trust: NIOSSLTrustRoots, time: Time, ask: @escaping NameResolver.Ask) {
        exchange = Exchange(policy: policy, names: NameResolver(ask: ask), clients: HTTPClients(trust: trust))
        self.time = time
    }

    /// Comes back within `request.within`, and at once when the task is cancelled.
    public func lookUp(_ request: LookupRequest) async -> LookupAnswer {
        counters.count(.asked)
        let answer = await admit(.lookup(request))
        counters.count(answer)
        return answer
    }

    /// Nil: the system has taken it, with a status of 200 to 299. Not among `counters`. Comes back within `FormPost.within`.
    public func send(_ post: FormPost) async -> SendError? {
        switch await admit(.post(post)) {
        case .answered: nil
        case .failed(let error): SendError(error)
        }
    }

    /// Lookups under way end as cancelled; later ones are refused. Waits for connections that are being made (up to 4 s).
    public func shutDown() async {
        isClosed = true
        for task in running.values { task.cancel() }
        for task in running.values { _ = await task.value }
        await exchange.clients.shutDown()
    }

    private func admit(_ request: OutsideRequest) async -> LookupAnswer {
        guard !isClosed else { return .failed(.closed) }
        guard running.count < Self.mostAtOnce else { return .failed(.busy) }
        lastTicket += 1
        let ticket = lastTicket
        let task = Task { await limited(request) }
        running[ticket] = task
        defer { running[ticket] = nil }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private nonisolated func limited(_ request: OutsideRequest) async -> LookupAnswer {
        await withTaskGroup(of: LookupAnswer.self) { group in
            group.addTask { [exchange, time] in await exchange.answer(to: request, now: time.now()) }
            group.addTask { [time] in
                do {
                    try await time.sleep(request.within)
                    return .failed(.tooSlow)
                } catch {
                    return .failed(.cancelled)
                }
            }
            defer { group.cancelAll() }
            return await group.next() ?? .failed(.cancelled)
        }
    }
}
