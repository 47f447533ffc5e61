// Small values that tests need.

import NIOCore
import NIOEmbedded

@testable import Web

extension WebSocketOpening {
    static func fixture(_ path: WebSocketPath, remote: String) -> WebSocketOpening {
        WebSocketOpening(
            path: path, token: nil, remote: remote, writer: WebSocketWriter(channel: EmbeddedChannel()),
            messages: AsyncStream { $0.finish() })
    }
}
