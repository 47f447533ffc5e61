// Addresses, networks, and what each address is for.

import Testing

@testable import Outside

@Suite struct NetworkClassTests {
    static let classes: [(NetworkClass, [String])] = [
        (
            .global,
            [
                "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
                "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
                "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
                "2000::", "2001:200::", "2606:4700:4700::1111", "3ffe:ffff::1", "3fff:1000::", "64:ff9b::8.8.8.8",
            ]
        ),
        (.unspecified, ["0.0.0.0", "0.0.0.1", "0.255.255.255", "::", "64:ff9b::"]),
        (.loopback, ["127.0.0.1", "127.0.0.0", "127.255.255.255", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]),
        (.linkLocal, ["169.254.0.0", "169.254.255.255", "fe80::", "fe80::1", "febf:ffff::", "::ffff:169.254.1.1"]),
        (
            .privateUse,
            [
                "10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255",
                "fc00::", "fdff:ffff::1", "fec0::", "feff:ffff::", "::ffff:10.1.2.3", "::ffff:c0a8:1",
                "64:ff9b::10.0.0.1",
            ]
        ),
        (.carrierNAT, ["100.64.0.0", "100.127.255.255"]),
        (.multicast, ["224.0.0.0", "239.255.255.255", "ff00::", "ff02::1", "ffff::"]),
        (
            .metadata,
            [
                "169.254.169.254", "::ffff:169.254.169.254", "::ffff:a9fe:a9fe", "64:ff9b::a9fe:a9fe", "169.254.170.2",
                "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254",
            ]
        ),
        (.documentation, ["192.0.2.1", "198.51.100.255", "203.0.113.0", "2001:db8::1", "3fff::1", "3fff:fff:ffff::"]),
        (
            .reserved,
            [
                "192.0.0.0", "192.0.0.255", "192.88.99.1", "198.18.0.0", "198.19.255.255", "240.0.0.0",
                "255.255.255.255", "2001::", "2001:0:7f00:1::", "2001:1ff:ffff::", "2002:7f00:1::", "2002:808:808::",
                "::127.0.0.1", "::8.8.8.8", "64:ff9b:1::1", "100::1", "1fff::", "4000::", "5f00::1", "fe00::1",
            ]
        ),
    ]

    @Test(arguments: classes)
    func `Each address is of its class, at both ends of each range`(kind: NetworkClass, addresses: [String]) throws {
        for text in addresses {
            #expect(NetworkClass(of: try #require(IPAddress(text))) == kind, "\(text)")
        }
    }

    @Test func `No class is left without a test`() {
        #expect(Set(Self.classes.map(\.0)) == Set(NetworkClass.allCases))
    }

    @Test(arguments: ["0.0.0.0", "1.2.3.4", "255.255.255.255", "::", "::1", "2001:db8::5", "fe80::1"])
    func `An address is written as it was read`(text: String) throws {
        #expect(try #require(IPAddress(text)).text == text)
    }

    @Test(arguments: ["::ffff:1.2.3.4", "::FFFF:102:304", "0:0:0:0:0:ffff:1.2.3.4"])
    func `A mapped address is the address that it maps`(text: String) {
        #expect(IPAddress(text) == IPAddress("1.2.3.4"))
    }

