// What an address is for, by IANA's registries of special-purpose addresses (RFC 6890).

/// Only `global` ones are reached without an allowance.
public enum NetworkClass: String, Hashable, Sendable, CaseIterable {
    case global
    /// 0.0.0.0/8 and ::, which Linux connects to this machine.
    case unspecified
    case loopback
    case linkLocal
    /// RFC 1918, RFC 4193, and RFC 3879's site-local addresses.
    case privateUse
    /// RFC 6598: between a carrier's NAT and its customers.
    case carrierNAT
    case multicast
    /// Where clouds answer machines with their credentials. Never reached, allowance or not.
    case metadata
    case documentation
    /// Nobody can be meant: not given out, benchmarks, broadcast, dead tunnels (6to4, Teredo).
    case reserved

    init(of address: IPAddress) {
        if let row = Self.special.first(where: { $0.networks.contains { $0.contains(address) } }) {
            self = row.kind
            return
        }
        switch address {
        case .v4: self = .global
        case .v6(let value):
            if Self.translated.contains(address) {
                // RFC 6052 §3.1: the prefix must not stand for addresses that are not global.
                self = NetworkClass(of: .v4(UInt32(truncatingIfNeeded: value)))
            } else {
                // RFC 4291 §2.4: of all that is not special, 2000::/3 alone is given out.
                self = value >> 125 == 0b001 ? .global : .reserved
            }
        }
    }

    /// For a sentence: "leads to a loopback address".
    var words: String {
        switch self {
        case .global: "a global address"
        case .unspecified: "an unspecified address"
        case .loopback: "a loopback address"
        case .linkLocal: "a link-local address"
        case .privateUse: "a private address"
        case .carrierNAT: "an address inside a carrier's network"
        case .multicast: "a multicast address"
        case .metadata: "a cloud's metadata service"
        case .documentation: "an address for documentation"
        case .reserved: "a reserved address"
        }
    }

    /// The well-known prefix by which IPv6-only networks reach IPv4 (NAT64, RFC 6052).
    private static let translated = network("64:ff9b::/96")

    /// The first row that contains an address counts.
    private static let table: [(kind: NetworkClass, networks: [String])] = [
        // AWS, Azure, GCP, OpenStack · AWS' containers · Alibaba · Azure's platform, a global number · Oracle
        (.metadata, ["169.254.169.254", "169.254.170.2", "169.254.170.23", "100.100.100.200", "168.63.129.16"]),
        (.metadata, ["192.0.0.192", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254"]),
        (.unspecified, ["0.0.0.0/8", "::"]),
        (.loopback, ["127.0.0.0/8", "::1"]),
        (.linkLocal, ["169.254.0.0/16", "fe80::/10"]),
        (.privateUse, ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fec0::/10"]),
        (.carrierNAT, ["100.64.0.0/10"]),
        (.multicast, ["224.0.0.0/4", "ff00::/8"]),
        (.documentation, ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"]),
        // protocol assignments · 6to4's relays (RFC 7526) · benchmarks (RFC 2544) · class E and broadcast
        (.reserved, ["192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "240.0.0.0/4"]),
        // protocol assignments with Teredo, benchmarks and ORCHID · 6to4
        (.reserved, ["2001::/23", "2002::/16"]),
    ]

    private static let special: [(kind: NetworkClass, networks: [IPNetwork])] = table.map { row in
        (row.kind, row.networks.map(network))
    }

    private static func network(_ text: String) -> IPNetwork {
        guard let network = IPNetwork(text) else { fatalError("the table of networks holds \(text), which is none") }
        return network
    }
}
