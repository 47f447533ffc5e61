// RFC 6455 §5: frames in, whole messages out. Pure.

import NIOCore
import NIOWebSocket

/// Puts fragmented messages together, within a size limit, and says what the rules demand for everything else.
struct FrameAssembler {
    enum Action: Equatable {
        case message(String)
        /// §5.5.3: the pong carries the ping's bytes.
        case pong(ByteBuffer)
        /// §5.5.1: the peer closes; answer with its code.
        case closed(WebSocketErrorCode)
        /// The peer broke a rule: close with this code.
        case violation(WebSocketErrorCode)
    }

    /// The most bytes of one message, all fragments together.
    static let limit = 65_536

    private var fragments: ByteBuffer?

    mutating func handle(_ frame: WebSocketFrame) -> Action? {
        // §5.1: "a server MUST close the connection upon receiving a frame that is not masked"; §5.2: reserved bits
        // must be 0 when no extension was negotiated.
        guard frame.maskKey != nil, !frame.rsv1, !frame.rsv2, !frame.rsv3 else { return .violation(.protocolError) }
        let payload = frame.unmaskedData
        if frame.opcode.isControlOpcode {
            return control(frame.opcode, fin: frame.fin, payload: payload)
        }
        switch (frame.opcode, fragments) {
        case (.text, nil): return take(payload, after: ByteBuffer(), fin: frame.fin)
        case (.continuation, let earlier?): return take(payload, after: earlier, fin: frame.fin)
        case (.binary, nil): return .violation(.unacceptableData)
        case (_, _): return .violation(.protocolError)
        }
    }

    private mutating func take(_ payload: ByteBuffer, after earlier: ByteBuffer, fin: Bool) -> Action? {
        guard earlier.readableBytes + payload.readableBytes <= Self.limit else { return .violation(.messageTooLarge) }
        var whole = earlier
        whole.writeImmutableBuffer(payload)
        guard fin else {
            fragments = whole
            return nil
        }
        fragments = nil
        // §8.1: text that is not UTF-8 fails the connection with 1007.
        guard let text = String(validating: whole.readableBytesView, as: UTF8.self) else {
            return .violation(.dataInconsistentWithMessage)
        }
        return .message(text)
    }

    private func control(_ opcode: WebSocketOpcode, fin: Bool, payload: ByteBuffer) -> Action? {
        guard fin, payload.readableBytes <= 125 else { return .violation(.protocolError) }
        switch opcode {
        case .ping: return .pong(payload)
        case .pong: return nil
        case .connectionClose:
            var payload = payload
            return .closed(payload.readWebSocketErrorCode() ?? .normalClosure)
        case _: return .violation(.protocolError)
        }
    }
}
