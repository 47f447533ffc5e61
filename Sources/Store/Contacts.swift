// The event log and the contacts computed from it.

import GRDB

extension Store {
    /// Writes facts in their order, and with them, in the same transaction, the rows of their contacts.
    public func append(_ facts: [Fact]) async throws {
        guard !facts.isEmpty else { return }
        let facts = facts.map(FactRow.clean)
        try await pool.write { try Self.append(facts, $0) }
    }

    private static func append(_ facts: [Fact], _ db: Database) throws {
        var contacts: [String: (stored: Contact?, now: Contact)] = [:]
        var order: [String] = []
        // Figures of sound are most of all facts, and change nothing in their contact.
        for fact in facts where fact.kind != .quality {
            if contacts[fact.contact] == nil {
                let stored = try ContactRow.one(db, id: fact.contact)
                contacts[fact.contact] = (stored, stored ?? Contact(id: fact.contact, began: fact.at))
                order.append(fact.contact)
            }
            contacts[fact.contact]?.now.apply(fact)
        }
        for id in order {
            guard let contact = contacts[id], contact.now != contact.stored else { continue }
            try ContactRow.save(contact.now, db)
        }
        for fact in facts {
            try FactRow.insert(fact, db)
            try FollowUpRow.insert(fact, of: contacts[fact.contact]?.now, db)
        }
    }

    /// A page of contacts, the newest first.
    public func contacts(_ query: ContactQuery = ContactQuery()) async throws -> ContactPage {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func require(_ condition: String, _ values: StatementArguments = []) {
            conditions.append(condition)
            arguments += values
        }
        if let digits = query.number.map(Self.searched), !digits.isEmpty {
            require("callerDigits LIKE ?", ["%\(digits)%"])
        }
        if let from = query.from { require("began >= ?", [from]) }
        if let to = query.to { require("began < ?", [to]) }
        if let consultant = query.consultant { require("consultant = ?", [consultant]) }
        if query.recordedOnly { require("recording IS NOT NULL") }
        if let cursor = query.before { require("(began, id) < (?, ?)", [cursor.began, cursor.id]) }
        let limit = min(max(query.limit, 1), 500)
        arguments += [limit + 1]
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let sql = "SELECT * FROM contact \(filter) ORDER BY began DESC, id DESC LIMIT ?"
        let bound = arguments
        let found = try await pool.read { db in
            try Row.fetchAll(db, sql: sql, arguments: bound).map(ContactRow.contact)
        }
        let page = Array(found.prefix(limit))
        let next = found.count > limit ? page.last.map { ContactCursor(began: $0.began, id: $0.id) } : nil
        return ContactPage(contacts: page, next: next)
    }

    public func contact(_ id: String) async throws -> Contact? {
        try await pool.read { try ContactRow.one($0, id: id) }
    }

    /// The whole story of a contact, in the order in which it was written, but for facts of the kind `leavingOut`.
    public func facts(_ contact: String, leavingOut kind: FactKind? = nil) async throws -> [Fact] {
        try await pool.read { try FactRow.all($0, contact: contact, leavingOut: kind) }
    }

    /// At start: closes the contacts that were going on when the server stopped, as failed at their last sign of
    /// life.
    /// - Parameter at: now (Unix ms).
    /// - Returns: their ids.
    public func closeInterrupted(at now: Int64) async throws -> [String] {
        try await pool.write { db in
            let open = try Row.fetchAll(
                db,
                sql: """
                    SELECT id, coalesce((SELECT max(at) FROM fact WHERE contact = contact.id), began) AS lastSign
                    FROM contact WHERE ended IS NULL ORDER BY began, id
                    """)
            let facts = open.map { row in
                Fact(
                    contact: row["id"], at: now, kind: .failed,
                    detail: ["reason": "the server stopped", "lastSign": "\(row["lastSign"] as Int64)"])
            }
            try Self.append(facts, db)
            return facts.map(\.contact)
        }
    }

    /// Computes all contacts anew from their facts. Changes nothing unless a former version computed them wrongly.
    public func recount() async throws {
        try await pool.write { db in
            for id in try String.fetchAll(db, sql: "SELECT id FROM contact") {
                let facts = try FactRow.all(db, contact: id)
                guard let first = facts.first else { continue }
                var contact = Contact(id: id, began: first.at)
                for fact in facts { contact.apply(fact) }
                try ContactRow.save(contact, db)
            }
        }
    }

    /// How long a call of a queue kept its consultant busy (ms), the mean of the latest 50; nil when there were none.
    public func handlingTime(queue: String) async throws -> (mean: Int64, samples: Int)? {
        try await pool.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT avg(over - connected) AS mean, count(*) AS samples FROM (
                        SELECT connected, (
                            SELECT max(at) FROM fact
                            WHERE contact = contact.id AND kind IN ('talkEnded', 'wrapUpEnded')
                        ) AS over
                        FROM contact WHERE queue = ? AND connected IS NOT NULL AND ended IS NOT NULL
                        ORDER BY began DESC LIMIT 50
                    ) WHERE over IS NOT NULL
                    """, arguments: [queue])
            guard let row, let mean = row["mean"] as Double? else { return nil }
            return (Int64(mean), row["samples"])
        }
    }

    /// How many calls each consultant has answered since a moment (Unix ms), and how long they talked (ms), by account. Talks
    /// that go on are not in the time.
    public func worked(since: Int64) async throws -> [Int64: (calls: Int, talked: Int64)] {
        try await pool.read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT account, count(*) AS calls, total(over - at) AS talked FROM (
                        SELECT CAST(fact.detail->>'account' AS INTEGER) AS account, fact.at AS at, (
                            SELECT min(at) FROM fact AS later WHERE later.contact = fact.contact AND later.id > fact.id
                                AND later.kind IN ('talkEnded', 'requeued', 'ended', 'failed')
                        ) AS over
                        FROM contact JOIN fact ON fact.contact = contact.id AND fact.kind = 'connected'
                        WHERE contact.began >= ? AND fact.at >= ?
                    ) GROUP BY account
                    """,
                // Nobody has waited for more than a day.
                arguments: [since - 86_400_000, since])
            let pairs = rows.map { row in
                (row["account"] as Int64, (calls: row["calls"] as Int, talked: Int64(row["talked"] as Double)))
            }
            return Dictionary(uniqueKeysWithValues: pairs)
        }
    }

    /// The digits of what was typed, without the 00 that stands for a plus.
    private static func searched(_ number: String) -> String {
        let digits = ContactRow.digits(number)
        return digits.hasPrefix("00") ? String(digits.dropFirst(2)) : digits
    }
}
