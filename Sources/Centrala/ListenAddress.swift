// `IP:PORT` as an administrator writes it.

import Glibc

/// An IPv4 address, or an IPv6 address in brackets, and a port from 0 (the system chooses) to 65535.
struct ListenAddress {
    let ip: String
    let port: UInt16

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        guard Self.isIP(host) else { return nil }
        ip = host
        self.port = port
    }

    static func isIP(_ text: String) -> Bool {
        var four = in_addr()
        var six = in6_addr()
        return inet_pton(AF_INET, text, &four) == 1 || inet_pton(AF_INET6, text, &six) == 1
    }
}
