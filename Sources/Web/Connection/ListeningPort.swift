// A port number that is known a little later.

import Synchronization

/// Set once; everybody who asked before gets it then.
final class ListeningPort: Sendable {
    private enum State {
        case waiting([CheckedContinuation<Int, any Error>])
        case known(Result<Int, any Error>)
    }

    private let state = Mutex(State.waiting([]))

    func set(_ port: Int) { conclude(.success(port)) }

    func fail(_ error: any Error) { conclude(.failure(error)) }

    func value() async throws -> Int {
        try await withCheckedThrowingContinuation { asker in
            let known: Result<Int, any Error>? = state.withLock { state in
                switch state {
                case .known(let result): return result
                case .waiting(let askers):
                    state = .waiting(askers + [asker])
                    return nil
                }
            }
            if let known { asker.resume(with: known) }
        }
    }

    private func conclude(_ result: Result<Int, any Error>) {
        let askers: [CheckedContinuation<Int, any Error>] = state.withLock { state in
            guard case .waiting(let askers) = state else { return [] }
            state = .known(result)
            return askers
        }
        for asker in askers { asker.resume(with: result) }
    }
}
