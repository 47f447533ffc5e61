// Tells a WebSocket from a page by the first bytes of a connection.

import NIOCore

/// Sits alone in a new connection's pipeline, keeps what arrives until the first eight bytes are there, lets the right
/// pipeline be built behind it, replays the bytes and leaves.
///
/// Deciding here rather than by NIO's upgrade handler has a reason: with that handler in the way of pages, a request that
/// carries `Upgrade` and is not upgraded (`curl --http2`, Java's client) hangs until the idle timeout.
final class FirstBytes: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    enum Guess { case page, webSocket }

    /// Long enough for a TLS handshake over a bad line, short enough that silent connections do not pile up.
    static let patience = TimeAmount.seconds(15)
    private static let prefix = Array("GET /ws/".utf8)

    private let build: (Guess) throws -> EventLoopFuture<Connection.Kind>
    private let kind: EventLoopPromise<Connection.Kind>
    private var waiting = ByteBuffer()
    private var decided = false
    private var timeout: Scheduled<Void>?

    init(kind: EventLoopPromise<Connection.Kind>, build: @escaping (Guess) throws -> EventLoopFuture<Connection.Kind>) {
        self.kind = kind
        self.build = build
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timeout = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timeout?.cancel()
        if !decided { kind.fail(ChannelError.eof) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if !decided {
            decided = true
            kind.fail(ChannelError.eof)
        }
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent, !decided {
            context.close(promise: nil)
        }
        if event is ChannelShouldQuiesceEvent, !decided {
            context.close(promise: nil)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        waiting.writeBuffer(&bytes)
        guard !decided, let guess = Self.guess(waiting.readableBytesView) else { return }
        decided = true
        do {
            try build(guess).cascade(to: kind)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
        } catch {
            kind.fail(error)
            context.close(promise: nil)
        }
    }

    func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        context.fireChannelRead(wrapInboundOut(waiting))
        context.fireChannelReadComplete()
        context.leavePipeline(removalToken: removalToken)
    }

    /// nil: too few bytes yet.
    static func guess(_ bytes: some Collection<UInt8>) -> Guess? {
        if !zip(bytes, prefix).allSatisfy({ $0 == $1 }) { return .page }
        return bytes.count >= prefix.count ? .webSocket : nil
    }
}
