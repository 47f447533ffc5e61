// Addresses and the pool of ports.

import Glibc
import Testing

@testable import Media

@Suite struct SocketAddressTests {
    @Test(arguments: ["127.0.0.1", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::5", "fe80::1"])
    func `Text and the kernel's form come back the same`(ip: String) throws {
        let address = try #require(SocketAddress(ip: ip, port: 65_535))
        #expect(address.ip == ip)
        #expect(address.isIPv6 == ip.contains(":"))
        var storage = sockaddr_storage()
        let length = address.write(to: &storage)
        #expect(Int(length) == (address.isIPv6 ? 28 : 16))
        #expect(SocketAddress(storage) == address)
    }

    @Test(arguments: ["", "localhost", "1.2.3", "1.2.3.4.5", "256.1.1.1", "::g", "224.2.1.1/127", "[::1"])
    func `What is no numeric address is refused`(ip: String) {
        #expect(SocketAddress(ip: ip, port: 1) == nil)
    }

    @Test func `Private addresses are known`() throws {
        for ip in [
            "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "100.127.255.255",
            "169.254.1.1", "fd00::1", "fe80::1", "::ffff:10.0.0.1", "::ffff:192.168.1.1", "::ffff:100.64.0.1",
        ] {
            #expect(try #require(SocketAddress(ip: ip, port: 1)).isPrivate, "\(ip)")
        }
        for ip in [
            "172.32.0.1", "172.15.0.1", "100.128.0.1", "11.0.0.1", "127.0.0.1", "2001:db8::1", "::1", "::10.0.0.1",
            "::ffff:11.0.0.1", "::ffff:127.0.0.1", "64:ff9b::ffff:a00:1",
        ] {
            #expect(!(try #require(SocketAddress(ip: ip, port: 1)).isPrivate), "\(ip)")
        }
        for (ip, isLoopback) in [
            ("127.0.0.1", true), ("::1", true), ("::ffff:127.9.9.9", true), ("::ffff:0.0.0.1", false),
        ] {
            #expect(try #require(SocketAddress(ip: ip, port: 1)).isLoopback == isLoopback, "\(ip)")
        }
    }

    @Test(arguments: ["127.0.0.1", "::1"])
    func `A pair is even and odd, bound, and rests longest after its use`(address: String) throws {
        let pool = try PortPool(address: address, range: 30_001...30_201)
        #expect(pool.available == 100)
        let first = try pool.open(rtcpMux: false)
        #expect(first.rtpPort % 2 == 0)
        #expect(first.rtcpPort == first.rtpPort + 1)
        #expect(first.rtp >= 0 && first.rtcp >= 0)
        first.close()
        var seen: Set<UInt16> = []
        for _ in 0..<20 {
            let next = try pool.open(rtcpMux: true)
            #expect(next.rtcp == -1)
            #expect(next.rtcpPort == next.rtpPort)
            #expect(next.rtpPort != first.rtpPort)
            #expect(seen.insert(next.rtpPort).inserted)
            next.close()
        }
    }

    @Test func `A pool that is used up says so, and recovers`() throws {
        let pool = try PortPool(address: "127.0.0.1", range: 31_000...31_003)
        let open = try [pool.open(rtcpMux: true), pool.open(rtcpMux: true)]
        #expect(throws: PortPoolError.exhausted) { try pool.open(rtcpMux: true) }
        open[0].close()
        let again = try pool.open(rtcpMux: true)
        #expect(again.rtpPort == open[0].rtpPort)
        again.close()
        open[1].close()
        #expect(throws: PortPoolError.invalidAddress) { try PortPool(address: "localhost", range: 1...9) }
        #expect(throws: PortPoolError.exhausted) { try PortPool(address: "127.0.0.1", range: 7...7) }
    }

    @Test func `A pair in use by another program is skipped`() throws {
        let pool = try PortPool(address: "127.0.0.1", range: 32_000...32_003)
        let other = try PortPool(address: "127.0.0.1", range: 32_000...32_001)
        let taken = try other.open(rtcpMux: false)
        let sockets = try pool.open(rtcpMux: false)
        #expect(sockets.rtpPort == 32_002)
        sockets.close()
        taken.close()
    }
}
