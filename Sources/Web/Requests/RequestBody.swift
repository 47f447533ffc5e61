// What was sent with a request, within limits of size and time.

import Hummingbird

extension Request {
    /// The whole body. Throws 413 when it is larger, 408 when it takes longer.
    func body(upTo limit: Int, within patience: Duration) async throws -> ByteBuffer {
        let body = body
        return try await withThrowingTaskGroup(of: ByteBuffer.self) { group in
            group.addTask { try await body.collect(upTo: limit) }
            group.addTask {
                try await Task.sleep(for: patience)
                throw HTTPError(.requestTimeout)
            }
            defer { group.cancelAll() }
            return try await group.next() ?? ByteBuffer()
        }
    }
}
