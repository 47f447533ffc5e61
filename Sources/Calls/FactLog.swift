// Facts on their way from the signalling thread to the store: in order, never awaited by a call.

import Logging
import Store
import Timing

/// Appends to the event log in the order in which things happened. When the store is slow, facts wait here; when more
/// than `limit` wait, new ones are dropped and said aloud: a call is never held up by a disk.
final class FactLog: Sendable {
    private static let limit = 100_000

    private let continuation: AsyncStream<Entry>.Continuation
    private let writer: Task<Void, Never>
    private let log: Logger

    private enum Entry: Sendable {
        case fact(Fact)
        case flush(CheckedContinuation<Void, Never>)
    }

    init(store: Store, log: Logger) {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Entry.self, bufferingPolicy: .bufferingOldest(Self.limit))
        self.continuation = continuation
        self.log = log
        writer = Task {
            for await entry in stream {
                switch entry {
                case .fact(let fact): await Self.write(fact, to: store, log: log)
                case .flush(let done): done.resume()
                }
            }
        }
    }

    func append(_ contact: String, _ kind: FactKind, _ detail: [String: String] = [:]) {
        let fact = Fact(contact: contact, at: Clock.unixMilliseconds(), kind: kind, detail: detail)
        if case .dropped = continuation.yield(.fact(fact)) {
            log.error("store.behind", metadata: ["dropped": "1"])
        }
    }

    /// Returns when everything appended before is in the store.
    func flush() async {
        await withCheckedContinuation { done in
            switch continuation.yield(.flush(done)) {
            case .enqueued: break
            case .dropped, .terminated: done.resume()
            @unknown default: done.resume()
            }
        }
    }

    private static func write(_ fact: Fact, to store: Store, log: Logger) async {
        do {
            try await store.append([fact])
        } catch {
            log.error("store.append", metadata: ["contact": "\(fact.contact)", "error": "\(error)"])
        }
    }
}
