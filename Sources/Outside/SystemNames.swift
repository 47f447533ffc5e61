// The system's resolver: /etc/hosts, the DNS, whatever the machine is set up for.

import Dispatch
import Glibc

public enum SystemNames {
    /// getaddrinfo blocks for up to half a minute when the DNS is silent and cannot be told to stop: neither the
    /// cooperative pool nor an event loop can give it a thread. `NameResolver` keeps them few.
    private static let threads = DispatchQueue(label: "outside.names", attributes: .concurrent)

    /// The first address of a host, as text; a host that is an address already is its own. Nil when there is none. Waits
    /// up to half a minute when the DNS is silent.
    public static func firstAddress(of host: String) async -> String? {
        if let address = IPAddress(host) { return address.text }
        guard let name = HostName(host) else { return nil }
        return await addresses(of: name).first?.text
    }

    /// All addresses, the one to try first before the others (RFC 6724); none when the name is not known.
    static func addresses(of name: HostName) async -> [IPAddress] {
        await withCheckedContinuation { continuation in
            threads.async { continuation.resume(returning: ask(name.text)) }
        }
    }

    private static func ask(_ name: String) -> [IPAddress] {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(name, nil, &hints, &found) == 0 else { return [] }
        defer { freeaddrinfo(found) }
        var addresses: [IPAddress] = []
        var next = found
        while let entry = next {
            if let address = entry.pointee.ai_addr.flatMap({ IPAddress($0) }), !addresses.contains(address) {
                addresses.append(address)
            }
            next = entry.pointee.ai_next
        }
        return addresses
    }
}
