// Messages sent, tried again and given up, in virtual time.

import Foundation
import GRDB
import Logging
import Outside
import Store
import Synchronization
import TestTools
import Testing

@testable import Calls

@Suite struct PostOfficeTests {
    /// A store, a clock that goes when told, and somebody at the other end.
    private final class Place: Sendable {
        struct State {
            var now: Int64 = 1_000
            var answers: [SendError?] = []
            var tries: [(id: String, at: Int64)] = []
        }

        let folder: TemporaryFolder
        let store: Store
        let state = Mutex(State())

        init() throws {
            folder = try TemporaryFolder()
            store = try Store(path: folder.path + "/s.sqlite")
        }

        /// Answers in turn; the last one for ever.
        func answer(_ answers: SendError?...) { state.withLock { $0.answers = answers } }
        func pass(to moment: Int64) { state.withLock { $0.now = moment } }
        var now: Int64 { state.withLock { $0.now } }
        var tries: [(id: String, at: Int64)] { state.withLock { $0.tries } }

        func office() -> PostOffice {
            PostOffice(
                store: store,
                time: .init(now: { self.now }, sleep: { _ in try await Task.sleep(for: .seconds(3_600)) }),
                log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            ) { item, _ in
                self.state.withLock { state in
                    state.tries.append((item.id, state.now))
                    return state.answers.count > 1 ? state.answers.removeFirst() : state.answers.first ?? nil
                }
            }
        }

        func leave(_ contact: String) async throws {
            let detail = [
                "id": contact + "-1", "mailbox": "m", "path": "x", "duration": "2000", "sendTo": "a@example.org",
                "sendTitle": "T", "sendZone": "Europe/Warsaw", "sendLanguage": "pl",
            ]
            try await store.append([
                Fact(contact: contact, at: now, kind: .received),
                Fact(contact: contact, at: now, kind: .messageReady, detail: detail),
            ])
        }

        func delivery(_ contact: String) async throws -> Delivery? {
            try await store.followUp(contact + "-1")?.delivery
        }
    }

    @Test func `a message that is sent is never sent again`() async throws {
        let place = try Place()
        try await place.leave("aaaaaaaa")
        let office = place.office()
        await office.work()
        await office.work()
        // As after a restart.
        await place.office().work()
        #expect(place.tries.map(\.id) == ["aaaaaaaa-1"])
        #expect(try await place.delivery("aaaaaaaa")?.state == .sent)
        #expect(await office.counters["sent"] == 1)
    }

    @Test func `a server that is down is tried with longer and longer pauses, and gets the message when it is back`()
        async throws
    {
        let place = try Place()
        place.answer(.unreachable)
        try await place.leave("aaaaaaaa")
        let office = place.office()
        for _ in 0..<4 {
            await office.work()
            // Before its time nothing is tried.
            place.pass(to: try #require(try await place.store.nextDelivery()) - 1)
            await office.work()
            place.pass(to: place.now + 1)
        }
        place.answer(nil)
        await office.work()
        #expect(place.tries.map { ($0.at - 1_000) / 60_000 } == [0, 1, 6, 21, 51])
        let delivery = try #require(try await place.delivery("aaaaaaaa"))
        #expect(delivery.state == .sent && delivery.reason == nil && delivery.attempts == 4)
        #expect(await office.counters["unreachable"] == 4)
    }

    @Test func `after a day it is given up and says why, and "send again" begins anew`() async throws {
        let place = try Place()
        place.answer(.status(503))
        try await place.leave("aaaaaaaa")
        let office = place.office()
        await office.work()
        while let next = try await place.store.nextDelivery() {
            place.pass(to: next)
            await office.work()
        }
        let delivery = try #require(try await place.delivery("aaaaaaaa"))
        #expect(delivery.state == .failed && delivery.reason == "status" && delivery.status == 503)
        #expect(place.now <= 1_000 + RetryPlan.patience && place.now > 1_000 + RetryPlan.patience / 2)
        #expect((8...20).contains(place.tries.count), "\(place.tries.count)")
        #expect(await office.counters["failed"] == 1)
        place.answer(nil)
        #expect(try await place.store.sendAgain(followUp: "aaaaaaaa-1", at: place.now))
        await office.work()
        #expect(try await place.delivery("aaaaaaaa")?.state == .sent)
    }

    @Test func `a recipient who is refused for good is not asked for again`() async throws {
        let place = try Place()
        place.answer(.refused(550))
        try await place.leave("aaaaaaaa")
        await place.office().work()
        let delivery = try #require(try await place.delivery("aaaaaaaa"))
        #expect(delivery.state == .failed && delivery.reason == "refused" && delivery.status == 550)
        #expect(place.tries.count == 1)
    }

    @Test func `one address that fails does not hold up the others`() async throws {
        let place = try Place()
        place.answer(.tooSlow, nil)
        for number in 0..<9 { try await place.leave("aaaaaaa\(number)") }
        await place.office().work()
        #expect(place.tries.count == 9 && Set(place.tries.map(\.id)).count == 9)
        var states: [Delivery.State: Int] = [:]
        for item in try await place.store.followUps(openOnly: true) {
            states[try #require(item.delivery?.state), default: 0] += 1
        }
        #expect(states == [.sent: 8, .waiting: 1])
    }

    @Test func `what a stopping server breaks off counts as no try`() async throws {
        let place = try Place()
        place.answer(.stopped)
        try await place.leave("aaaaaaaa")
        let office = place.office()
        await office.work()
        #expect(place.tries.count == 1)
        place.answer(nil)
        #expect(try await place.delivery("aaaaaaaa")?.attempts == 0)
        await place.office().work()
        #expect(try await place.delivery("aaaaaaaa")?.state == .sent)
    }

    @Test func `when the store refuses, what was sent is remembered and not sent again`() async throws {
        let place = try Place()
        try await place.leave("aaaaaaaa")
        let office = place.office()
        let other = try DatabaseQueue(path: place.folder.path + "/s.sqlite")
        try await other.write { db in
            try db.execute(
                sql: "CREATE TRIGGER full BEFORE UPDATE ON delivery BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
        }
        await office.work()
        await office.work()
        #expect(place.tries.count == 1)
        #expect(await office.counters["unwritten"] == 2)
        try await other.write { try $0.execute(sql: "DROP TRIGGER full") }
        await office.work()
        #expect(place.tries.count == 1)
        #expect(try await place.delivery("aaaaaaaa")?.state == .sent)
    }

    @Test func `closing does not wait for a send that cannot be broken off`() async throws {
        let place = try Place()
        try await place.leave("aaaaaaaa")
        let (begins, begin) = AsyncStream.makeStream(of: Void.self)
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        let office = PostOffice(
            store: place.store, time: .init(now: { place.now }, sleep: { _ in }),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { _, _ in
            begin.yield()
            // Deaf to cancellation, as getaddrinfo is.
            await Task { for await _ in ends {} }.value
            return .stopped
        }
        await office.open()
        for await _ in begins { break }
        await office.close()
        #expect(try await place.delivery("aaaaaaaa")?.state == .waiting)
        end.finish()
    }

    @Test func `a bell is all it takes, and closing ends it`() async throws {
        let place = try Place()
        let office = place.office()
        await office.open()
        try await place.leave("aaaaaaaa")
        office.ring()
        while try await place.delivery("aaaaaaaa")?.state != .sent { try await Task.sleep(for: .milliseconds(5)) }
        await office.close()
        #expect(place.tries.count == 1)
    }
}
