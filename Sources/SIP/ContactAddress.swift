// Which of our addresses a peer is told to answer to: the Contact header (RFC 3261 §8.1.1.8).

import CSofia
import Glibc

/// Behind NAT, peers outside must get the public address and peers inside the local one; without NAT it is the address
/// that the peer has reached.
struct ContactAddress: Sendable {
    let listen: ListenAddress
    let publicAddress: String?

    func headerValue(towards peer: String?, overTCP: Bool) -> String {
        let host = SIPAddress.bracketed(host(towards: peer))
        return "<sip:\(host):\(listen.port)\(overTCP ? ";transport=tcp" : "")>"
    }

    func host(towards peer: String?) -> String {
        if let publicAddress, let peer, !Self.isLocal(peer) { return publicAddress }
        guard listen.isAny else { return listen.ip }
        guard let peer, let local = Self.localAddress(towards: peer) else { return publicAddress ?? listen.ip }
        return local
    }

    /// The address from which the kernel would send to `peer`.
    static func localAddress(towards peer: String) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let base = buffer.baseAddress, sofia_local_address(peer, base, buffer.count) == 0 else { return nil }
            return String(cString: base)
        }
    }

    /// Addresses that are never beyond a NAT: loopback, private (RFC 1918), link-local, unique local (RFC 4193).
    static func isLocal(_ ip: String) -> Bool {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 16) { bytes in
            if inet_pton(AF_INET, ip, bytes.baseAddress) == 1 { return isLocal(bytes[0], bytes[1]) }
            guard inet_pton(AF_INET6, ip, bytes.baseAddress) == 1 else { return false }
            if bytes[0] & 0xFE == 0xFC || (bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80) { return true }
            guard bytes[..<10].allSatisfy({ $0 == 0 }) else { return false }
            if bytes[10] == 0xFF, bytes[11] == 0xFF { return isLocal(bytes[12], bytes[13]) }
            return bytes[10..<15].allSatisfy { $0 == 0 } && bytes[15] == 1
        }
    }

    private static func isLocal(_ first: UInt8, _ second: UInt8) -> Bool {
        switch (first, second) {
        case (10, _), (127, _), (172, 16...31), (192, 168), (169, 254): true
        default: false
        }
    }
}