    @Test(
        arguments: [
            "", "localhost", "127.1", "127.0.1", "2130706433", "0x7f.0.0.1", "0x7f000001", "0177.0.0.1", "017700000001",
            "127.0.0.1.", "127.0.0.01", "1.2.3.4.5", "256.1.1.1", " 127.0.0.1", "127.0.0.1 ", "1.2.3.4\u{0}", "[::1]",
            "fe80::1%eth0", "::g", "1::2::3", "::ffff:127.1", "１２７.0.0.1",
        ])
    func `What is not in the usual form is no address`(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(
        arguments: [
            ("10.1.0.0/16", "10.1.255.255", "10.2.0.0"), ("10.1.2.3", "10.1.2.3", "10.1.2.4"),
            ("10.1.2.2/31", "10.1.2.3", "10.1.2.1"), ("128.0.0.0/1", "255.0.0.0", "127.255.255.255"),
            ("0.0.0.0/0", "255.255.255.255", "::1"), ("::/0", "ffff::", "1.2.3.4"),
            ("fd12:3456::/32", "fd12:3456:ffff::", "fd12:3457::"), ("::1", "::1", "::2"),
            ("2001:db8::8000:0:0:0/65", "2001:db8::ffff:0:0:0", "2001:db8::7fff:0:0:0"),
            ("10.0.0.0/8", "::ffff:10.9.9.9", "64:ff9b::10.0.0.1"),
        ])
    func `A network holds its addresses and no others`(network: String, inside: String, outside: String) throws {
        let network = try #require(IPNetwork(network))
        #expect(network.contains(try #require(IPAddress(inside))))
        #expect(!network.contains(try #require(IPAddress(outside))))
    }

    @Test(
        arguments: [
            "", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/8/8",
            "10.1.2.3/16", "fd12:3456::1/32", "10/8", "crm.example/24", "10.0.0.0/255.0.0.0",
        ])
    func `What is no network is refused`(text: String) {
        #expect(IPNetwork(text) == nil)
    }
}

@Suite struct OutsidePolicyTests {
    private func refusal(_ policy: OutsidePolicy, _ host: String, _ addresses: [String]) throws -> NetworkClass? {
        policy.refusal(of: try OutsideURL("http://\(host)/").host, leadingTo: addresses.compactMap { IPAddress($0) })
    }

    @Test func `Without an allowance only global addresses are reached`() throws {
        let policy = OutsidePolicy()
        for (kind, addresses) in NetworkClassTests.classes {
            for address in addresses {
                #expect(try refusal(policy, "crm.test", [address]) == (kind == .global ? nil : kind), "\(address)")
            }
        }
    }

    @Test func `One forbidden address among many forbids the name`() throws {
        #expect(try refusal(OutsidePolicy(), "crm.test", ["8.8.8.8", "10.0.0.1", "9.9.9.9"]) == .privateUse)
        #expect(try refusal(OutsidePolicy(), "crm.test", ["8.8.8.8", "9.9.9.9"]) == nil)
    }

    @Test func `An allowed network is reached by name and by number, and nothing beside it`() throws {
        let policy = OutsidePolicy(allowedNetworks: [try #require(IPNetwork("10.1.0.0/16"))])
        #expect(try refusal(policy, "crm.test", ["10.1.2.3"]) == nil)
        #expect(try refusal(policy, "10.1.2.3", ["10.1.2.3"]) == nil)
        #expect(try refusal(policy, "crm.test", ["10.2.0.1"]) == .privateUse)
        #expect(try refusal(policy, "crm.test", ["10.1.2.3", "127.0.0.1"]) == .loopback)
    }

    @Test func `An allowed name is reached wherever it is, and no name beside it`() throws {
        let policy = OutsidePolicy(allowedHosts: [try #require(HostName("CRM.test."))])
        #expect(try refusal(policy, "crm.test", ["10.1.2.3", "127.0.0.1"]) == nil)
        #expect(try refusal(policy, "a.crm.test", ["10.1.2.3"]) == .privateUse)
        #expect(try refusal(policy, "10.1.2.3", ["10.1.2.3"]) == .privateUse)
    }

    @Test func `A metadata service is never reached, whatever is allowed`() throws {
        let policy = OutsidePolicy(
            allowedNetworks: [try #require(IPNetwork("0.0.0.0/0")), try #require(IPNetwork("::/0"))],
            allowedHosts: [try #require(HostName("crm.test"))])
        #expect(try refusal(policy, "crm.test", ["10.0.0.1", "169.254.169.254"]) == .metadata)
        #expect(try refusal(policy, "169.254.169.254", ["169.254.169.254"]) == .metadata)
        #expect(try refusal(policy, "crm.test", ["fd00:ec2::254"]) == .metadata)
    }
}
