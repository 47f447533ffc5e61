// Who spoke with a caller before, from the contacts.

import Testing

@testable import Store

@Suite struct LastTalkTests {
    private func talk(_ id: String, caller: String?, with account: Int?, at: Int64) -> [Fact] {
        var facts = [Fact(contact: id, at: at, kind: .received, detail: caller.map { ["caller": $0] } ?? [:])]
        if let account {
            facts.append(Fact(contact: id, at: at + 5, kind: .connected, detail: ["account": "\(account)"]))
        }
        return facts + [Fact(contact: id, at: at + 9, kind: .ended, detail: ["by": "caller"])]
    }

    @Test func `the latest talk with the number counts, however the number is written`() async throws {
        let place = try TemporaryStore()
        try await place.store.append(
            talk("a", caller: "+48600100200", with: 1, at: 1_000)
                + talk("b", caller: "48 600-100-200", with: 2, at: 2_000)
                + talk("c", caller: "+48600100200", with: nil, at: 3_000)
                + talk("d", caller: "+48600100201", with: 3, at: 4_000))
        #expect(try await place.store.lastTalk(with: "+48 600 100 200", since: 0) == LastTalk(consultant: 2, at: 2_005))
        #expect(try await place.store.lastTalk(with: "+48600100200", since: 2_006) == nil)
        #expect(try await place.store.lastTalk(with: "+48600100299", since: 0) == nil)
    }

    @Test func `callers without a telephone number are strangers to one another`() async throws {
        let place = try TemporaryStore()
        try await place.store.append(
            talk("a", caller: nil, with: 1, at: 1_000) + talk("b", caller: "anonymous", with: 1, at: 1_000)
                + talk("c", caller: "8001", with: 1, at: 1_000))
        for caller in ["", "anonymous", "8001"] {
            #expect(try await place.store.lastTalk(with: caller, since: 0) == nil)
        }
    }
}
