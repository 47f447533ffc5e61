// Facts on their way from the signalling thread to the store: in order, never awaited by a call.

import Logging
import Store
import Synchronization
import Timing

/// Appends to the event log in the order in which things happened. While the store writes, facts gather here and then
/// share one transaction; when more than `limit` wait, new ones are dropped and said aloud: a call is never held up by a
/// disk.
final class FactLog: Sendable {
    private static let limit = 100_000
    /// In one transaction, so that readers of the file are not held up for long.
    private static let batch = 500
    /// Between two transactions. Each takes a sync of the disk and half a millisecond of CPU, and a thousand calls tell
    /// something all the time.
    private static let pause = Duration.milliseconds(250)

    private let queue = FactQueue()
    private let bell: AsyncStream<Void>.Continuation
    private let writer: Task<Void, Never>
    private let log: Logger

    /// - Parameter messageWritten: called after a caller's message was written down.
    init(store: Store, log: Logger, messageWritten: @escaping @Sendable () -> Void = {}) {
        let (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        self.bell = bell
        self.log = log
        writer = Task { [queue] in
            for await _ in rings {
                let (facts, flushes) = queue.take()
                for start in stride(from: 0, to: facts.count, by: Self.batch) {
                    await Self.write(facts[start..<min(facts.count, start + Self.batch)], to: store, log: log)
                }
                if facts.contains(where: { $0.kind == .messageReady }) { messageWritten() }
                for flush in flushes { flush.resume() }
                // Nobody cancels this task.
                try? await Task.sleep(for: Self.pause)
            }
        }
    }

    func append(_ contact: String, _ kind: FactKind, _ detail: [String: String] = [:]) {
        let fact = Fact(contact: contact, at: Clock.unixMilliseconds(), kind: kind, detail: detail)
        guard queue.add(fact, limit: Self.limit) else {
            return log.error("store.behind", metadata: ["dropped": "1"])
        }
        bell.yield()
    }

    /// Returns when everything appended before is in the store.
    func flush() async {
        await withCheckedContinuation { done in
            queue.add(done)
            bell.yield()
        }
    }

    /// Together; one by one when that fails, so that one bad fact does not take others with it.
    private static func write(_ facts: ArraySlice<Fact>, to store: Store, log: Logger) async {
        if facts.count > 1, (try? await store.append(Array(facts))) != nil { return }
        for fact in facts {
            do {
                try await store.append([fact])
            } catch {
                log.error("store.append", metadata: ["contact": "\(fact.contact)", "error": "\(error)"])
            }
        }
    }
}

/// What waits for the store.
private final class FactQueue: Sendable {
    private struct Waiting {
        var facts: [Fact] = []
        /// To be resumed when these facts are in the store.
        var flushes: [CheckedContinuation<Void, Never>] = []
    }

    private let waiting = Mutex(Waiting())

    /// False when there is no room.
    func add(_ fact: Fact, limit: Int) -> Bool {
        waiting.withLock { waiting in
            guard waiting.facts.count < limit else { return false }
            waiting.facts.append(fact)
            return true
        }
    }

    func add(_ flush: CheckedContinuation<Void, Never>) { waiting.withLock { $0.flushes.append(flush) } }

    func take() -> (facts: [Fact], flushes: [CheckedContinuation<Void, Never>]) {
        waiting.withLock { waiting in
            defer { waiting = Waiting() }
            return (waiting.facts, waiting.flushes)
        }
    }
}
