// The UDP ports of the server's media: even for RTP, the odd one after it for RTCP (RFC 3550 §11).

import Glibc
import Synchronization

/// Why no sockets could be opened.
public enum PortPoolError: Error, Equatable, Sendable {
    case invalidAddress
    /// Every pair is in use, by us or by others.
    case exhausted
    /// The kernel refused; the value is `errno`.
    case system(Int32)
}

/// Hands out pairs of ports. The free pair that rested longest is taken first, so that late packets of an ended call
/// meet a closed port rather than the next caller; the order starts random, so that ports cannot be guessed.
public final class PortPool: Sendable {
    private struct State {
        /// Even ports, waiting in a ring: taken at `first`, given back behind the last.
        var free: [UInt16]
        var first = 0
        var count: Int
    }

    /// How many busy pairs (taken by other programs) are skipped in one `open` before it gives up.
    private static let attempts = 64

    private let address: SocketAddress
    private let state: Mutex<State>

    /// `address` is the numeric IPv4 or IPv6 address to bind, `0.0.0.0` and `::` included. `range` holds at least one
    /// even port with its odd neighbour.
    public init(address: String, range: ClosedRange<UInt16>) throws(PortPoolError) {
        guard let parsed = SocketAddress(ip: address, port: 0) else { throw .invalidAddress }
        let lowest = Int(range.lowerBound) + Int(range.lowerBound) % 2
        let ports = stride(from: max(lowest, 2), to: Int(range.upperBound), by: 2).map { UInt16($0) }.shuffled()
        guard !ports.isEmpty else { throw .exhausted }
        self.address = parsed
        self.state = Mutex(State(free: ports, count: ports.count))
    }

    /// Pairs not handed out now.
    public var available: Int { state.withLock { $0.count } }

    /// Opens sockets on a free pair; with `rtcpMux` only the even port is bound.
    public func open(rtcpMux: Bool) throws(PortPoolError) -> MediaSockets {
        for _ in 0..<PortPool.attempts {
            guard let port = take() else { throw .exhausted }
            switch PortPool.bindPair(address.with(port: port), rtcpMux: rtcpMux) {
            case .success(let (rtp, rtcp)):
                return MediaSockets(
                    rtp: rtp, rtcp: rtcp, rtpPort: port, rtcpPort: rtcpMux ? port : port + 1, pool: self)
            case .failure(.system(EADDRINUSE)): takeBack(port)
            case .failure(let error):
                takeBack(port)
                throw error
            }
        }
        throw .exhausted
    }

    private func take() -> UInt16? {
        state.withLock { state in
            guard state.count > 0 else { return nil }
            let port = state.free[state.first]
            state.first = (state.first + 1) % state.free.count
            state.count -= 1
            return port
        }
    }

    func takeBack(_ port: UInt16) {
        state.withLock { state in
            precondition(state.count < state.free.count, "media sockets were closed twice")
            state.free[(state.first + state.count) % state.free.count] = port
            state.count += 1
        }
    }

    private static func bindPair(_ address: SocketAddress, rtcpMux: Bool) -> Result<(Int32, Int32), PortPoolError> {
        switch bindOne(address) {
        case .failure(let error): return .failure(error)
        case .success(let rtp):
            guard !rtcpMux else { return .success((rtp, -1)) }
            switch bindOne(address.with(port: address.port + 1)) {
            case .success(let rtcp): return .success((rtp, rtcp))
            case .failure(let error):
                _ = Glibc.close(rtp)
                return .failure(error)
            }
        }
    }

    private static func bindOne(_ address: SocketAddress) -> Result<Int32, PortPoolError> {
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        let kind = Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let socket = Glibc.socket(family, kind, 0)
        guard socket >= 0 else { return .failure(.system(errno)) }
        if address.isIPv6 { set(socket, level: Int32(IPPROTO_IPV6), option: IPV6_V6ONLY, to: 1) }
        // RFC 4594 §4.1: telephony is marked EF (46), which is 0xB8 with the two low bits of the old TOS byte.
        if address.isIPv6 {
            set(socket, level: Int32(IPPROTO_IPV6), option: IPV6_TCLASS, to: 0xB8)
        } else {
            set(socket, level: Int32(IPPROTO_IP), option: IP_TOS, to: 0xB8)
        }
        let bound = address.withSockaddr { Glibc.bind(socket, $0, $1) }
        guard bound == 0 else {
            let error = errno
            _ = Glibc.close(socket)
            return .failure(.system(error))
        }
        return .success(socket)
    }

    /// Not checked: a kernel that refuses one of these options still carries media.
    private static func set(_ socket: Int32, level: Int32, option: Int32, to value: Int32) {
        var value = value
        _ = setsockopt(socket, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
