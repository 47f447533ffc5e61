// A row of `contact` as a value.

import GRDB

enum ContactRow {
    private static let columns = [
        "id", "hotline", "caller", "callerDigits", "called", "began", "answered", "queue", "queued", "consultant",
        "consultantName", "waited", "connected", "ended", "endedBy", "outcome", "recording", "recordingDuration",
        "tags",
        "language",
    ]

    /// Not "INSERT OR REPLACE", which would delete the old row and, with it, its facts.
    private static let upsert = """
        INSERT INTO contact (\(columns.joined(separator: ", ")))
        VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
        ON CONFLICT (id) DO UPDATE SET
        \(columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
        """

    static func save(_ contact: Contact, _ db: Database) throws {
        try db.cachedStatement(sql: upsert).execute(arguments: [
            contact.id, contact.hotline, contact.caller, digits(contact.caller ?? ""), contact.called, contact.began,
            contact.answered, contact.queue, contact.queued, contact.consultant, contact.consultantName, contact.waited,
            contact.connected, contact.ended, contact.endedBy, contact.outcome, contact.recording,
            contact.recordingDuration, try JSONText.encode(contact.tags), contact.language,
        ])
    }

    static func one(_ db: Database, id: String) throws -> Contact? {
        try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM contact WHERE id = ?"), arguments: [id]).map(contact)
    }

    static func contact(_ row: Row) throws -> Contact {
        var contact = Contact(id: row["id"], began: row["began"])
        contact.hotline = row["hotline"]
        contact.caller = row["caller"]
        contact.called = row["called"]
        contact.answered = row["answered"]
        contact.queue = row["queue"]
        contact.queued = row["queued"]
        contact.consultant = row["consultant"]
        contact.consultantName = row["consultantName"]
        contact.waited = row["waited"]
        contact.connected = row["connected"]
        contact.ended = row["ended"]
        contact.endedBy = row["endedBy"]
        contact.outcome = row["outcome"]
        contact.recording = row["recording"]
        contact.recordingDuration = row["recordingDuration"]
        contact.tags = try JSONText.decode([String].self, from: row["tags"])
        contact.language = row["language"]
        return contact
    }

    static func digits(_ number: String) -> String { number.filter { $0.isASCII && $0.isNumber } }
}

enum FactRow {
    /// Display names and the like come from strangers; a line of the log has an end.
    private static let longest = 1000

    static func insert(_ fact: Fact, _ db: Database) throws {
        try db.cachedStatement(sql: "INSERT INTO fact (contact, at, kind, detail) VALUES (?, ?, ?, ?)")
            .execute(arguments: [fact.contact, fact.at, fact.kind.rawValue, try JSONText.encode(fact.detail)])
    }

    static func all(_ db: Database, contact: String, leavingOut kind: FactKind? = nil) throws -> [Fact] {
        try Row.fetchAll(
            db, sql: "SELECT * FROM fact WHERE contact = ? AND kind IS NOT ? ORDER BY id",
            arguments: [contact, kind?.rawValue]
        )
        .compactMap { row in
            guard let kind = FactKind(rawValue: row["kind"]) else { return nil }
            return Fact(
                contact: contact, at: row["at"], kind: kind,
                detail: try JSONText.decode([String: String].self, from: row["detail"]))
        }
    }

    /// As it may be written: of a digit only how it came, and no text without end.
    static func clean(_ fact: Fact) -> Fact {
        let detail = fact.kind == .digit ? fact.detail.filter { $0.key == "origin" } : fact.detail
        return Fact(
            contact: fact.contact, at: fact.at, kind: fact.kind,
            detail: detail.mapValues { $0.utf8.count <= longest ? $0 : String($0.prefix(longest)) })
    }
}
