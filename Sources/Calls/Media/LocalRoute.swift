// Which of this machine's addresses a peer is reached from: what we bind and, without NAT, what SDP announces.

import Glibc

enum LocalRoute {
    /// The source address that the kernel would choose towards `peer` (an IP address); nil when there is no route.
    /// No packet is sent: connecting a UDP socket only asks the routing table.
    static func address(towards peer: String) -> String? {
        var four = in_addr()
        var six = in6_addr()
        // getaddrinfo alone would also read "127.1" as an address.
        guard inet_pton(AF_INET, peer, &four) == 1 || inet_pton(AF_INET6, peer, &six) == 1 else { return nil }
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(peer, "9", &hints, &found) == 0, let found else { return nil }
        defer { freeaddrinfo(found) }
        let socket = Glibc.socket(found.pointee.ai_family, Int32(SOCK_DGRAM.rawValue), 0)
        guard socket >= 0 else { return nil }
        defer { Glibc.close(socket) }
        guard connect(socket, found.pointee.ai_addr, found.pointee.ai_addrlen) == 0 else { return nil }
        return name(of: socket)
    }

    private static func name(of socket: Int32) -> String? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard getsockname(socket, address, &length) == 0 else { return Int32(-1) }
                return getnameinfo(address, length, &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
            }
        }
        guard result == 0 else { return nil }
        return String(decoding: host.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
