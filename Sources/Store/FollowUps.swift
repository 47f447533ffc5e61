// What callers left for people to do: messages, and wishes to be called back.

import GRDB

/// One thing to be done by somebody of the house.
public struct FollowUp: Sendable, Equatable, Identifiable {
    public enum Kind: String, Sendable, CaseIterable {
        case message, callback
    }

    public let id: String
    public let contact: String
    public let kind: Kind
    /// Unix ms.
    public let at: Int64
    public let hotline: String?
    /// The mailbox of a message, the queue of a callback.
    public let place: String
    /// Whom to call; nil when the caller withheld the number.
    public let number: String?
    public let language: String?
    /// The journal of a message.
    public let recording: String?
    /// Of a message, ms.
    public let duration: Int64?
    /// When somebody said that it is done (Unix ms), and who.
    public let handled: Int64?
    public let handledBy: String?
    /// Of a message that is sent to an address as well.
    public let delivery: Delivery?
}

extension Store {
    /// The newest first. `openOnly`: what is not done yet. `limit` 1 to 500.
    public func followUps(openOnly: Bool, limit: Int = 200) async throws -> [FollowUp] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: "\(FollowUpRow.select) \(openOnly ? "WHERE handled IS NULL" : "") ORDER BY at DESC, id LIMIT ?",
                arguments: [min(max(limit, 1), 500)]
            ).compactMap(FollowUpRow.followUp)
        }
    }

    public func followUp(_ id: String) async throws -> FollowUp? {
        try await pool.read { db in
            try Row.fetchOne(db, sql: FollowUpRow.select + " WHERE id = ?", arguments: [id])
                .flatMap(FollowUpRow.followUp)
        }
    }

    /// Says that it is done, or that it is not after all (`by` nil). False when there is none with this id.
    public func setHandled(followUp id: String, by account: String?, at now: Int64) async throws -> Bool {
        try await pool.write { db in
            try db.execute(
                sql: "UPDATE followUp SET handled = ?, handledBy = ? WHERE id = ?",
                arguments: [account == nil ? nil : now, account, id])
            return db.changesCount > 0
        }
    }
}

enum FollowUpRow {
    static let select = "SELECT * FROM followUp LEFT JOIN delivery ON delivery.followUp = followUp.id"

    /// Nothing for facts of other kinds. A fact that comes twice changes nothing.
    static func insert(_ fact: Fact, of contact: Contact?, _ db: Database) throws {
        let detail = fact.detail
        let kind: FollowUp.Kind
        switch fact.kind {
        case .messageReady: kind = .message
        case .callbackRequested: kind = .callback
        default: return
        }
        guard let id = detail["id"], let place = detail[kind == .message ? "mailbox" : "queue"] else { return }
        try db.execute(
            sql: """
                INSERT INTO followUp
                    (id, contact, kind, at, hotline, place, number, language, recording, duration, detail)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
                """,
            arguments: [
                id, fact.contact, kind.rawValue, fact.at, detail["hotline"], place,
                detail["number"] ?? contact?.caller, detail["language"], detail["path"],
                detail["duration"].flatMap { Int64($0) }, try JSONText.encode(detail),
            ])
        if db.changesCount > 0 { try DeliveryRow.insert(fact, followUp: id, db) }
    }

    static func followUp(_ row: Row) -> FollowUp? {
        guard let kind = FollowUp.Kind(rawValue: row["kind"]) else { return nil }
        return FollowUp(
            id: row["id"], contact: row["contact"], kind: kind, at: row["at"], hotline: row["hotline"],
            place: row["place"], number: row["number"], language: row["language"], recording: row["recording"],
            duration: row["duration"], handled: row["handled"], handledBy: row["handledBy"],
            delivery: DeliveryRow.delivery(row))
    }
}
