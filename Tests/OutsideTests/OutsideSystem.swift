// A system outside: a real HTTP server on loopback that answers, byte for byte, as the test says.

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOTLS
import Synchronization
import Testing

final class OutsideSystem: Sendable {
    struct Received: Sendable {
        let method: String
        let target: String
        let headers: [String: String]
        let body: String
    }

    enum Reply: Sendable {
        case bytes(String, thenClose: Bool = false)
        case silence

        /// Whole and right.
        static func json(_ body: String, type: String = "application/json", status: String = "200 OK") -> Reply {
            .bytes(
                "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
    }

    private let listener: any Channel
    private let visits: Visits
    let port: Int

    var requests: [Received] { visits.log.withLock { $0.requests } }
    var connections: Int { visits.log.withLock { $0.connections.count } }
    /// What clients said in TLS with whom they want to talk.
    var names: [String?] { visits.log.withLock { $0.names } }
    /// Each request when it has been read and before it is answered.
    var arrivals: AsyncStream<Received> { visits.arrivals }

    init(
        on address: String = "127.0.0.1", tls: Bool = false,
        reply: @escaping @Sendable (Received) -> Reply = { _ in .json("{}") }
    ) async throws {
        let visits = Visits()
        let context = tls ? try Self.context() : nil
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { connection in
                visits.log.withLock { $0.connections.append(connection) }
                return connection.eventLoop.makeCompletedFuture {
                    let pipeline = connection.pipeline.syncOperations
                    if let context { try pipeline.addHandler(Self.secured(connection, context, visits)) }
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
                    try pipeline.addHandler(Answering(visits: visits, reply: reply))
                }
            }
            .bind(host: address, port: 0).get()
        self.visits = visits
        port = try #require(listener.localAddress?.port)
    }

    func stop() async throws {
        try await listener.close()
        for connection in visits.log.withLock({ $0.connections }) { connection.close(promise: nil) }
    }

    private static func secured(
        _ connection: any Channel, _ context: NIOSSLContext, _ visits: Visits
    ) -> ByteToMessageHandler<SNIHandler> {
        ByteToMessageHandler(
            SNIHandler { name in
                visits.log.withLock { $0.names.append(name.text) }
                return connection.eventLoop.makeCompletedFuture {
                    let pipeline = connection.pipeline.syncOperations
                    let reader = try pipeline.handler(type: ByteToMessageHandler<SNIHandler>.self)
                    try pipeline.addHandler(NIOSSLServerHandler(context: context), position: .after(reader))
                }
            })
    }

    private static func context() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(fixture("certificate"))
        let key = try NIOSSLPrivateKey(file: fixture("key"), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key)))
    }
}

/// The path of a PEM file beside the tests.
func fixture(_ name: String) throws -> String {
    try #require(Bundle.module.url(forResource: name, withExtension: "pem", subdirectory: "Fixtures")).path
}

/// Who came and what they wanted.
private final class Visits: Sendable {
    struct Log {
        var connections: [any Channel] = []
        var requests: [OutsideSystem.Received] = []
        var names: [String?] = []
    }

    let log = Mutex(Log())
    let arrivals: AsyncStream<OutsideSystem.Received>
    let arrived: AsyncStream<OutsideSystem.Received>.Continuation

    init() {
        (arrivals, arrived) = AsyncStream.makeStream(of: OutsideSystem.Received.self)
    }
}

private final class Answering: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let visits: Visits
    private let reply: @Sendable (OutsideSystem.Received) -> OutsideSystem.Reply
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()

    init(visits: Visits, reply: @escaping @Sendable (OutsideSystem.Received) -> OutsideSystem.Reply) {
        self.visits = visits
        self.reply = reply
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
        case .body(var part): body.writeBuffer(&part)
        case .end: answer(context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ context: ChannelHandlerContext) {
        guard let head else { return }
        let received = OutsideSystem.Received(
            method: head.method.rawValue, target: head.uri,
            headers: Dictionary(head.headers.map { ($0.name.lowercased(), $0.value) }) { "\($0), \($1)" },
            body: String(buffer: body))
        visits.log.withLock { $0.requests.append(received) }
        visits.arrived.yield(received)
        switch reply(received) {
        case .silence: break
        case .bytes(let text, let thenClose):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            if thenClose { context.close(promise: nil) }
        }
    }
}

extension SNIResult {
    fileprivate var text: String? {
        switch self {
        case .fallback: nil
        case .hostname(let name): name
        }
    }
}
