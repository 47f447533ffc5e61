// Where passwords are hashed: beside all other work, and never many at once.

import Foundation
import Synchronization

/// Runs at most two pieces of work at a time on threads of its own: a hash takes 128 MB and a third of a second,
/// which neither the cooperative pool nor the memory can give to everybody who asks. Whoever would wait behind 30
/// others is refused.
final class HashQueue: Sendable {
    static let width = 2
    static let longest = 30

    private let threads = OperationQueue()
    private let pending = Atomic(0)

    init() {
        threads.name = "passwords"
        threads.maxConcurrentOperationCount = Self.width
        threads.qualityOfService = .utility
    }

    /// - Throws: `StoreError.busy` when the queue is full; what `work` throws.
    func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = add { continuation.resume(with: Result { try work() }) }
            if !accepted { continuation.resume(throwing: StoreError.busy) }
        }
    }

    /// false: the queue is full, and `job` will not run.
    func add(_ job: @escaping @Sendable () -> Void) -> Bool {
        guard pending.add(1, ordering: .relaxed).newValue <= Self.width + Self.longest else {
            pending.subtract(1, ordering: .relaxed)
            return false
        }
        threads.addOperation {
            job()
            self.pending.subtract(1, ordering: .relaxed)
        }
        return true
    }
}
