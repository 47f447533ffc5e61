// What callers left for people to do.

import Testing

@testable import Store

@Suite struct FollowUpTests {
    private func message(_ id: String, at: Int64) -> [Fact] {
        let detail = ["id": id + "-1", "mailbox": "fbc", "hotline": "h", "language": "pl"]
        return [
            Fact(
                contact: id, at: at, kind: .received, detail: ["hotline": "h", "caller": "+48600100200", "called": "1"]),
            Fact(contact: id, at: at + 1, kind: .message, detail: detail),
            Fact(
                contact: id, at: at + 9_000, kind: .messageReady,
                detail: detail.merging(["path": "/r/\(id)-1.cjr", "duration": "8000"]) { own, _ in own }),
        ]
    }

    @Test func `a message is listed when it is complete, with the caller's number`() async throws {
        let place = try TemporaryStore()
        let facts = message("aaaaaaaa", at: 1_000)
        try await place.store.append(Array(facts.prefix(2)))
        #expect(try await place.store.followUps(openOnly: true) == [])
        try await place.store.append([facts[2]])
        let found = try await place.store.followUps(openOnly: true)
        #expect(found.count == 1)
        let item = try #require(found.first)
        #expect(
            item.id == "aaaaaaaa-1" && item.kind == .message && item.place == "fbc" && item.number == "+48600100200")
        #expect(item.recording == "/r/aaaaaaaa-1.cjr" && item.duration == 8_000 && item.handled == nil)
        // The same fact once more, as after a crash, makes no second one.
        try await place.store.append([facts[2]])
        #expect(try await place.store.followUps(openOnly: false).count == 1)
    }

    @Test func `a wish to be called back is listed with the number that was given`() async throws {
        let place = try TemporaryStore()
        try await place.store.append([
            Fact(contact: "bbbbbbbb", at: 1, kind: .received, detail: ["caller": "+48600100200", "called": "1"]),
            Fact(
                contact: "bbbbbbbb", at: 2, kind: .callbackRequested,
                detail: ["id": "bbbbbbbb-1", "queue": "q", "number": "+48222222222", "typed": "yes"]),
        ])
        let item = try #require(try await place.store.followUp("bbbbbbbb-1"))
        #expect(item.kind == .callback && item.number == "+48222222222" && item.place == "q" && item.recording == nil)
    }

    @Test func `what is done leaves the list of open ones, and can come back`() async throws {
        let place = try TemporaryStore()
        try await place.store.append(message("aaaaaaaa", at: 1_000) + message("bbbbbbbb", at: 2_000))
        #expect(try await place.store.followUps(openOnly: true).map(\.id) == ["bbbbbbbb-1", "aaaaaaaa-1"])
        #expect(try await place.store.setHandled(followUp: "aaaaaaaa-1", by: "Kierownik", at: 5_000))
        #expect(try await place.store.followUps(openOnly: true).map(\.id) == ["bbbbbbbb-1"])
        let done = try #require(try await place.store.followUp("aaaaaaaa-1"))
        #expect(done.handled == 5_000 && done.handledBy == "Kierownik")
        #expect(try await place.store.setHandled(followUp: "aaaaaaaa-1", by: nil, at: 6_000))
        #expect(try await place.store.followUps(openOnly: true).count == 2)
        #expect(try await place.store.setHandled(followUp: "none", by: "x", at: 1) == false)
    }
}
