// Which addresses outside systems may have.

/// Global addresses may always be reached; others only by an allowance, and a cloud's metadata service never.
public struct OutsidePolicy: Sendable {
    /// Networks that may be reached although they are not global.
    public var allowedNetworks: [IPNetwork]
    /// Names that may lead to any address. Whoever controls such a name's DNS chooses the address.
    public var allowedHosts: Set<HostName>

    public init(allowedNetworks: [IPNetwork] = [], allowedHosts: Set<HostName> = []) {
        self.allowedNetworks = allowedNetworks
        self.allowedHosts = allowedHosts
    }

    /// Why this host may not be reached; nil: it may. One forbidden address forbids all: an honest name has no mixture,
    /// and which one is tried first is chance.
    func refusal(of host: OutsideURL.Host, leadingTo addresses: [IPAddress]) -> NetworkClass? {
        for address in addresses {
            let kind = NetworkClass(of: address)
            switch kind {
            case .global: continue
            case .metadata: return kind
            case .unspecified, .loopback, .linkLocal, .privateUse, .carrierNAT, .multicast, .documentation, .reserved:
                guard allows(host) || allowedNetworks.contains(where: { $0.contains(address) }) else { return kind }
            }
        }
        return nil
    }

    private func allows(_ host: OutsideURL.Host) -> Bool {
        switch host {
        case .name(let name): allowedHosts.contains(name)
        case .address: false
        }
    }
}
