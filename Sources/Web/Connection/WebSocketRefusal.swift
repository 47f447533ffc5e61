// Answers a request under /ws/ that may not become a WebSocket.

import NIOCore
import NIOHTTP1

/// Stands before NIO's upgrade handler, which would let a request that carries `Upgrade` and is not upgraded hang. Lets
/// the request pass and leaves, or answers once and closes.
final class WebSocketRefusal: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let refusal: (HTTPRequestHead) -> HTTPResponseStatus?
    private var hasAnswered = false

    /// - Parameter refusal: nil: the request may become a WebSocket.
    init(refusal: @escaping (HTTPRequestHead) -> HTTPResponseStatus?) {
        self.refusal = refusal
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let request) = unwrapInboundIn(data), !hasAnswered else { return }
        guard let status = refusal(request) else {
            context.fireChannelRead(data)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
            return
        }
        hasAnswered = true
        var head = HTTPResponseHead(version: .http1_1, status: status)
        head.headers.add(name: "content-length", value: "0")
        head.headers.add(name: "connection", value: "close")
        if status == .upgradeRequired {
            head.headers.add(name: "upgrade", value: "websocket")
            head.headers.add(name: "sec-websocket-version", value: "13")
        }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in channel.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
