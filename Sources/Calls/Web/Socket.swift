// One WebSocket of a page, as the conductor sees it: two closures and an id.

import Foundation

/// Names one open WebSocket for as long as the server runs.
public struct SocketID: Hashable, Sendable {
    let rawValue: UInt64
}

/// The way back to a page. Both closures may be called from any thread and never block.
struct Socket: Sendable {
    let id: SocketID
    let send: @Sendable (String) -> Void
    let close: @Sendable (_ code: UInt16, _ reason: String) -> Void

    func send(_ message: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let json = try? encoder.encode(message) else { return }
        send(String(decoding: json, as: UTF8.self))
    }
}

/// WebSocket close codes of our own (RFC 6455 §7.4.2 leaves 4000–4999 to applications).
enum CloseCode {
    static let notLoggedIn: UInt16 = 4401
    static let takenOver: UInt16 = 4408
}
