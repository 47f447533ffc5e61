// Facts, the contacts computed from them, and the search.

import Foundation
import Testing

@testable import Store

@Suite struct ContactTests {
    @Test func `a contact is the sum of its facts`() async throws {
        let place = try TemporaryStore()
        let began: Int64 = 1_790_000_000_000
        for fact in talk("aa", at: began) { try await place.store.append([fact]) }
        let contact = try #require(try await place.store.contact("aa"))
        #expect(contact.hotline == "infolinia" && contact.called == "+48222500100" && contact.caller == "+48600100200")
        #expect(contact.began == began && contact.answered == began + 100 && contact.connected == began + 9_000)
        #expect(contact.queue == "help" && contact.waited == 3_000)
        #expect(contact.consultant == 1 && contact.consultantName == "Anna Nowak")
        #expect(contact.ended == began + 69_000 && contact.endedBy == "caller" && contact.outcome == "answered")
        #expect(contact.recording == "2026/11/21/aa.cjr" && contact.recordingDuration == 60_000)
        #expect(contact.tags == ["visits"] && contact.language == "pl")
    }

    @Test func `facts come back as they were written, in order, but never the digit itself`() async throws {
        let place = try TemporaryStore()
        let facts = talk("aa", at: 1_790_000_000_000)
        try await place.store.append(facts)
        let read = try await place.store.facts("aa")
        #expect(read.map(\.kind) == facts.map(\.kind))
        #expect(read.filter { $0.kind != .digit } == facts.filter { $0.kind != .digit })
        #expect(read.first { $0.kind == .digit }?.detail == ["origin": "rtp"])
        #expect(try await place.store.facts("bb") == [])
    }

    @Test func `figures of sound change nothing of a contact, and its story can be read without them`() async throws {
        let place = try TemporaryStore()
        try await place.store.append(talk("aa", at: 1_790_000_000_000))
        let before = try await place.store.contact("aa")
        let measured = (0..<20).map {
            Fact(contact: "aa", at: 1_790_000_000_000 + $0, kind: .quality, detail: ["r": "92"])
        }
        try await place.store.append(measured)
        let story = try await place.store.facts("aa", leavingOut: .quality)
        #expect(story.count == talk("aa", at: 0).count && !story.contains { $0.kind == .quality })
        #expect(try await place.store.facts("aa").count == story.count + 20)
        #expect(try await place.store.contact("aa") == before)
    }

    @Test func `one who gives up waiting, one who is refused, one who never queues`() async throws {
        let place = try TemporaryStore()
        let queued = Fact(contact: "a", at: 2_000, kind: .queued, detail: ["queue": "help"])
        try await place.store.append([
            Fact(contact: "a", at: 1_000, kind: .received), queued,
            Fact(contact: "a", at: 9_000, kind: .queueOutcome, detail: ["outcome": "abandoned"]),
            Fact(contact: "a", at: 9_000, kind: .ended, detail: ["by": "caller", "outcome": "left"]),
            Fact(contact: "b", at: 1_000, kind: .received),
            Fact(contact: "b", at: 2_000, kind: .queueOutcome, detail: ["outcome": "refused-full"]),
            Fact(contact: "b", at: 3_000, kind: .ended, detail: ["by": "system"]),
            Fact(contact: "c", at: 1_000, kind: .received),
            Fact(contact: "c", at: 3_000, kind: .ended, detail: ["by": "caller", "outcome": "ended-in-ivr"]),
        ])
        let a = try #require(try await place.store.contact("a"))
        #expect(a.outcome == "abandoned" && a.waited == 7_000 && a.endedBy == "caller")
        #expect(try await place.store.contact("b")?.outcome == "refused-full")
        #expect(try await place.store.contact("c")?.outcome == "ended-in-ivr")
    }

