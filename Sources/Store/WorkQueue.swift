// Where work that takes a while is done: beside all else, and never much at once.

import Foundation
import Synchronization

/// Runs a few pieces of work at a time on threads of its own, away from the cooperative pool. Whoever would wait behind too
/// many others is refused.
public final class WorkQueue: Sendable {
    /// How many run at once, and how many more may wait.
    let width: Int
    let longest: Int

    private let threads = OperationQueue()
    private let pending = Atomic(0)

    public init(_ name: String, width: Int, longest: Int) {
        self.width = width
        self.longest = longest
        threads.name = name
        threads.maxConcurrentOperationCount = width
        threads.qualityOfService = .utility
    }

    /// A hash takes 128 MB and a third of a second, which neither the cooperative pool nor the memory can give to everybody
    /// who asks.
    static func passwords() -> WorkQueue { WorkQueue("passwords", width: 2, longest: 30) }

    /// - Throws: `StoreError.busy` when the queue is full; what `work` throws.
    public func run<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = add { continuation.resume(with: Result { try work() }) }
            if !accepted { continuation.resume(throwing: StoreError.busy) }
        }
    }

    /// false: the queue is full, and `job` will not run.
    func add(_ job: @escaping @Sendable () -> Void) -> Bool {
        guard pending.add(1, ordering: .relaxed).newValue <= width + longest else {
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
