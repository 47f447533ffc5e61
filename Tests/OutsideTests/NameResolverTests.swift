// Names: asked for once, remembered shortly, left at will.

import Testing
import Timing

@testable import Outside

@Suite struct NameResolverTests {
    private let start = Instant(nanoseconds: 0)

    private func name(_ text: String) throws -> HostName { try #require(HostName(text)) }

    @Test func `An answer holds for half a minute`() async throws {
        let names = Names(["crm.test": ["192.0.2.1"]])
        let resolver = NameResolver(ask: names.ask)
        let crm = try name("crm.test")
        #expect(try await resolver.addresses(of: crm, now: start) == [IPAddress("192.0.2.1")])
        names.move("crm.test", to: ["192.0.2.2"])
        let before = start + NameResolver.memory - .nanoseconds(1)
        #expect(try await resolver.addresses(of: crm, now: before) == [IPAddress("192.0.2.1")])
        #expect(names.timesAsked == 1)
        let after = start + NameResolver.memory
        #expect(try await resolver.addresses(of: crm, now: after) == [IPAddress("192.0.2.2")])
        #expect(names.timesAsked == 2)
    }

    @Test func `A name without address is said to be unknown, and asked for again`() async throws {
        let names = Names([:])
        let resolver = NameResolver(ask: names.ask)
        let crm = try name("crm.test")
        for asked in 1...2 {
            await #expect(throws: LookupError.unknownName) { try await resolver.addresses(of: crm, now: start) }
            #expect(names.timesAsked == asked)
        }
    }

    @Test func `Who is cancelled leaves at once, and the others get the answer`() async throws {
        let names = SlowNames()
        let resolver = NameResolver(ask: names.ask)
        let crm = try name("crm.test")
        let start = start
        let leaving = Task { try await resolver.addresses(of: crm, now: start) }
        var questions = names.questions.makeAsyncIterator()
        _ = await questions.next()
        let staying = Task { try await resolver.addresses(of: crm, now: start) }
        leaving.cancel()
        await #expect(throws: CancellationError.self) { try await leaving.value }
        names.answer(["192.0.2.1"])
        #expect(try await staying.value == [IPAddress("192.0.2.1")])
    }

    @Test func `Who was cancelled before does not wait either`() async throws {
        let names = SlowNames()
        let resolver = NameResolver(ask: names.ask)
        let crm = try name("crm.test")
        let start = start
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await resolver.addresses(of: crm, now: start)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        names.answer([])
    }

    @Test func `No more names are asked for at once than allowed`() async throws {
        let names = SlowNames()
        let resolver = NameResolver(ask: names.ask)
        let start = start
        let waiting = try (0..<NameResolver.mostAtOnce).map { number in
            let crm = try name("crm\(number).test")
            return Task { try await resolver.addresses(of: crm, now: start) }
        }
        var questions = names.questions.makeAsyncIterator()
        for _ in waiting { _ = await questions.next() }
        let oneMore = try name("one-more.test")
        await #expect(throws: LookupError.resolverBusy) { try await resolver.addresses(of: oneMore, now: start) }
        names.answer(["192.0.2.1"])
        for task in waiting { #expect(try await task.value.count == 1) }
        let now = Task { try await resolver.addresses(of: oneMore, now: start) }
        #expect(await questions.next() == oneMore)
        names.answer(["192.0.2.2"])
        #expect(try await now.value == [IPAddress("192.0.2.2")])
    }

    @Test func `The system knows localhost, and no name in .invalid`() async throws {
        let local = await SystemNames.addresses(of: try name("localhost"))
        #expect(!local.isEmpty)
        #expect(local.allSatisfy { NetworkClass(of: $0) == .loopback })
        #expect(await SystemNames.addresses(of: try name("crm.invalid")).isEmpty)
    }
}
