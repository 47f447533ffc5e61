// A mail server on loopback that answers as the test says (RFC 5321, STARTTLS of RFC 3207).

import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

final class MailSystem: Sendable {
    struct Behaviour: Sendable {
        var offers = ["8BITMIME"]
        /// Replies by the command's first four letters, instead of the usual ones. An empty one: silence.
        var replies: [String: String] = [:]
        var implicitTLS = false
    }

    struct Log: Sendable {
        var commands: [String] = []
        /// With their dots as they came.
        var letters: [String] = []
        var connections: [any Channel] = []
    }

    private let listener: any Channel
    private let log: Log.Box
    let port: UInt16

    var commands: [String] { log.value.withLock { $0.commands } }
    var letters: [String] { log.value.withLock { $0.letters } }

    init(_ behaviour: Behaviour = Behaviour()) async throws {
        let log = Log.Box()
        let context = try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: NIOSSLCertificate.fromPEMFile(fixture("mail-certificate")).map { .certificate($0) },
                privateKey: .privateKey(NIOSSLPrivateKey(file: fixture("mail-key"), format: .pem))))
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { connection in
                log.value.withLock { $0.connections.append(connection) }
                return connection.eventLoop.makeCompletedFuture {
                    let pipeline = connection.pipeline.syncOperations
                    if behaviour.implicitTLS { try pipeline.addHandler(NIOSSLServerHandler(context: context)) }
                    try pipeline.addHandler(Session(behaviour, log, context))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.log = log
        port = UInt16(listener.localAddress?.port ?? 0)
    }

    func stop() async throws {
        try await listener.close()
        for connection in log.value.withLock({ $0.connections }) { connection.close(promise: nil) }
    }
}

extension MailSystem.Log {
    final class Box: Sendable {
        let value = Mutex(MailSystem.Log())
    }
}

private final class Session: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let behaviour: MailSystem.Behaviour
    private let log: MailSystem.Log.Box
    private let tls: NIOSSLContext
    private var text = ""
    private var isLetter = false
    /// The next line is user and password (RFC 4616).
    private var isLogin = false

    init(_ behaviour: MailSystem.Behaviour, _ log: MailSystem.Log.Box, _ tls: NIOSSLContext) {
        self.behaviour = behaviour
        self.log = log
        self.tls = tls
    }

    func channelActive(context: ChannelHandlerContext) {
        say("HELO", "220 test", context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
        while true {
            let end = isLetter ? "\r\n.\r\n" : "\r\n"
            guard let found = text.range(of: end) else { return }
            let piece = String(text[..<found.lowerBound])
            text = String(text[found.upperBound...])
            if isLetter {
                isLetter = false
                log.value.withLock { $0.letters.append(piece + "\r\n") }
                say("DONE", "250 taken", context)
            } else {
                answer(piece, context)
            }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func answer(_ command: String, _ context: ChannelHandlerContext) {
        log.value.withLock { $0.commands.append(command) }
        guard !isLogin else {
            isLogin = false
            return say("AUTH", "235 welcome", context)
        }
        switch command.prefix(4).uppercased() {
        case "EHLO":
            let lines = ["test"] + behaviour.offers
            say(
                "EHLO",
                lines.enumerated().map { "250\($0 == lines.count - 1 ? " " : "-")\($1)" }.joined(separator: "\r\n"),
                context)
        case "STAR":
            say("STAR", "220 go on", context)
            // because it is an event loop's own handler, added to that loop's pipeline.
            try! context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
        case "AUTH":
            isLogin = true
            say("", "334 ", context)
        case "DATA":
            isLetter = behaviour.replies["DATA"] == nil
            say("DATA", "354 go on", context)
        case "QUIT": say("QUIT", "221 bye", context)
        case let verb: say(verb, "250 good", context)
        }
    }

    private func say(_ verb: String, _ usual: String, _ context: ChannelHandlerContext) {
        let reply = behaviour.replies[verb] ?? usual
        guard !reply.isEmpty else { return }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: reply + "\r\n")), promise: nil)
    }
}