    @Test func `contacts that were going on when the server stopped are closed at their last sign of life`()
        async throws
    {
        let place = try TemporaryStore()
        try await place.store.append(talk("done", at: 1_000))
        try await place.store.append(Array(talk("talking", at: 200_000).prefix(8)))
        try await place.store.append([Fact(contact: "new", at: 300_000, kind: .received)])
        #expect(try await place.store.closeInterrupted(at: 9_000_000) == ["talking", "new"])
        let contact = try #require(try await place.store.contact("talking"))
        #expect(contact.outcome == "failed" && contact.endedBy == "system" && contact.ended == 209_000)
        #expect(try await place.store.facts("talking").last?.kind == .failed)
        #expect(try await place.store.facts("talking").last?.at == 9_000_000)
        #expect(try await place.store.contact("done")?.outcome == "answered")
        #expect(try await place.store.closeInterrupted(at: 9_000_001) == [])
    }

    @Test func `computing everything anew from the facts changes nothing`() async throws {
        let place = try TemporaryStore()
        for number in 0..<20 { try await place.store.append(talk("c\(number)", at: Int64(number) * 1_000)) }
        try await place.store.append(Array(talk("open", at: 5).prefix(6)))
        _ = try await place.store.closeInterrupted(at: 100_000)
        let before = try await place.store.contacts().contacts
        try await place.store.recount()
        #expect(try await place.store.contacts().contacts == before)
        #expect(before.count == 21)
    }

    @Test func `numbers are found by any part, however they are written`() async throws {
        let place = try TemporaryStore()
        try await place.store.append(talk("a", at: 1, caller: "+48600100200"))
        try await place.store.append(talk("b", at: 2, caller: "22 250-01-00"))
        try await place.store.append(talk("c", at: 3, caller: nil))
        func found(_ number: String) async throws -> [String] {
            try await place.store.contacts(ContactQuery(number: number)).contacts.map(\.id)
        }
        #expect(try await found("100200") == ["a"])
        #expect(try await found("+48 600 100 200") == ["a"])
        #expect(try await found("0048600") == ["a"])
        #expect(try await found("250 01") == ["b"])
        #expect(try await found("999") == [])
        #expect(try await found("%") == ["c", "b", "a"])
        #expect(try await found("' OR 1=1 --") == [])
    }

    @Test func `a range of time includes its beginning and not its end`() async throws {
        let place = try TemporaryStore()
        for at in [10, 20, 30] as [Int64] { try await place.store.append(talk("at\(at)", at: at)) }
        let page = try await place.store.contacts(ContactQuery(from: 10, to: 30))
        #expect(page.contacts.map(\.id) == ["at20", "at10"])
    }

    @Test func `by consultant, and only what was recorded`() async throws {
        let place = try TemporaryStore()
        try await place.store.append(talk("a", at: 1))
        try await place.store.append([
            Fact(contact: "b", at: 2, kind: .received),
            Fact(contact: "b", at: 3, kind: .connected, detail: ["account": "2", "name": "Bartek"]),
        ])
        #expect(try await place.store.contacts(ContactQuery(consultant: 2)).contacts.map(\.id) == ["b"])
        #expect(try await place.store.contacts(ContactQuery(recordedOnly: true)).contacts.map(\.id) == ["a"])
    }

    @Test func `pages follow one another without gap or repetition, even for calls of the same instant`() async throws {
        let place = try TemporaryStore()
        try await place.store.append((0..<25).map { Fact(contact: "c\($0)", at: Int64($0 / 10), kind: .received) })
        var seen: [String] = []
        var query = ContactQuery(limit: 7)
        while true {
            let page = try await place.store.contacts(query)
            seen += page.contacts.map(\.id)
            guard let next = page.next else { break }
            query.before = ContactCursor(next.text)
            #expect(query.before == next)
        }
        #expect(seen.count == 25 && Set(seen).count == 25)
        #expect(try await place.store.contacts(ContactQuery(limit: 500)).contacts.map(\.id) == seen)
    }

