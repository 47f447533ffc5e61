// The audit trail: written, read, never changed.

import Foundation
import GRDB

extension Store {
    public func append(_ entry: AuditEntry) async throws {
        try await pool.write { try AuditRow.insert(entry, $0) }
    }

    /// The latest entries, the newest first.
    public func auditTrail(limit: Int = 100) async throws -> [AuditEntry] {
        try await pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM audit ORDER BY id DESC LIMIT ?", arguments: [limit]).map { row in
                AuditEntry(
                    at: row["at"], actor: row["actor"], action: row["action"], subject: row["subject"],
                    source: row["source"])
            }
        }
    }
}

enum AuditRow {
    static func insert(_ entry: AuditEntry, _ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO audit (at, actor, action, subject, source) VALUES (?, ?, ?, ?, ?)",
            arguments: [entry.at, entry.actor, entry.action, entry.subject, entry.source])
    }
}

extension [UInt8] {
    /// As SQLite stores it.
    var blob: Data { Data(self) }
}
