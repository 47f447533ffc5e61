// A real UDP socket, for the few tests of real media threads.

import Glibc

@testable public import Media

/// On 127.0.0.1 with a port of the kernel's choice.
public final class LoopbackSocket: Sendable {
    public let descriptor: Int32
    public let address: SocketAddress

    public init() {
        let made = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        // because the address is a literal
        let any = SocketAddress(ip: "127.0.0.1", port: 0)!
        _ = any.withSockaddr { bind(made, $0, $1) }
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = getsockname(made, $0, &length) }
        }
        // because a bound socket has an IPv4 address
        address = SocketAddress(storage)!
        descriptor = made
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(made, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(descriptor) }

    public func send(_ bytes: [UInt8], to address: SocketAddress) {
        _ = address.withSockaddr { sendto(descriptor, bytes, bytes.count, 0, $0, $1) }
    }

    /// The next datagram; empty after ten seconds without one.
    public func receive() -> [UInt8] { receive(flags: 0) ?? [] }

    /// The next datagram that is there already.
    public func poll() -> [UInt8]? { receive(flags: Int32(MSG_DONTWAIT)) }

    private func receive(flags: Int32) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 2_048)
        let length = recv(descriptor, &bytes, bytes.count, flags)
        return length >= 0 ? Array(bytes[..<length]) : nil
    }

    /// For the engine: without an owner of ports, so that the leg's end closes nothing.
    public var sockets: MediaSockets {
        MediaSockets(rtp: descriptor, rtcp: -1, rtpPort: address.port, rtcpPort: address.port, pool: nil)
    }
}
