// Stops at the wrong moment, old and new files, many contacts.

import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct DurabilityTests {
    @Test func `what was appended is there after a kill`() async throws {
        let place = try TemporaryStore()
        for number in 0..<50 { try await place.store.append(talk("c\(number)", at: Int64(number))) }
        let survivor = try place.crashed()
        #expect(try await survivor.contacts(ContactQuery(limit: 500)).contacts.count == 50)
        #expect(try await survivor.facts("c49").count == 13)
        try survivor.close()
    }

    @Test func `a log cut off anywhere opens, sound, with whole transactions only`() async throws {
        let place = try TemporaryStore()
        for number in 0..<30 { try await place.store.append(talk("c\(number)", at: Int64(number))) }
        let whole = try Data(contentsOf: URL(fileURLWithPath: place.path + "-wal")).count
        var counts: [Int] = []
        for length in stride(from: 0, to: whole, by: whole / 40 + 13) {
            let survivor = try place.crashed(logLength: length)
            let check = try await survivor.pool.read { try String.fetchOne($0, sql: "PRAGMA integrity_check") }
            #expect(check == "ok")
            let contacts = try await survivor.contacts(ContactQuery(limit: 500)).contacts
            for contact in contacts { #expect(try await survivor.facts(contact.id).count == 13) }
            try await survivor.append(talk("after", at: 1_000_000))
            #expect(try await survivor.contact("after") != nil)
            counts.append(contacts.count)
            try survivor.close()
        }
        #expect(counts == counts.sorted())
    }

    @Test func `a file is brought up to date from every earlier step, and opens again`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (number, step) in (["none"] + Schema.migrator.migrations).enumerated() {
            let path = folder.appending(path: "\(number).sqlite").path
            let old = try DatabasePool(path: path)
            if step != "none" { try Schema.migrator.migrate(old, upTo: step) }
            try old.close()
            for _ in 0..<2 {
                let store = try Store(path: path, clock: { 0 }, cost: TemporaryStore.cheap)
                try await store.append(talk("a", at: 1))
                #expect(try await store.contact("a") != nil)
                try store.close()
            }
        }
    }

    @Test func `a file of a later version is left alone`() throws {
        let place = try TemporaryStore()
        try place.store.pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99 the future')") }
        #expect(throws: StoreError.newerSchema) {
            _ = try Store(path: place.path, clock: { 0 }, cost: TemporaryStore.cheap)
        }
    }

    @Test func `a file that is no store is an error, not a crash`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "no-store-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: path))
        #expect(throws: (any Error).self) { _ = try Store(path: path, clock: { 0 }, cost: TemporaryStore.cheap) }
        #expect(throws: (any Error).self) {
            _ = try Store(path: "/proc/nowhere/s.sqlite", clock: { 0 }, cost: TemporaryStore.cheap)
        }
    }

    @Test func `only the server's own user may read the file`() throws {
        let place = try TemporaryStore()
        for file in try FileManager.default.contentsOfDirectory(atPath: place.folder.path) {
            let attributes = try FileManager.default.attributesOfItem(atPath: place.folder.appending(path: file).path)
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        }
    }

    @Test func `WAL, full synchronisation, foreign keys and overwriting of what is deleted are on`() async throws {
        let place = try TemporaryStore()
        let writer = try await place.store.pool.writeWithoutTransaction { db in
            try ["journal_mode", "synchronous", "foreign_keys", "secure_delete"].map { pragma in
                try String.fetchOne(db, sql: "PRAGMA \(pragma)")
            }
        }
        #expect(writer == ["wal", "2", "1", "1"])
    }

    @Test func `ten thousand contacts are searched`() async throws {
        let place = try TemporaryStore()
        let facts = (0..<10_000).flatMap { number in
            talk(
                String(format: "%032x", number), at: Int64(number) * 60_000, caller: "+48\(600_000_000 + number * 7919)"
            )
        }
        let clock = ContinuousClock()
        let filled = try await clock.measure {
            for start in stride(from: 0, to: facts.count, by: 1300) {
                try await place.store.append(Array(facts[start..<min(start + 1300, facts.count)]))
            }
        }
        var page = ContactPage(contacts: [], next: nil)
        let byNumber = try await clock.measure {
            page = try await place.store.contacts(ContactQuery(number: "\(600_000_000 + 4321 * 7919)"))
        }
        #expect(page.contacts.count == 1)
        let newest = try await clock.measure { page = try await place.store.contacts() }
        #expect(page.contacts.count == 50)
        let ofPerson = try await clock.measure { page = try await place.store.contacts(ContactQuery(consultant: 1)) }
        #expect(page.contacts.count == 50)
        print(
            "10,000 contacts (130,000 facts): written in \(filled), found by number in \(byNumber), "
                + "newest page in \(newest), a consultant's in \(ofPerson)")
    }
}
