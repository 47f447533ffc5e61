// The receiving end of one WebSocket (RFC 6455), on its event loop.

import NIOCore
import NIOWebSocket

/// Turns frames into messages, answers pings, and notices when nobody is there any more.
final class WebSocketPeer: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    /// A browser answers pings outside the page's own timers, so that a tab in the background answers too.
    static let pingEvery = TimeAmount.seconds(5)
    /// Three unanswered pings. A closed tab is noticed at once by its TCP end; this is for vanished networks.
    static let deadAfter = TimeAmount.seconds(16)
    /// Messages that wait for the conductor; a page sends one per key at most.
    static let backlog = 256

    private let writer: WebSocketWriter
    private let messages: AsyncStream<String>.Continuation
    private var assembler = FrameAssembler()
    private var rate = TokenBucket(capacity: 120, perSecond: 30, now: NIODeadline.now().seconds)
    private var lastHeard = NIODeadline.now()
    private var ticking: RepeatedTask?

    init(writer: WebSocketWriter, messages: AsyncStream<String>.Continuation) {
        self.writer = writer
        self.messages = messages
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        let me = NIOLoopBound(self, eventLoop: context.eventLoop)
        ticking = context.eventLoop.scheduleRepeatedTask(initialDelay: Self.pingEvery, delay: Self.pingEvery) { _ in
            me.value.tick(bound.value, now: .now())
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        ticking?.cancel()
        messages.finish()
    }

    func channelInactive(context: ChannelHandlerContext) {
        ticking?.cancel()
        messages.finish()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastHeard = .now()
        switch assembler.handle(unwrapInboundIn(data)) {
        case nil: break
        case .message(let text): pass(text)
        case .pong(let payload):
            guard rate.take(now: lastHeard.seconds) else { return writer.close(1008, "too many messages") }
            let frame = WebSocketFrame(fin: true, opcode: .pong, data: payload)
            context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
        case .closed(let code): writer.close(UInt16(webSocketErrorCode: code), "")
        case .violation(let code): writer.close(UInt16(webSocketErrorCode: code), "")
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            writer.close(1001, "the server stops")
        } else if case .inputClosed? = event as? ChannelEvent {
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func pass(_ text: String) {
        guard rate.take(now: lastHeard.seconds) else { return writer.close(1008, "too many messages") }
        switch messages.yield(text) {
        case .enqueued, .terminated: break
        case .dropped: writer.close(1008, "too many messages")
        @unknown default: break
        }
    }

    private func tick(_ context: ChannelHandlerContext, now: NIODeadline) {
        guard now - lastHeard < Self.deadAfter else {
            context.close(promise: nil)
            return
        }
        let ping = WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
        context.writeAndFlush(wrapOutboundOut(ping), promise: nil)
    }
}

extension NIODeadline {
    /// Seconds on a clock that never goes back.
    var seconds: Double { Double(uptimeNanoseconds) / 1e9 }
}
