// Time, number, leaving and stopping.

import NIOSSL
import Testing

@testable import Outside

@Suite struct LimitTests {
    private static let stalling = [
        "", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n",
        LookupTests.chunked + "2\r\n{}\r\n",
    ]

    @Test(arguments: stalling)
    func `An answer that does not end hits the time limit`(bytes: String) async throws {
        let system = try await OutsideSystem { _ in .bytes(bytes) }
        let time = StillTime()
        let client = makeClient(time: time)
        let request = try LookupRequest("http://127.0.0.1:\(system.port)/", within: .seconds(4))
        let lookup = Task { await client.lookUp(request) }
        var arrivals = system.arrivals.makeAsyncIterator()
        _ = await arrivals.next()
        time.reachLimits()
        #expect(await lookup.value == .failed(.tooSlow))
        #expect(time.limits == [.seconds(4)])
        await client.shutDown()
        try await system.stop()
    }

    @Test func `A name server that does not answer hits the time limit`() async throws {
        let names = SlowNames()
        let time = StillTime()
        let client = makeClient(time: time, ask: names.ask)
        let request = try LookupRequest("http://crm.test/")
        let lookup = Task { await client.lookUp(request) }
        var questions = names.questions.makeAsyncIterator()
        #expect(await questions.next()?.text == "crm.test")
        time.reachLimits()
        #expect(await lookup.value == .failed(.tooSlow))
        names.answer([])
        await client.shutDown()
    }

    @Test func `A real clock ends a lookup, too`() async throws {
        let system = try await OutsideSystem { _ in .silence }
        let policy = OutsidePolicy(allowedNetworks: [try #require(IPNetwork("127.0.0.1"))])
        let client = LookupClient(policy: policy)
        let request = try LookupRequest("http://127.0.0.1:\(system.port)/", within: .zero)
        #expect(request.within == .seconds(1))
        #expect(await client.lookUp(request) == .failed(.tooSlow))
        await client.shutDown()
        try await system.stop()
    }

    @Test(
        arguments: [
            (Duration.zero, Duration.seconds(1)), (.seconds(-5), .seconds(1)), (.seconds(1), .seconds(1)),
            (.milliseconds(2_500), .milliseconds(2_500)), (.seconds(10), .seconds(10)), (.seconds(3_600), .seconds(10)),
        ])
    func `The limit is from one to ten seconds`(wish: Duration, limit: Duration) throws {
        #expect(try LookupRequest("http://crm.test/", within: wish).within == limit)
    }

    @Test(arguments: stalling)
    func `Who is cancelled comes back at once, without half an answer`(bytes: String) async throws {
        let system = try await OutsideSystem { _ in .bytes(bytes) }
        let client = makeClient()
        let request = try LookupRequest("http://127.0.0.1:\(system.port)/")
        let lookup = Task { await client.lookUp(request) }
        var arrivals = system.arrivals.makeAsyncIterator()
        _ = await arrivals.next()
        lookup.cancel()
        #expect(await lookup.value == .failed(.cancelled))
        await client.shutDown()
        try await system.stop()
    }

    @Test func `As many lookups as allowed are under way, a further one is refused, and later ones are served`()
        async throws
    {
        let system = try await OutsideSystem { $0.target == "/silent" ? .silence : .json("{}") }
        let client = makeClient()
        let silent = try LookupRequest("http://127.0.0.1:\(system.port)/silent")
        let quick = try LookupRequest("http://127.0.0.1:\(system.port)/quick")
        let lookups = (0..<LookupClient.mostAtOnce).map { _ in Task { await client.lookUp(silent) } }
        var arrivals = system.arrivals.makeAsyncIterator()
        for _ in lookups { _ = await arrivals.next() }
        #expect(await client.lookUp(quick) == .failed(.busy))
        for lookup in lookups { lookup.cancel() }
        for lookup in lookups { #expect(await lookup.value == .failed(.cancelled)) }
        #expect(await client.lookUp(quick) == .answered([:]))
        let counters = await client.counters
        #expect(counters[.asked] == LookupClient.mostAtOnce + 2)
        #expect(counters[.cancelled] == LookupClient.mostAtOnce)
        #expect(counters[.busy] == 1)
        #expect(counters[.answered] == 1)
        await client.shutDown()
        try await system.stop()
    }

    @Test func `After the end lookups under way are cancelled and new ones refused`() async throws {
        let system = try await OutsideSystem { _ in .silence }
        let client = makeClient()
        let request = try LookupRequest("http://127.0.0.1:\(system.port)/")
        let lookup = Task { await client.lookUp(request) }
        var arrivals = system.arrivals.makeAsyncIterator()
        _ = await arrivals.next()
        await client.shutDown()
        #expect(await lookup.value == .failed(.cancelled))
        #expect(await client.lookUp(request) == .failed(.closed))
        await client.shutDown()
        try await system.stop()
    }

    @Test func `A client is kept while it is used and makes room when it is not`() async throws {
        let clients = HTTPClients(trust: .default)
        let hosts = try (1...200).map { number in
            let address = try #require(IPAddress("127.0.0.\(number)"))
            return CheckedHost(host: .address(address), address: address)
        }
        let kept = await clients.borrow(hosts[0])
        let first = await clients.borrow(hosts[1])
        await clients.giveBack(hosts[1])
        for host in hosts[2...] {
            _ = await clients.borrow(host)
            await clients.giveBack(host)
        }
        #expect(await clients.count == HTTPClients.most)
        #expect(await clients.borrow(hosts[0]) === kept)
        #expect(await clients.borrow(hosts[1]) !== first)
        await clients.shutDown()
    }

    @Test func `Every failure has a counter of its own and a sentence without what was sent or came`() {
        let errors: [LookupError] = [
            .busy, .closed, .cancelled, .resolverBusy, .unknownName, .addressRefused(.loopback), .unreachable,
            .misdirected,
            .untrusted, .tooSlow, .broken, .redirected, .status(404), .notJSON, .tooLarge, .malformed,
            .unfitValue(field: "name"),
        ]
        #expect(Set(errors.map(\.counter)).union([.asked, .answered]) == Set(LookupCounter.allCases))
        #expect(Set(errors.map(\.description)).count == errors.count)
    }
}
