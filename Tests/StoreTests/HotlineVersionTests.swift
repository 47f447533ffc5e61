// Versions of hotline files that went live.

import GRDB
import Testing

@testable import Store

@Suite struct HotlineVersionTests {
    @Test func `a text that is served is written down once, and again when it comes back`() async throws {
        let place = try TemporaryStore()
        let store = place.store
        let first = try await store.keepVersion(of: "a.yaml", text: "one", at: 1, by: nil, note: "")
        #expect(first?.number == 1 && first?.by == nil)
        #expect(try await store.keepVersion(of: "a.yaml", text: "one", at: 2, by: "admin", note: "again") == nil)
        #expect(try await store.keepVersion(of: "b.yaml", text: "one", at: 2, by: nil, note: "")?.number == 1)
        try await store.keepVersion(of: "a.yaml", text: "two", at: 3, by: "admin", note: "better")
        try await store.keepVersion(of: "a.yaml", text: "one", at: 4, by: "admin", note: "back")
        let versions = try await store.versions(of: "a.yaml")
        #expect(versions.map(\.number) == [3, 2, 1] && versions.map(\.note) == ["back", "better", ""])
        #expect(versions[0].digest == versions[2].digest && versions[1].by == "admin")
        #expect(try await store.text(ofVersion: 2, of: "a.yaml") == "two")
        #expect(try await store.text(ofVersion: 4, of: "a.yaml") == nil)
        #expect(try await store.versions(of: "none.yaml") == [])
    }

    @Test func `only the newest versions are kept`() async throws {
        let place = try TemporaryStore()
        let store = place.store
        let many = Store.keptVersions + 4
        try await store.pool.write { db in
            for number in 1...many {
                try db.execute(
                    sql: "INSERT INTO hotlineVersion (file, number, digest, text, at, note) VALUES (?, ?, ?, ?, 1, '')",
                    arguments: ["a.yaml", number, "digest \(number)", "text \(number)"])
            }
        }
        try await store.keepVersion(of: "a.yaml", text: "newest", at: 1, by: nil, note: "")
        let versions = try await store.versions(of: "a.yaml")
        #expect(
            versions.count == Store.keptVersions && versions.first?.number == many + 1 && versions.last?.number == 6)
        #expect(try await store.text(ofVersion: 5, of: "a.yaml") == nil)
        #expect(try await store.text(ofVersion: 6, of: "a.yaml") == "text 6")
    }
}
