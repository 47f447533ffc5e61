// Sends messages of callers to the addresses of their mailboxes, and keeps at it until they are there or given up.

import Logging
import Outside
import Store
import Timing

/// The outbox is in the store: a message enters it with its follow-up, and leaves the queue only when what became of it is
/// written down. Nothing of a call waits for it.
actor PostOffice {
    /// Under way at once: one slow system does not hold up the others, and a night's messages do not come all at a time.
    private static let atOnce = 4
    /// When the store cannot be read or written.
    private static let storePause = Duration.seconds(60)

    /// A name that is being looked up cannot be left for up to half a minute; the server does not stop later for it.
    private static let lastWords = Duration.seconds(3)

    /// Nil: sent.
    typealias Send = @Sendable (FollowUp, Delivery) async -> SendError?

    /// The two uses of a clock here, so that tests can have their own.
    struct Time: Sendable {
        /// Unix ms.
        var now: @Sendable () -> Int64 = { Clock.unixMilliseconds() }
        var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    }

    private let store: Store
    private let time: Time
    private let send: Send
    private let log: Logger
    private let bell: AsyncStream<Void>.Continuation
    private let rings: AsyncStream<Void>
    private var worker: Task<Void, Never>?
    private var alarm: Task<Void, Never>?
    /// What became of messages and could not be written down: they are not sent a second time meanwhile.
    private var unwritten: [String: DeliveryOutcome] = [:]
    private(set) var counters = PostCounters()

    init(store: Store, time: Time = Time(), log: Logger, send: @escaping Send) {
        self.store = store
        self.time = time
        self.log = log
        self.send = send
        (rings, bell) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Sends what waits since before the last stop, and from now on whatever comes.
    func open() {
        guard worker == nil else { return }
        worker = Task { [rings] in
            for await _ in rings {
                guard !Task.isCancelled else { return }
                await work()
            }
        }
        bell.yield()
    }

    /// Something new may be in the outbox. From any thread.
    nonisolated func ring() { bell.yield() }

    /// What is being sent is broken off, and waits for the next start.
    func close() async {
        alarm?.cancel()
        worker?.cancel()
        bell.finish()
        await ended(within: Self.lastWords)
        if !counters.isEmpty { log.info("post.counters", metadata: ["counted": "\(counters)"]) }
    }

    private func ended(within limit: Duration) async {
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        Task { [worker] in
            await worker?.value
            end.finish()
        }
        let limit = Task { [time] in
            if (try? await time.sleep(limit)) != nil { end.finish() }
        }
        for await _ in ends {}
        limit.cancel()
    }

    /// Until nothing is due any more.
    func work() async {
        alarm?.cancel()
        do {
            try await writeDown()
            while !Task.isCancelled {
                let due = try await store.dueDeliveries(at: time.now(), limit: Self.atOnce)
                guard !due.isEmpty else { break }
                let isStopping = await tryAll(due)
                try await writeDown()
                if isStopping { return }
            }
            guard !Task.isCancelled, let next = try await store.nextDelivery() else { return }
            wake(after: .milliseconds(max(next - time.now(), 0)))
        } catch {
            log.error("post.store", metadata: ["error": "\(error)"])
            counters.count("unwritten")
            wake(after: Self.storePause)
        }
    }

    private func wake(after pause: Duration) {
        alarm = Task { [bell, time] in
            guard (try? await time.sleep(pause)) != nil else { return }
            bell.yield()
        }
    }

    /// True when the server is stopping.
    private func tryAll(_ due: [FollowUp]) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            for item in due { group.addTask { await self.attempt(item) } }
            var isStopping = false
            for await isBrokenOff in group where isBrokenOff { isStopping = true }
            return isStopping
        }
    }

    /// True when the server is stopping: nothing became of it, and it is tried again after the next start.
    private func attempt(_ item: FollowUp) async -> Bool {
        guard let delivery = item.delivery else { return false }
        let error = await send(item, delivery)
        guard error != .stopped else { return true }
        unwritten[item.id] = outcome(of: delivery, error, at: time.now())
        note(item, delivery, error)
        return false
    }

    private func outcome(of delivery: Delivery, _ error: SendError?, at now: Int64) -> DeliveryOutcome {
        guard let error else { return .sent }
        let next = RetryPlan.next(failures: delivery.attempts + 1, since: delivery.since, now: now)
        guard !error.isFinal, let next else { return .failed(reason: error.code, status: error.status) }
        return .later(due: next, reason: error.code, status: error.status)
    }

    private func writeDown() async throws {
        for (id, outcome) in unwritten {
            try await store.note(delivery: id, outcome, at: time.now())
            unwritten[id] = nil
        }
    }

    /// The address is left out of the log: a URL may hold a secret.
    private func note(_ item: FollowUp, _ delivery: Delivery, _ error: SendError?) {
        var metadata: Logger.Metadata = [
            "message": "\(item.id)", "mailbox": "\(item.place)", "failures": "\(delivery.attempts)",
        ]
        guard let error else {
            counters.count("sent")
            return log.info("post.sent", metadata: metadata)
        }
        counters.count(error.code)
        metadata["failures"] = "\(delivery.attempts + 1)"
        metadata["why"] = "\(error.code)\(error.status.map { " \($0)" } ?? "")"
        if case .failed = unwritten[item.id] {
            counters.count("failed")
            log.error("post.failed", metadata: metadata)
        } else {
            log.warning("post.postponed", metadata: metadata)
        }
    }
}

/// What became of all tries since the start, by name: `sent`, `failed` (given up), `unwritten` (the store refused), and the
/// `SendError.code` of each that failed.
struct PostCounters: Sendable, CustomStringConvertible {
    private var values: [String: Int] = [:]

    subscript(name: String) -> Int { values[name, default: 0] }

    mutating func count(_ name: String) { values[name, default: 0] += 1 }

    var isEmpty: Bool { values.isEmpty }

    var description: String { values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ") }
}
