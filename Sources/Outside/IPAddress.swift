// An IPv4 or IPv6 address, as names lead to it and as policies compare it.

import Glibc

/// Without port and scope. An IPv4-mapped IPv6 address (`::ffff:10.0.0.1`, RFC 4291 §2.5.5.2) is the IPv4 address that it
/// reaches: there is no second way of writing 10.0.0.1.
enum IPAddress: Hashable, Sendable {
    /// Host byte order.
    case v4(UInt32)
    /// Host byte order; never mapped.
    case v6(UInt128)

    /// Dotted decimal in four parts, or IPv6 without brackets and zone; nil for anything else, so that `127.1`, `0x7f.1`
    /// and `2130706433` are no addresses.
    init?(_ text: String) {
        // INET6_ADDRSTRLEN less its end. C would stop reading at a NUL.
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self = .v4(UInt32(bigEndian: four.s_addr))
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        self.init(six)
    }

    /// What the kernel or the resolver gave; nil for a family other than IPv4 and IPv6.
    init?(_ address: UnsafePointer<sockaddr>) {
        let bytes = UnsafeRawPointer(address)
        switch Int32(address.pointee.sa_family) {
        case AF_INET: self = .v4(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        case AF_INET6: self.init(bytes.loadUnaligned(fromByteOffset: 8, as: in6_addr.self))
        default: return nil
        }
    }

    private init(_ six: in6_addr) {
        let value = withUnsafeBytes(of: six) { UInt128(bigEndian: $0.loadUnaligned(as: UInt128.self)) }
        self = value >> 32 == 0xFFFF ? .v4(UInt32(truncatingIfNeeded: value)) : .v6(value)
    }

    /// The one way in which it is written: dotted decimal, or IPv6 after RFC 5952 without brackets.
    var text: String {
        switch self {
        case .v4(let value):
            return (0..<4).map { String((value >> UInt32(24 - $0 * 8)) & 0xFF) }.joined(separator: ".")
        case .v6(let value):
            var bytes = value.bigEndian
            return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
                guard inet_ntop(AF_INET6, &bytes, buffer.baseAddress, socklen_t(buffer.count)) != nil else {
                    fatalError("inet_ntop refused sixteen bytes and room enough")
                }
                return String(decoding: UnsafeRawBufferPointer(buffer).prefix { $0 != 0 }, as: UTF8.self)
            }
        }
    }
}
