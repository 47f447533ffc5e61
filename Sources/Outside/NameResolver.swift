// Names → addresses: each asked for once, remembered shortly, and never waited for by who has gone.

import Timing

actor NameResolver {
    typealias Ask = @Sendable (HostName) async -> [IPAddress]

    /// How long an answer holds: the resolver does not tell the DNS' own time. Long enough for the connection to be used
    /// again, short enough for a system that moves.
    static let memory = Duration.seconds(30)
    /// Names being asked for; each may hold a thread for half a minute.
    static let mostAtOnce = 16

    private struct Memory {
        let addresses: [IPAddress]
        let until: Instant
    }

    private typealias Waiter = CheckedContinuation<[IPAddress], any Error>

    private let ask: Ask
    private var known: [HostName: Memory] = [:]
    private var asked: [HostName: [Int: Waiter]] = [:]
    private var lastTicket = 0

    init(ask: @escaping Ask) {
        self.ask = ask
    }

    /// At least one.
    /// - Throws: `LookupError.unknownName`, `.resolverBusy`; `CancellationError` at once when the task is cancelled.
    func addresses(of name: HostName, now: Instant) async throws -> [IPAddress] {
        if let memory = known[name], now < memory.until { return memory.addresses }
        if asked[name] == nil {
            guard asked.count < Self.mostAtOnce else { throw LookupError.resolverBusy }
            known = known.filter { now < $0.value.until }
            asked[name] = [:]
            Task { finish(name, await ask(name), until: now + Self.memory) }
        }
        lastTicket += 1
        let ticket = lastTicket
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                if Task.isCancelled {
                    waiter.resume(throwing: CancellationError())
                } else {
                    asked[name]?[ticket] = waiter
                }
            }
        } onCancel: {
            Task { await leave(name, ticket) }
        }
    }

    private func leave(_ name: HostName, _ ticket: Int) {
        asked[name]?.removeValue(forKey: ticket)?.resume(throwing: CancellationError())
    }

    private func finish(_ name: HostName, _ addresses: [IPAddress], until: Instant) {
        let waiters = asked.removeValue(forKey: name) ?? [:]
        if !addresses.isEmpty { known[name] = Memory(addresses: addresses, until: until) }
        for waiter in waiters.values {
            if addresses.isEmpty {
                waiter.resume(throwing: LookupError.unknownName)
            } else {
                waiter.resume(returning: addresses)
            }
        }
    }
}
