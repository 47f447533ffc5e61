// One address on which SIP is heard.

import CSofia
import Glibc

/// `ip:port`, IPv6 in brackets.
struct ListenAddress: Hashable, Sendable {
    /// Without brackets.
    var ip: String
    var port: UInt16

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        let host = text[..<colon]
        self.port = port
        if host.hasPrefix("["), host.hasSuffix("]") {
            ip = String(host.dropFirst().dropLast())
            guard isIPv6 else { return nil }
        } else {
            ip = String(host)
            guard Self.parses(ip, family: AF_INET) else { return nil }
        }
    }

    var isIPv6: Bool { Self.parses(ip, family: AF_INET6) }
    var isAny: Bool { ip == "0.0.0.0" || ip == "::" }

    /// The same address with a port that is free now, when the port is 0.
    var withPort: ListenAddress? {
        guard port == 0 else { return self }
        let free = sofia_free_port(ip)
        guard free != 0 else { return nil }
        var address = self
        address.port = free
        return address
    }

    var description: String { "\(SIPAddress.bracketed(ip)):\(port)" }

    static func parses(_ ip: String, family: Int32) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 16, alignment: 8) { inet_pton(family, ip, $0.baseAddress) == 1 }
    }
}
