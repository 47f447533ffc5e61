// A host with the one address to which its connections may go, and the HTTP client that goes nowhere else.

import AsyncHTTPClient
import NIOCore
import NIOPosix
import NIOSSL

struct CheckedHost: Hashable, Sendable {
    let host: OutsideURL.Host
    let address: IPAddress

    /// A connection with TLS is there by then, or the next address gets its turn.
    private static let patience = TimeAmount.seconds(4)
    /// How long an unused connection is kept. Many servers close after 5 seconds, and a request that meets the close is
    /// lost: it cannot be known whether it was read.
    private static let idle = TimeAmount.seconds(4)

    /// The client resolves nothing: the name is a name for TLS and the `Host` field only. Its configuration knows no
    /// address per request, hence a client per host and address.
    func makeClient(trust: NIOSSLTrustRoots) -> HTTPClient {
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.minimumTLSVersion = .tlsv12
        tls.trustRoots = trust
        var configuration = HTTPClient.Configuration(
            tlsConfiguration: tls, redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: Self.patience),
            connectionPool: HTTPClient.Configuration.ConnectionPool(
                idleTimeout: Self.idle, concurrentHTTP1ConnectionsPerHostSoftLimit: LookupClient.mostAtOnce))
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.httpVersion = .http1Only
        if case .name(let name) = host { configuration.dnsOverride = [name.text: address.text] }
        configuration.http1_1ConnectionDebugInitializer = guarded
        return HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), configuration: configuration)
    }

    /// The second lock on the door, should the client ever read a URL otherwise than we did: called with each new
    /// connection before anything is asked on it.
    @Sendable private func guarded(_ connection: any Channel) -> EventLoopFuture<Void> {
        let reached = connection.remoteAddress?.withSockAddr { pointer, _ in IPAddress(pointer) }
        guard reached != address else { return connection.eventLoop.makeSucceededVoidFuture() }
        return connection.close().flatMapThrowing { throw LookupError.misdirected }
    }
}
