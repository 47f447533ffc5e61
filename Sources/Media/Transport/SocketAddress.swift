// An IP address and a UDP port in a fixed-size value.

public import Glibc

/// An IPv4 or IPv6 address with a port; 32 bytes, trivially copied. Equal means: same family, address, scope and port.
public struct SocketAddress: Hashable, Sendable, BitwiseCopyable {
    /// The first eight bytes of an IPv6 address, big-endian value; 0 for IPv4.
    private var high: UInt64
    /// The last eight bytes of an IPv6 address, or the IPv4 address in the low 32 bits.
    private var low: UInt64
    /// The link of a link-local IPv6 address; else 0.
    private var scope: UInt32
    /// UDP port in host byte order, 0…65,535.
    public var port: UInt16
    public let isIPv6: Bool

    private init(high: UInt64, low: UInt64, scope: UInt32, port: UInt16, isIPv6: Bool) {
        self.high = high
        self.low = low
        self.scope = scope
        self.port = port
        self.isIPv6 = isIPv6
    }

    /// 0.0.0.0:0.
    static var unspecified: SocketAddress {
        @_noLocks @_noAllocation get { SocketAddress(high: 0, low: 0, scope: 0, port: 0, isIPv6: false) }
    }

    /// A numeric IPv4 or IPv6 address, the latter with or without brackets. Nil for anything else, names included:
    /// nothing is ever looked up.
    public init?(ip: String, port: UInt16) {
        let text = ip.hasPrefix("[") && ip.hasSuffix("]") ? String(ip.dropFirst().dropLast()) : ip
        // 45 characters are the longest IPv6 address in text (INET6_ADDRSTRLEN less its end).
        guard text.utf8.count <= 45 else { return nil }
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            let address = UInt64(UInt32(bigEndian: four.s_addr))
            self.init(high: 0, low: address, scope: 0, port: port, isIPv6: false)
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let halves = withUnsafeBytes(of: &six) { bytes in
            (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        }
        self.init(
            high: UInt64(bigEndian: halves.0), low: UInt64(bigEndian: halves.1), scope: 0, port: port, isIPv6: true)
    }

    /// What the kernel gave; nil for a family other than IPv4 and IPv6.
    @_noLocks @_noAllocation
    public init?(reading storage: UnsafePointer<sockaddr_storage>) {
        let bytes = UnsafeRawPointer(storage)
        switch Int32(storage.pointee.ss_family) {
        case AF_INET:
            let port = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
            let address = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
            self.init(high: 0, low: UInt64(address), scope: 0, port: port, isIPv6: false)
        case AF_INET6:
            self.init(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
                scope: bytes.loadUnaligned(fromByteOffset: 24, as: UInt32.self),
                port: UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self)),
                isIPv6: true)
        default: return nil
        }
    }

    /// The same from a value.
    public init?(_ storage: sockaddr_storage) {
        guard let address = withUnsafePointer(to: storage, { SocketAddress(reading: $0) }) else { return nil }
        self = address
    }

    /// Fills in what the kernel wants; the bytes used are returned.
    @_noLocks @_noAllocation
    public func write(to storage: UnsafeMutablePointer<sockaddr_storage>) -> socklen_t {
        let bytes = UnsafeMutableRawPointer(storage)
        if isIPv6 {
            bytes.storeBytes(of: sa_family_t(AF_INET6), as: sa_family_t.self)
            bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
            bytes.storeBytes(of: 0, toByteOffset: 4, as: UInt32.self)
            bytes.storeBytes(of: high.bigEndian, toByteOffset: 8, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt64.self)
            bytes.storeBytes(of: scope, toByteOffset: 24, as: UInt32.self)
            return socklen_t(MemoryLayout<sockaddr_in6>.size)
        }
        bytes.storeBytes(of: sa_family_t(AF_INET), as: sa_family_t.self)
        bytes.storeBytes(of: port.bigEndian, toByteOffset: 2, as: UInt16.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: low).bigEndian, toByteOffset: 4, as: UInt32.self)
        bytes.storeBytes(of: 0, toByteOffset: 8, as: UInt64.self)
        return socklen_t(MemoryLayout<sockaddr_in>.size)
    }

    /// Runs `body` with the address in the kernel's form.
    public func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let length = write(to: &storage)
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    /// The address in text, without port and brackets.
    public var ip: String {
        if !isIPv6 {
            return (0..<4).map { String((low >> UInt64(24 - $0 * 8)) & 0xFF) }.joined(separator: ".")
        }
        var six = in6_addr()
        withUnsafeMutableBytes(of: &six) { bytes in
            bytes.storeBytes(of: high.bigEndian, as: UInt64.self)
            bytes.storeBytes(of: low.bigEndian, toByteOffset: 8, as: UInt64.self)
        }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            guard inet_ntop(AF_INET6, &six, buffer.baseAddress, socklen_t(buffer.count)) != nil else { return "::" }
            return String(decoding: UnsafeRawBufferPointer(buffer).prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    /// Written out because the media thread's functions may not call a derived one.
    @_noLocks @_noAllocation
    public static func == (a: SocketAddress, b: SocketAddress) -> Bool {
        a.port == b.port && a.hasSameIP(as: b)
    }

    /// Same family and address; the port may differ.
    @_noLocks @_noAllocation
    func hasSameIP(as other: SocketAddress) -> Bool {
        isIPv6 == other.isIPv6 && high == other.high && low == other.low && scope == other.scope
    }

    /// The same address with another port.
    func with(port: UInt16) -> SocketAddress {
        SocketAddress(high: high, low: low, scope: scope, port: port, isIPv6: isIPv6)
    }

    /// 0.0.0.0 or ::, the old way of saying "on hold" (RFC 3264 §8.4).
    public var isUnspecified: Bool { high == 0 && low == 0 }

    /// The four bytes of IPv4, also where they come as IPv6: `::ffff:10.0.0.1` (IPv4-mapped, RFC 4291 §2.5.5.2).
    private var ipv4: UInt32? {
        let isMapped = high == 0 && low >> 32 == 0xFFFF
        return isIPv6 && !isMapped ? nil : UInt32(truncatingIfNeeded: low)
    }

    /// 127.0.0.0/8 or ::1: somebody on this machine.
    public var isLoopback: Bool {
        if let ipv4 { return ipv4 >> 24 == 127 }
        return high == 0 && low == 1
    }

    /// Addresses that only mean something inside a network: RFC 1918, RFC 6598 (carrier NAT), RFC 3927 and RFC 4291
    /// link-local, RFC 4193. Loopback is not among them: who reaches us there is on this machine.
    public var isPrivate: Bool {
        guard let address = ipv4 else {
            let first = UInt16(truncatingIfNeeded: high >> 48)
            return first & 0xFE00 == 0xFC00 || first & 0xFFC0 == 0xFE80
        }
        return address >> 24 == 10
            || address >> 20 == 0xAC1
            || address >> 16 == 0xC0A8
            || address >> 16 == 0xA9FE
            || address >> 22 == 0x6440_0000 >> 22
    }

    /// The address as STUN carries it: four or sixteen bytes in network order.
    var wireBytes: (high: UInt64, low: UInt64) { @_noLocks @_noAllocation get { (high, low) } }
}

extension SocketAddress: CustomStringConvertible {
    public var description: String { isIPv6 ? "[\(ip)]:\(port)" : "\(ip):\(port)" }
}
