// Lookups of a real server on loopback: what is asked, what comes back, and every way in which it goes wrong.

import NIOSSL
import Testing

@testable import Outside

@Suite struct LookupTests {
    @Test(arguments: ["127.0.0.1", "::1"])
    func `A GET brings the wanted fields`(address: String) async throws {
        let system = try await OutsideSystem(on: address) { _ in
            .json(#"{"name":"Jan Łęcki","orders":3,"vip":true,"notes":["secret"],"debt":null,"other":"x"}"#)
        }
        let client = makeClient()
        let host = address.contains(":") ? "[\(address)]" : address
        let request = try LookupRequest(
            "http://\(host):\(system.port)/customers?number=%2B48222500100",
            wanted: ["name", "orders", "vip", "notes", "debt", "none"])
        #expect(await client.lookUp(request) == .answered(["name": "Jan Łęcki", "orders": "3", "vip": "true"]))
        let received = try #require(system.requests.first)
        #expect(received.method == "GET")
        #expect(received.target == "/customers?number=%2B48222500100")
        #expect(received.body == "")
        #expect(received.headers["host"] == "\(host):\(system.port)")
        #expect(received.headers["accept"] == "application/json")
        #expect(received.headers["user-agent"] == "Centrala")
        #expect(received.headers["content-type"] == nil)
        await client.shutDown()
        try await system.stop()
    }

    @Test func `A POST carries what is sent as a JSON object of strings`() async throws {
        let system = try await OutsideSystem { _ in .json(#"{"name":"A"}"#, type: "Application/HAL+JSON; charset=utf-8")
        }
        let client = makeClient()
        let request = try LookupRequest(
            "http://127.0.0.1:\(system.port)/x", send: ["pesel": "44051401359", "caller": "+48/\"ą"])
        #expect(await client.lookUp(request) == .answered(["name": "A"]))
        let received = try #require(system.requests.first)
        #expect(received.method == "POST")
        #expect(received.body == #"{"caller":"+48/\"ą","pesel":"44051401359"}"#)
        #expect(received.headers["content-type"] == "application/json")
        #expect(received.headers["content-length"] == "\(received.body.utf8.count)")
        await client.shutDown()
        try await system.stop()
    }

    @Test func `One connection serves many lookups in turn`() async throws {
        let system = try await OutsideSystem()
        let client = makeClient()
        let request = try LookupRequest("http://127.0.0.1:\(system.port)/")
        for _ in 0..<10 { #expect(await client.lookUp(request) == .answered([:])) }
        #expect(system.requests.count == 10)
        #expect(system.connections == 1)
        await client.shutDown()
        try await system.stop()
    }

    static let chunked = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    static let zeros = String(repeating: "0", count: AnswerReader.largest)

    @Test(
        arguments: [
            (OutsideSystem.Reply.json(#"{"name":"A"}"#, status: "201 Created"), LookupAnswer.answered(["name": "A"])),
            (.json(#"{"name":"A"}"#, status: "404 Not Found"), .failed(.status(404))),
            (.json("{}", status: "500 Internal Server Error"), .failed(.status(500))),
            (.json("{}", status: "304 Not Modified"), .failed(.redirected)),
            (.json("<html>", type: "text/html"), .failed(.notJSON)),
            (.json("{}", type: "application/jsonp"), .failed(.notJSON)),
            (.json("{}", type: ""), .failed(.notJSON)),
            (.json("{}", type: "; application/json"), .failed(.notJSON)),
            (.bytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), .failed(.notJSON)),
            (.bytes("HTTP/1.1 204 No Content\r\n\r\n"), .failed(.notJSON)),
            (.json(#"{"name":"#), .failed(.malformed)),
            (.json(""), .failed(.malformed)),
            (.json(#"{"name":"a\u0007"}"#), .failed(.unfitValue(field: "name"))),
            // The largest answer, one byte more, and more whose size is not announced.
            (.json(#"{"x":""# + zeros.dropLast(8) + #""}"#), .answered([:])),
            (.json(#"{"x":""# + zeros.dropLast(7) + #""}"#), .failed(.tooLarge)),
            (.bytes(chunked + "18000\r\n" + zeros + zeros.prefix(32_768) + "\r\n0\r\n\r\n"), .failed(.tooLarge)),
            (.bytes(chunked + "2\r\n{}\r\n0\r\n\r\n"), .answered([:])),
            // Ends before its end.
            (.bytes(chunked + "2\r\n{}\r\n", thenClose: true), .failed(.broken)),
            (
                .bytes(
                    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{}", thenClose: true),
                .failed(.broken)
            ),
            (.bytes("", thenClose: true), .failed(.broken)),
            (.bytes("SSH-2.0-OpenSSH_9.2\r\n"), .failed(.broken)),
            (.bytes("HTTP/1.1 200 OK\r\nX: " + zeros + zeros), .failed(.broken)),
        ] as [(OutsideSystem.Reply, LookupAnswer)])
    func `Each answer is taken for what it is`(reply: OutsideSystem.Reply, expected: LookupAnswer) async throws {
        let system = try await OutsideSystem { _ in reply }
        let client = makeClient()
        #expect(await client.lookUp(try LookupRequest("http://127.0.0.1:\(system.port)/")) == expected)
        #expect(system.requests.count == 1)
        await client.shutDown()
        try await system.stop()
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func `A redirection is not followed`(status: Int) async throws {
        let system = try await OutsideSystem { received in
            received.target == "/from"
                ? .bytes("HTTP/1.1 \(status) X\r\nLocation: /to\r\nContent-Length: 0\r\n\r\n") : .json(#"{"name":"A"}"#)
        }
        let client = makeClient()
        #expect(await client.lookUp(try LookupRequest("http://127.0.0.1:\(system.port)/from")) == .failed(.redirected))
        #expect(system.requests.map(\.target) == ["/from"])
        await client.shutDown()
        try await system.stop()
    }

    @Test func `Where nobody listens there is no answer, and the next address gets its turn`() async throws {
        let system = try await OutsideSystem { _ in .json(#"{"name":"A"}"#) }
        let names = Names(["crm.test": ["127.0.0.2", "127.0.0.3", "127.0.0.1"], "far.test": ["127.0.0.2"]])
        let client = makeClient(names: names)
        #expect(await client.lookUp(try LookupRequest("http://far.test:\(system.port)/")) == .failed(.unreachable))
        #expect(await client.lookUp(try LookupRequest("http://crm.test:\(system.port)/")) == .answered(["name": "A"]))
        await client.shutDown()
        try await system.stop()
    }

    @Test func `A request that broke off is not sent again to the next address`() async throws {
        let first = try await OutsideSystem { _ in .bytes("", thenClose: true) }
        let client = makeClient(names: Names(["crm.test": ["127.0.0.1", "127.0.0.1"]]))
        #expect(await client.lookUp(try LookupRequest("http://crm.test:\(first.port)/", send: [:])) == .failed(.broken))
        #expect(first.requests.count == 1)
        await client.shutDown()
        try await first.stop()
    }

    @Test func `TLS is with whom the URL names, whatever the address`() async throws {
        let system = try await OutsideSystem(tls: true) { _ in .json(#"{"name":"A"}"#) }
        let authority = try NIOSSLCertificate.fromPEMFile(fixture("authority"))
        let names = Names(["crm.test": ["127.0.0.1"], "other.test": ["127.0.0.1"]])
        let client = makeClient(trust: .certificates(authority), names: names)
        #expect(await client.lookUp(try LookupRequest("https://CRM.test:\(system.port)/")) == .answered(["name": "A"]))
        #expect(await client.lookUp(try LookupRequest("https://other.test:\(system.port)/")) == .failed(.untrusted))
        #expect(await client.lookUp(try LookupRequest("https://127.0.0.1:\(system.port)/")) == .failed(.untrusted))
        #expect(system.names == ["crm.test", "other.test", nil])
        let stranger = makeClient(names: names)
        #expect(await stranger.lookUp(try LookupRequest("https://crm.test:\(system.port)/")) == .failed(.untrusted))
        #expect(system.requests.count == 1)
        #expect(system.requests.first?.headers["host"] == "crm.test:\(system.port)")
        await client.shutDown()
        await stranger.shutDown()
        try await system.stop()
    }

    @Test func `A server without TLS is not asked by https`() async throws {
        let system = try await OutsideSystem()
        let client = makeClient()
        #expect(await client.lookUp(try LookupRequest("https://127.0.0.1:\(system.port)/")) == .failed(.untrusted))
        #expect(system.requests.isEmpty)
        await client.shutDown()
        try await system.stop()
    }
}
