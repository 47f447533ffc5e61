// What was told against what happened.

import Testing

@testable import Store

@Suite struct WaitCalibrationTests {
    private func wait(
        _ id: String, told: [(at: Int64, wait: Int64?)], connected: Int64?, queue: String = "help", began: Int64 = 0
    ) -> [Fact] {
        let told = told.map { told in
            Fact(
                contact: id, at: told.at, kind: .told,
                detail: ["queue": queue].merging(told.wait.map { ["wait": "\($0)"] } ?? [:]) { first, _ in first })
        }
        return [Fact(contact: id, at: began, kind: .received, detail: ["hotline": "line"])] + told
            + (connected.map { [Fact(contact: id, at: $0, kind: .connected, detail: ["account": "1"])] } ?? [])
    }

    @Test func `each announcement is held against the talk that followed it`() async throws {
        let place = try TemporaryStore()
        try await place.store.append(
            wait("a", told: [(1_000, 60_000), (31_000, 60_000)], connected: 61_000)
                + wait("b", told: [(1_000, 60_000)], connected: 200_000)
                + wait("c", told: [(1_000, nil), (61_000, 120_000)], connected: nil)
                + wait("d", told: [(1_000, 60_000)], connected: 61_000, queue: "other")
                + wait("e", told: [(9_000, 60_000)], connected: 61_000, began: 5_000))
        let found = try await place.store.waitCalibration(hotline: "line", queue: "help", from: 0, to: 5_000)
        #expect(found.answered == 3 && found.unanswered == 1 && found.unknown == 1)
        #expect(found.toldMuchTooLittle == 1)
        // Told 60 s: it took 60, 30 and 199.
        #expect(found.meanError == (0 + 30_000 + 139_000) / 3)
    }

    @Test func `a queue of which nothing was told has an empty balance`() async throws {
        let place = try TemporaryStore()
        let found = try await place.store.waitCalibration(hotline: "line", queue: "help", from: 0, to: 5_000)
        #expect(found == WaitCalibration())
    }
}
