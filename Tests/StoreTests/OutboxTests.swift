// Messages on their way to an address.

import Testing

@testable import Store

@Suite struct OutboxTests {
    private func message(_ id: String, at: Int64, to: String? = "biuro@example.org") -> [Fact] {
        var detail = [
            "id": id + "-1", "mailbox": "fbc", "hotline": "h", "language": "pl", "path": "/r/m.cjr", "duration": "8000",
        ]
        if let to {
            detail.merge(["sendTo": to, "sendTitle": "H", "sendZone": "Europe/Warsaw", "sendLanguage": "en"]) { $1 }
        }
        return [
            Fact(contact: id, at: at, kind: .received, detail: ["caller": "+48600100200"]),
            Fact(contact: id, at: at, kind: .messageReady, detail: detail),
        ]
    }

    @Test func `a message whose mailbox sends is in the outbox with its follow-up, once, and others are not`()
        async throws
    {
        let place = try TemporaryStore()
        let facts = message("aaaaaaaa", at: 1_000)
        try await place.store.append(facts + message("bbbbbbbb", at: 500, to: nil))
        // As after a crash.
        try await place.store.append([facts[1]])
        #expect(try await place.store.dueDeliveries(at: 999, limit: 4).isEmpty)
        #expect(try await place.store.nextDelivery() == 1_000)
        let due = try await place.store.dueDeliveries(at: 1_000, limit: 4)
        #expect(due.map(\.id) == ["aaaaaaaa-1"])
        let delivery = try #require(due.first?.delivery)
        #expect(delivery.destination == "biuro@example.org" && delivery.title == "H" && delivery.language == "en")
        #expect(delivery.state == .waiting && delivery.attempts == 0 && delivery.since == 1_000)
        #expect(try await place.store.followUp("bbbbbbbb-1")?.delivery == nil)
        #expect(try await place.store.followUps(openOnly: true).map { $0.delivery?.state } == [.waiting, nil])
    }

    @Test func `what is noted is there after a power cut`() async throws {
        let place = try TemporaryStore()
        for (number, id) in ["aaaaaaaa", "bbbbbbbb", "cccccccc"].enumerated() {
            try await place.store.append(message(id, at: Int64(number)))
        }
        try await place.store.note(delivery: "aaaaaaaa-1", .sent, at: 5_000)
        try await place.store.note(
            delivery: "bbbbbbbb-1", .later(due: 60_000, reason: "unreachable", status: nil), at: 5_000)
        try await place.store.note(delivery: "cccccccc-1", .failed(reason: "refused", status: 550), at: 5_000)
        let again = try place.crashed()
        let found = try await again.followUps(openOnly: false).reversed().compactMap(\.delivery)
        #expect(found.map(\.state) == [.sent, .waiting, .failed])
        #expect(found.map(\.ended) == [5_000, nil, 5_000] && found.map(\.attempts) == [0, 1, 1])
        #expect(found[1].reason == "unreachable" && found[2].reason == "refused" && found[2].status == 550)
        #expect(try await again.nextDelivery() == 60_000)
        #expect(try await again.dueDeliveries(at: 59_999, limit: 4).isEmpty)
    }

    @Test func `only what was given up is sent again, with all its tries before it`() async throws {
        let place = try TemporaryStore()
        try await place.store.append(message("aaaaaaaa", at: 0))
        #expect(try await place.store.sendAgain(followUp: "aaaaaaaa-1", at: 1) == false)
        try await place.store.note(delivery: "aaaaaaaa-1", .failed(reason: "refused", status: 550), at: 5_000)
        #expect(try await place.store.nextDelivery() == nil)
        #expect(try await place.store.sendAgain(followUp: "aaaaaaaa-1", at: 9_000))
        let delivery = try #require(try await place.store.dueDeliveries(at: 9_000, limit: 4).first?.delivery)
        #expect(delivery.attempts == 0 && delivery.since == 9_000 && delivery.reason == nil && delivery.ended == nil)
        try await place.store.note(delivery: "aaaaaaaa-1", .sent, at: 9_500)
        #expect(try await place.store.sendAgain(followUp: "aaaaaaaa-1", at: 9_999) == false)
    }
}
