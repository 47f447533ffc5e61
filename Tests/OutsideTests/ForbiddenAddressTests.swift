// No way leads to an address that is not allowed (server-side request forgery).

import AsyncHTTPClient
import NIOCore
import NIOSSL
import Testing

@testable import Outside

@Suite struct ForbiddenAddressTests {
    @Test(arguments: NetworkClassTests.classes.filter { $0.0 != .global })
    func `An address that is not global is refused by number and by name`(
        kind: NetworkClass, addresses: [String]
    ) async throws {
        let names = Names([:])
        let client = makeClient(allowing: [], names: names)
        for address in addresses {
            let host = address.contains(":") ? "[\(address)]" : address
            let byNumber = await client.lookUp(try LookupRequest("http://\(host)/"))
            #expect(byNumber == .failed(.addressRefused(kind)), "\(address)")
        }
        #expect(names.timesAsked == 0)
        for (number, address) in addresses.enumerated() {
            names.move("crm\(number).test", to: ["8.8.8.8", address])
            let byName = await client.lookUp(try LookupRequest("http://crm\(number).test/"))
            #expect(byName == .failed(.addressRefused(kind)), "\(address)")
        }
        #expect(await client.counters[.addressRefused] == 2 * addresses.count)
        await client.shutDown()
    }

    @Test func `A server on this machine is refused by the names that the system has for it`() async throws {
        let system = try await OutsideSystem()
        let client = LookupClient(policy: OutsidePolicy())
        for host in ["localhost", "LOCALHOST.", "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"] {
            let answer = await client.lookUp(try LookupRequest("http://\(host):\(system.port)/"))
            #expect(answer == .failed(.addressRefused(.loopback)), "\(host)")
        }
        #expect(system.connections == 0)
        await client.shutDown()
        try await system.stop()
    }

    @Test func `An allowed name is reached at a loopback address, and no other name there`() async throws {
        let system = try await OutsideSystem()
        let names = Names(["crm.test": ["127.0.0.1"], "evil.test": ["127.0.0.1"]])
        let client = makeClient(allowing: [], hosts: ["crm.test"], names: names)
        #expect(await client.lookUp(try LookupRequest("http://crm.test:\(system.port)/")) == .answered([:]))
        let evil = await client.lookUp(try LookupRequest("http://evil.test:\(system.port)/"))
        #expect(evil == .failed(.addressRefused(.loopback)))
        #expect(system.requests.count == 1)
        await client.shutDown()
        try await system.stop()
    }

    /// The names here are in no DNS (RFC 6761): a client that resolved again would find nothing.
    @Test func `A name that changes its address between check and connection gains nothing`() async throws {
        let allowed = try await OutsideSystem(on: "127.0.0.1")
        let names = Names(["crm.test": ["127.0.0.1"]])
        let time = StillTime()
        let client = makeClient(allowing: ["127.0.0.1"], time: time, names: names)
        let request = try LookupRequest("http://crm.test:\(allowed.port)/")
        #expect(await client.lookUp(request) == .answered([:]))
        names.move("crm.test", to: ["127.0.0.2"])
        #expect(await client.lookUp(request) == .answered([:]))
        #expect(names.timesAsked == 1)
        time.pass(seconds: 31)
        // The connection is still open; what counts is where the name leads now.
        #expect(await client.lookUp(request) == .failed(.addressRefused(.loopback)))
        #expect(names.timesAsked == 2)
        #expect(allowed.requests.count == 2)
        await client.shutDown()
        try await allowed.stop()
    }

    @Test func `A connection that went elsewhere than to the checked address is closed before anything is said`()
        async throws
    {
        let system = try await OutsideSystem()
        // By number the client goes to the URL's address, which here is not the checked one.
        let url = try OutsideURL("http://127.0.0.1:\(system.port)/")
        let checked = CheckedHost(host: url.host, address: try #require(IPAddress("127.0.0.2")))
        let client = checked.makeClient(trust: .default)
        await #expect(throws: LookupError.misdirected) {
            _ = try await client.execute(HTTPClientRequest(url: url.text), deadline: .distantFuture)
        }
        #expect(system.requests.isEmpty)
        try await client.shutdown()
        try await system.stop()
    }
}