    @Test(arguments: ["", "-", "x-y", "12", "--", "99999999999999999999-a"])
    func `what is no cursor is not read as one`(text: String) {
        #expect(ContactCursor(text) == nil)
    }

    @Test func `texts of strangers are kept as they are, but not without end`() async throws {
        let place = try TemporaryStore()
        let name = "\"'; DROP TABLE fact; -- \u{0}\u{1B}[31m ą 😀"
        try await place.store.append([
            Fact(
                contact: "a", at: 1, kind: .received,
                detail: ["caller": name, "x": String(repeating: "y", count: 70_000)])
        ])
        let fact = try #require(try await place.store.facts("a").first)
        #expect(fact.detail["caller"] == name)
        #expect(fact.detail["x"]?.count == 1000)
    }

    @Test func `what consultants did today is counted from the log`() async throws {
        let place = try TemporaryStore()
        func fact(_ contact: String, _ at: Int64, _ kind: FactKind, _ detail: [String: String] = [:]) -> Fact {
            Fact(contact: contact, at: at, kind: kind, detail: detail)
        }
        let day: Int64 = 1_000_000_000
        try await place.store.append([
            fact("yesterday", day - 9_000, .received), fact("yesterday", day - 8_000, .connected, ["account": "7"]),
            fact("yesterday", day + 1_000, .talkEnded),
            fact("night", day - 5_000, .received), fact("night", day + 1_000, .connected, ["account": "7"]),
            fact("night", day + 4_000, .talkEnded), fact("night", day + 5_000, .connected, ["account": "8"]),
            fact("night", day + 9_000, .ended),
            fact("now", day + 6_000, .received), fact("now", day + 7_000, .connected, ["account": "7"]),
        ])
        let worked = try await place.store.worked(since: day)
        #expect(worked.keys.sorted() == [7, 8])
        #expect(worked[7]?.calls == 2 && worked[7]?.talked == 3_000)
        #expect(worked[8]?.calls == 1 && worked[8]?.talked == 4_000)
    }

    @Test func `the days of a queue are read from the log for the simulator`() async throws {
        let place = try TemporaryStore()
        func call(_ id: String, at: Int64, _ more: [(Int64, FactKind, [String: String])]) -> [Fact] {
            [
                Fact(contact: id, at: at, kind: .received, detail: ["hotline": "h"]),
                Fact(contact: id, at: at + 1_000, kind: .queued, detail: ["queue": "q"]),
            ] + more.map { Fact(contact: id, at: at + $0.0, kind: $0.1, detail: $0.2) }
        }
        let served = call(
            "served", at: 10_000,
            [
                (6_000, .connected, ["account": "1"]), (60_000, .talkEnded, [:]), (61_000, .ended, ["by": "caller"]),
                (75_000, .wrapUpEnded, [:]),
            ])
        let gone = call(
            "gone", at: 20_000,
            [(31_000, .queueOutcome, ["outcome": "abandoned"]), (31_000, .ended, ["by": "caller"])])
        try await place.store.append(served + gone + call("old", at: 1, [(2_000, .connected, ["account": "1"])]))
        let history = try await place.store.workload(hotline: "h", queue: "q", from: 10_000, to: 1_000_000)
        #expect(history.arrivals == [11_000, 21_000])
        #expect(history.talks == [54_000] && history.wrapUps == [15_000])
        #expect(history.abandonedAfter == [30_000] && history.waited == 35_000)
        #expect(try await place.store.workload(hotline: "h", queue: "other", from: 0, to: 1) == WorkloadHistory())
    }

    @Test func `what calls of a queue took is known from the log`() async throws {
        let place = try TemporaryStore()
        #expect(try await place.store.handlingTime(queue: "help") == nil)
        for number in 0..<3 { try await place.store.append(talk("c\(number)", at: Int64(number) * 1_000)) }
        let known = try #require(try await place.store.handlingTime(queue: "help"))
        #expect(known.mean == 80_000 && known.samples == 3)
    }
}
