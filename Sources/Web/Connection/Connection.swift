// One TCP connection on the web port, and how it is set up and served.

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore

/// A connection that will turn out to be pages or a WebSocket when its first bytes arrive. Setting up must not wait for
/// them: a connection is not read before its set-up is done.
struct Connection: ServerChildChannelValue {
    enum Kind: Sendable {
        case pages(HTTP1Channel.Value)
        case webSocket(WebSocketOpening)
        /// Answered already with an HTTP status; it closes by itself.
        case refused
    }

    let channel: any Channel
    let kind: EventLoopFuture<Kind>
}

/// Pages and WebSockets on one port.
struct PortSharing: ServerChildChannel {
    let pages: HTTP1Channel
    let door: WebSocketDoor

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Connection> {
        channel.eventLoop.makeCompletedFuture {
            let kind = channel.eventLoop.makePromise(of: Connection.Kind.self)
            let firstBytes = FirstBytes(kind: kind) { guess in
                switch guess {
                case .page: pages.setup(channel: channel, logger: logger).map { .pages($0) }
                case .webSocket: try door.setup(channel: channel)
                }
            }
            try channel.pipeline.syncOperations.addHandler(firstBytes)
            return Connection(channel: channel, kind: kind.futureResult)
        }
    }

    func handle(value: Connection, logger: Logger) async {
        do {
            switch try await value.kind.get() {
            case .pages(let pagesConnection): await pages.handle(value: pagesConnection, logger: logger)
            case .webSocket(let opening): await door.serve(opening)
            case .refused: try await value.channel.closeFuture.get()
            }
        } catch {
            logger.trace("connection.lost", metadata: ["error": "\(error)"])
            try? await value.channel.close()
        }
    }
}
