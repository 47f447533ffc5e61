// Which ways calls took through a hotline.

import Testing

@testable import Store

@Suite struct StepVisitTests {
    private func call(
        _ id: String, _ hotline: String, at began: Int64, _ steps: [String], exits: [String] = [], by: String
    ) -> [Fact] {
        [Fact(contact: id, at: began, kind: .received, detail: ["hotline": hotline, "called": "1"])]
            + steps.indices.map { index in
                var detail = ["step": steps[index]]
                if index > 0, exits.count >= index { detail["exit"] = exits[index - 1] }
                return Fact(contact: id, at: began + 1, kind: .step, detail: detail)
            }
            + [Fact(contact: id, at: began + 2, kind: .ended, detail: ["by": by])]
    }

    @Test func `each entry of a step counts, with where it led and who hung up there`() async throws {
        let place = try TemporaryStore()
        try await place.store.append(call("a", "h", at: 1_000, ["menu", "queue"], by: "caller"))
        try await place.store.append(call("b", "h", at: 2_000, ["menu", "menu", "end"], by: "system"))
        try await place.store.append(call("c", "h", at: 500, ["menu"], by: "caller"))
        try await place.store.append(call("d", "other", at: 2_000, ["menu"], by: "caller"))
        let visits = try await place.store.stepVisits(hotline: "h", from: 1_000)
        #expect(
            visits == [
                StepVisits(step: "end", next: nil, exit: nil, count: 1, hangUps: 0),
                StepVisits(step: "menu", next: "end", exit: nil, count: 1, hangUps: 0),
                StepVisits(step: "menu", next: "menu", exit: nil, count: 1, hangUps: 0),
                StepVisits(step: "menu", next: "queue", exit: nil, count: 1, hangUps: 0),
                StepVisits(step: "queue", next: nil, exit: nil, count: 1, hangUps: 1),
            ])
    }

    @Test func `exits that lead to one step are counted apart, and facts that do not tell them together`() async throws
    {
        let place = try TemporaryStore()
        try await place.store.append(call("a", "h", at: 1_000, ["menu", "end"], exits: ["key 1"], by: "caller"))
        try await place.store.append(call("b", "h", at: 1_000, ["menu", "end"], exits: ["otherwise"], by: "caller"))
        try await place.store.append(call("c", "h", at: 1_000, ["menu", "end"], exits: ["key 1"], by: "system"))
        try await place.store.append(call("d", "h", at: 1_000, ["menu", "end"], by: "system"))
        let visits = try await place.store.stepVisits(hotline: "h", from: 0).filter { $0.step == "menu" }
        #expect(visits.map(\.exit) == [nil, "key 1", "otherwise"])
        #expect(visits.map(\.count) == [1, 2, 1])
    }

    @Test func `without calls there are none`() async throws {
        let place = try TemporaryStore()
        #expect(try await place.store.stepVisits(hotline: "h", from: 0) == [])
    }
}
