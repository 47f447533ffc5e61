// The way in for WebSockets: who may open one, what is built for it, and how long it is served.

import Logging
import NIOCore
import NIOHTTP1
import NIOWebSocket
import Store

/// A WebSocket that was let through the HTTP part; whether its cookie is any good is not known yet.
struct WebSocketOpening: Sendable {
    let path: WebSocketPath
    /// The session cookie's value, if there was one.
    let token: String?
    let remote: String
    let writer: WebSocketWriter
    let messages: AsyncStream<String>
}

enum WebSocketPath: String, Sendable, CaseIterable {
    case consultant = "/ws/consultant"
    case caller = "/ws/caller"
}

/// Lets in, checks rights, and carries messages between a page and the conductor.
///
/// Browsers hide the HTTP status of a refused WebSocket from the page, so only what no honest page does is refused with
/// a status (foreign origin, unknown path); rights are checked after the upgrade and said by a close code.
struct WebSocketDoor: Sendable {
    enum CloseCode {
        static let notLoggedIn: UInt16 = 4401
        static let forbidden: UInt16 = 4403
        static let tooMany: UInt16 = 4429
    }

    /// How often a socket's session is looked at again; this also keeps a working consultant logged in.
    static let revalidateEvery = Duration.seconds(60)

    let switchboard: Switchboard
    let sessions: Sessions
    let origin: OriginRule
    let open: OpenSockets
    let publicCallPage: Bool
    let log: Logger

    // MARK: On the event loop

    func setup(channel: any Channel) throws -> EventLoopFuture<Connection.Kind> {
        let upgrader = NIOTypedWebSocketServerUpgrader<Connection.Kind>(
            maxFrameSize: FrameAssembler.limit,
            // Whoever comes as far as this was let through by `WebSocketRefusal`.
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture { .webSocket(try opening(channel, head)) }
            })
        let upgrade = NIOTypedHTTPServerUpgradeConfiguration(upgraders: [upgrader]) { channel in
            channel.close().map { Connection.Kind.refused }
        }
        var configuration = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: upgrade)
        configuration.decoderConfiguration.maxHeaderListSize = 16_384
        configuration.decoderConfiguration.maxHeaderFieldSize = 8_192
        configuration.decoderConfiguration.maxHeaderFieldCount = 100
        let built = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
            configuration: configuration)
        let pipeline = channel.pipeline.syncOperations
        let upgradeHandler = try pipeline.handler(type: NIOTypedHTTPServerUpgradeHandler<Connection.Kind>.self)
        try pipeline.addHandler(WebSocketRefusal(refusal: refusal), position: .before(upgradeHandler))
        let late = channel.eventLoop.scheduleTask(in: FirstBytes.patience) { channel.close(promise: nil) }
        return built.always { _ in late.cancel() }
    }

    /// nil: welcome.
    func refusal(of head: HTTPRequestHead) -> HTTPResponseStatus? {
        let path = head.uri.prefix { $0 != "?" }
        guard head.method == .GET, WebSocketPath(rawValue: String(path)) != nil else { return .notFound }
        let origins = head.headers["origin"]
        let hosts = head.headers["host"]
        guard origins.count == 1, hosts.count == 1, origin.permits(origin: origins[0], host: hosts[0]) else {
            return .forbidden
        }
        let protocols = head.headers[canonicalForm: "upgrade"].map { $0.lowercased() }
        guard protocols.contains("websocket"), head.headers["sec-websocket-version"] == ["13"] else {
            return .upgradeRequired
        }
        return head.headers["sec-websocket-key"].count == 1 ? nil : .badRequest
    }

    private func opening(_ channel: any Channel, _ head: HTTPRequestHead) throws -> WebSocketOpening {
        guard let path = WebSocketPath(rawValue: String(head.uri.prefix { $0 != "?" })) else {
            throw ChannelError.inappropriateOperationForState
        }
        let (messages, continuation) = AsyncStream.makeStream(
            of: String.self, bufferingPolicy: .bufferingOldest(WebSocketPeer.backlog))
        let writer = WebSocketWriter(channel: channel)
        try channel.pipeline.syncOperations.addHandler(WebSocketPeer(writer: writer, messages: continuation))
        return WebSocketOpening(
            path: path, token: sessions.token(cookies: head.headers["cookie"]),
            remote: channel.remoteAddress?.ipAddress ?? "?", writer: writer, messages: messages)
    }

    // MARK: Serving

    func serve(_ opening: WebSocketOpening) async {
        let visitor = await sessions.visitor(token: opening.token)
        if let (code, reason) = refusal(of: visitor, to: opening.path) {
            opening.writer.close(code, reason)
            return
        }
        guard let place = open.enter(opening, account: visitor?.account.id) else {
            opening.writer.close(CloseCode.tooMany, "too many connections")
            return
        }
        defer { open.leave(place) }
        let talk = await begin(opening, visitor)
        await withTaskGroup(of: Void.self) { group in
            if let token = opening.token, opening.path == .consultant {
                group.addTask { await watch(token, of: talk) }
            }
            for await text in opening.messages { await talk.received(text) }
            group.cancelAll()
        }
        await talk.closed()
    }

    private func begin(_ opening: WebSocketOpening, _ visitor: Visitor?) async -> Switchboard.Talk {
        let writer = opening.writer
        switch (opening.path, visitor) {
        case (.consultant, let visitor?):
            return await switchboard.openConsultant(
                visitor.account, opening.remote, { writer.send($0) }, { writer.close($0, $1) })
        case (.caller, _), (.consultant, nil):
            return await switchboard.openCaller(opening.remote, { writer.send($0) }, { writer.close($0, $1) })
        }
    }

    /// nil: may come in.
    private func refusal(of visitor: Visitor?, to path: WebSocketPath) -> (UInt16, String)? {
        switch path {
        case .consultant:
            guard let visitor else { return (CloseCode.notLoggedIn, "not logged in") }
            guard visitor.account.role == .consultant, !visitor.account.mustChangePassword else {
                return (CloseCode.forbidden, "not for this account")
            }
            return nil
        case .caller:
            return publicCallPage || visitor != nil ? nil : (CloseCode.notLoggedIn, "not logged in")
        }
    }

    /// Tells when the session is over: twelve hours gone, account disabled.
    private func watch(_ token: String, of talk: Switchboard.Talk) async {
        while (try? await Task.sleep(for: Self.revalidateEvery)) != nil {
            guard await sessions.visitor(token: token) != nil else { return await talk.sessionEnded() }
        }
    }
}
