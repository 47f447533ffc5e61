// The web server: pages and WebSockets of a call centre on one port.

public import Calls
import Foundation
import Hummingbird
import HummingbirdCore
import HummingbirdTLS
public import Logging
import NIOCore
import NIOSSL
import ServiceLifecycle
import Synchronization

/// Make one, `run()` it in a task, `stop()` it; it also stops, less politely, when the task is cancelled.
public final class WebServer: Sendable {
    private let configuration: WebConfiguration
    private let switchboard: Switchboard
    private let log: Logger
    private let listening = ListeningPort()
    private let running = Mutex<ServiceGroup?>(nil)

    public convenience init(_ configuration: WebConfiguration, calls: CallCentre, log: Logger) {
        self.init(configuration, switchboard: Switchboard(calls), log: log)
    }

    init(_ configuration: WebConfiguration, switchboard: Switchboard, log: Logger) {
        self.configuration = configuration
        self.switchboard = switchboard
        self.log = log
    }

    /// The port that is really listened to, as soon as it is. Throws what `run()` threw when it cannot listen.
    public func listeningPort() async throws -> Int { try await listening.value() }

    /// Serves until stopped or cancelled. Throws `WebError`, or the system's error when the port cannot be had.
    public func run() async throws {
        do {
            var configuration = ServiceGroupConfiguration(services: [try await application()], logger: log)
            configuration.maximumGracefulShutdownDuration = .seconds(5)
            let group = ServiceGroup(configuration: configuration)
            running.withLock { $0 = group }
            try await group.run()
            listening.fail(CancellationError())
        } catch {
            listening.fail(error)
            throw error
        }
    }

    /// Takes no more requests, lets those under way end and closes WebSockets with 1001; `run()` returns within 5 s.
    public func stop() async { await running.withLock { $0 }?.triggerGracefulShutdown() }

    private func application() async throws -> some ApplicationProtocol {
        let site = try await site()
        let door = WebSocketDoor(
            switchboard: switchboard, sessions: site.sessions, origin: site.origin, open: site.open,
            publicCallPage: configuration.publicCallPage, log: log)
        return Application(
            router: router(site),
            server: try server(door),
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.address, port: configuration.port), serverName: nil,
                availableConnectionsDelegate: .maximum(configuration.maximumConnections, logger: log)),
            onServerRunning: { [listening] channel in listening.set(channel.localAddress?.port ?? 0) },
            logger: log)
    }

    private func site() async throws -> Site {
        let resources = Self.resources(configuration)
        return Site(
            configuration: configuration, switchboard: switchboard,
            sessions: Sessions(store: switchboard.store, isSecure: configuration.isSecure),
            origin: OriginRule(isSecure: configuration.isSecure, allowed: configuration.allowedOrigins),
            open: OpenSockets(), renderer: try await Renderer(directory: resources), resources: resources, log: log)
    }

    private func router(_ site: Site) -> Router<PageContext> {
        let router = Router(context: PageContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders(isSecure: configuration.isSecure))
        router.add(middleware: ErrorPages(site: site))
        for route in Route.all(configuration) {
            router.on(route.path, method: route.method) { request, context in
                await site.answer(route, request, context)
            }
        }
        return router
    }

    private func server(_ door: WebSocketDoor) throws -> HTTPServerBuilder {
        let tls = try tlsConfiguration()
        return HTTPServerBuilder { responder in
            let pages = HTTP1Channel(
                responder: responder,
                configuration: .init(
                    idleTimeout: .seconds(30),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 8_192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 100)))
            let port = PortSharing(pages: pages, door: door)
            guard let tls else { return port }
            return try TLSChannel(port, tlsConfiguration: tls)
        }
    }

    private func tlsConfiguration() throws -> TLSConfiguration? {
        switch (configuration.certificatePath, configuration.privateKeyPath) {
        case (nil, nil): return nil
        case (let certificate?, let key?):
            do {
                let chain = try NIOSSLCertificate.fromPEMFile(certificate)
                var tls = TLSConfiguration.makeServerConfiguration(
                    certificateChain: chain.map { .certificate($0) },
                    privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
                tls.minimumTLSVersion = .tlsv12
                tls.applicationProtocols = ["http/1.1"]
                return tls
            } catch {
                throw WebError.badCertificate("\(error)")
            }
        case (nil, _?), (_?, nil): throw WebError.halfCertificate
        }
    }

    /// Where templates, texts and assets are.
    static func resources(_ configuration: WebConfiguration) -> String {
        configuration.resourcesDirectory ?? Bundle.module.bundlePath + "/Resources"
    }
}
