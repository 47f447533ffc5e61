// The HTTP clients in use, one per checked host.

import AsyncHTTPClient
import NIOSSL

/// Never more than `most`: a further one takes the place of that which has been unused for longest.
actor HTTPClients {
    /// As many as there are lookups at once, so that there is always one to be replaced.
    static let most = LookupClient.mostAtOnce

    private struct Entry {
        let client: HTTPClient
        var users = 0
        /// The number of the borrowing that was last.
        var lastUse = 0
    }

    private let trust: NIOSSLTrustRoots
    private var entries: [CheckedHost: Entry] = [:]
    private var borrowings = 0

    init(trust: NIOSSLTrustRoots) {
        self.trust = trust
    }

    var count: Int { entries.count }

    /// To be given back when the answer has been read.
    func borrow(_ host: CheckedHost) -> HTTPClient {
        borrowings += 1
        if entries[host] == nil, entries.count >= Self.most { makeRoom() }
        var entry = entries[host] ?? Entry(client: host.makeClient(trust: trust))
        entry.users += 1
        entry.lastUse = borrowings
        entries[host] = entry
        return entry.client
    }

    func giveBack(_ host: CheckedHost) {
        entries[host]?.users -= 1
    }

    /// To be called when nothing is borrowed; waits for connections that are being made (up to 4 s).
    func shutDown() async {
        let clients = entries.values.map(\.client)
        entries = [:]
        await withDiscardingTaskGroup { group in
            for client in clients { group.addTask { await Self.shutDown(client) } }
        }
    }

    private func makeRoom() {
        let unused = entries.filter { $0.value.users == 0 }.min { $0.value.lastUse < $1.value.lastUse }
        guard let unused else { return }
        entries[unused.key] = nil
        Task { await Self.shutDown(unused.value.client) }
    }

    private static func shutDown(_ client: HTTPClient) async {
        // The only error is that it was shut down before, and each leaves `entries` but once.
        try? await client.shutdown()
    }
}
