// The WebSockets that are open now: counted per visitor, closed when a session ends.

import Store
import Synchronization

/// A register from which `POST /logout` finds the sockets to close.
final class OpenSockets: Sendable {
    /// A consultant has one page; a second one is on its way in while the first still says goodbye.
    static let perAccount = 4
    /// Callers from one address: an office behind one NAT may have several.
    static let callersPerAddress = 8
    static let callers = 200

    struct Place: Sendable { fileprivate let number: UInt64 }

    private struct Entry {
        var path: WebSocketPath
        var remote: String
        var account: Int64?
        var token: String?
        var writer: WebSocketWriter
    }

    private struct State {
        var next: UInt64 = 0
        var entries: [UInt64: Entry] = [:]
    }

    private let state = Mutex(State())

    /// nil: too many already.
    func enter(_ opening: WebSocketOpening, account: Int64?) -> Place? {
        state.withLock { state in
            let alike = state.entries.values.filter { $0.path == opening.path }
            switch opening.path {
            case .consultant:
                guard alike.count(where: { $0.account == account }) < Self.perAccount else { return nil }
            case .caller:
                guard alike.count < Self.callers,
                    alike.count(where: { $0.remote == opening.remote }) < Self.callersPerAddress
                else { return nil }
            }
            state.next += 1
            state.entries[state.next] = Entry(
                path: opening.path, remote: opening.remote, account: account, token: opening.token,
                writer: opening.writer)
            return Place(number: state.next)
        }
    }

    func leave(_ place: Place) {
        state.withLock { _ = $0.entries.removeValue(forKey: place.number) }
    }

    /// Closes what was opened under this session.
    func end(session token: String) {
        end { $0.token == token }
    }

    /// Closes everything of this account.
    func end(account: Int64) {
        end { $0.account == account }
    }

    private func end(where matches: (Entry) -> Bool) {
        let writers = state.withLock { $0.entries.values.filter(matches).map(\.writer) }
        for writer in writers { writer.close(WebSocketDoor.CloseCode.notLoggedIn, "logged out") }
    }
}
