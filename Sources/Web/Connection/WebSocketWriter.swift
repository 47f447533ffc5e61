// The way to a page: text messages out, from any thread, never blocking.

import NIOCore
import NIOWebSocket
import Synchronization

/// Sends on one WebSocket. A page that does not read what it is sent is cut off rather than remembered for ever.
final class WebSocketWriter: Sendable {
    /// Bytes on their way to a page that does not take them. A healthy page is a few hundred behind at most.
    static let limit = 262_144

    private struct State {
        var unsent = 0
        var isClosing = false
    }

    private let channel: any Channel
    private let state = Mutex(State())

    init(channel: any Channel) {
        self.channel = channel
    }

    func send(_ text: String) {
        let size = text.utf8.count
        let isTooSlow: Bool? = state.withLock { state in
            guard !state.isClosing else { return nil }
            state.unsent += size
            state.isClosing = state.unsent > Self.limit
            return state.isClosing
        }
        guard let isTooSlow else { return }
        guard !isTooSlow else {
            channel.close(promise: nil)
            return
        }
        let frame = WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: text))
        channel.writeAndFlush(frame).whenComplete { [self] _ in
            state.withLock { $0.unsent -= size }
        }
    }

    /// Says why and closes. The page has a moment to read it; the peer's own close frame is not waited for longer.
    func close(_ code: UInt16, _ reason: String) {
        let isFirst = state.withLock { state in
            defer { state.isClosing = true }
            return !state.isClosing
        }
        guard isFirst else { return }
        var payload = ByteBuffer()
        payload.write(webSocketErrorCode: WebSocketErrorCode(codeNumber: Int(code)))
        // §5.5: a control frame carries at most 125 bytes, two of which are the code.
        payload.writeBytes(reason.utf8.prefix(123))
        let channel = channel
        channel.writeAndFlush(WebSocketFrame(fin: true, opcode: .connectionClose, data: payload)).whenComplete { _ in
            channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
        }
    }
}
