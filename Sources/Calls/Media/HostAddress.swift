// A host's name → an IP address, beside the signalling thread.

import Dispatch
import Glibc

enum HostAddress {
    private static let resolvers = DispatchQueue(label: "names", attributes: .concurrent)

    /// The first address that the system knows; the address itself when it is one already; nil when there is none.
    static func first(of host: String) async -> String? {
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, host, &four) == 1 || inet_pton(AF_INET6, host, &six) == 1 { return host }
        return await withCheckedContinuation { done in
            resolvers.async { done.resume(returning: resolve(host)) }
        }
    }

    private static func resolve(_ host: String) -> String? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_DGRAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &found) == 0, let first = found else { return nil }
        defer { freeaddrinfo(found) }
        var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let result = getnameinfo(
            first.pointee.ai_addr, first.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
        return result == 0
            ? String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self) : nil
    }
}
