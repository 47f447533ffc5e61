// Messages of callers on their way to an address: kept until they are sent or given up.

import GRDB

/// The sending of one message.
public struct Delivery: Sendable, Equatable {
    public enum State: String, Sendable, CaseIterable {
        /// To be sent when `due` has come.
        case waiting
        case sent
        /// Given up.
        case failed
    }

    /// An address of mail or a URL, as the hotline's file names it. A URL's query may hold a secret: never for a log.
    public let destination: String
    /// What people call the hotline, its time zone (IANA) and its language, when the message was left.
    public let title: String
    public let zone: String
    public let language: String
    public let state: State
    /// Tries that failed.
    public let attempts: Int
    /// Of the first try; "send again" begins anew. Unix ms, as all instants here.
    public let since: Int64
    public let due: Int64
    /// When it was sent or given up.
    public let ended: Int64?
    /// Why the last try failed, a word; and the number that the other side answered with.
    public let reason: String?
    public let status: Int?
}

/// What became of one try.
public enum DeliveryOutcome: Sendable, Equatable {
    case sent
    case later(due: Int64, reason: String, status: Int?)
    case failed(reason: String, status: Int?)
}

extension Store {
    /// Messages that are to be sent now, the longest due first.
    public func dueDeliveries(at now: Int64, limit: Int) async throws -> [FollowUp] {
        try await pool.read { db in
            try Row.fetchAll(
                db, sql: FollowUpRow.select + " WHERE state = 'waiting' AND due <= ? ORDER BY due, id LIMIT ?",
                arguments: [now, limit]
            ).compactMap(FollowUpRow.followUp)
        }
    }

    /// When the next message is to be sent; nil while none waits.
    public func nextDelivery() async throws -> Int64? {
        try await pool.read { try Int64.fetchOne($0, sql: "SELECT min(due) FROM delivery WHERE state = 'waiting'") }
    }

    /// Writes down what became of a try; on the disk when the call returns.
    public func note(delivery followUp: String, _ outcome: DeliveryOutcome, at now: Int64) async throws {
        try await pool.write { db in
            switch outcome {
            case .sent:
                try db.execute(
                    sql:
                        "UPDATE delivery SET state = 'sent', ended = ?, reason = NULL, status = NULL WHERE followUp = ?",
                    arguments: [now, followUp])
            case .later(let due, let reason, let status):
                try db.execute(
                    sql: """
                        UPDATE delivery SET due = ?, reason = ?, status = ?, attempts = attempts + 1
                        WHERE followUp = ?
                        """, arguments: [due, reason, status, followUp])
            case .failed(let reason, let status):
                try db.execute(
                    sql: """
                        UPDATE delivery SET state = 'failed', ended = ?, reason = ?, status = ?, attempts = attempts + 1
                        WHERE followUp = ?
                        """, arguments: [now, reason, status, followUp])
            }
        }
    }

    /// Begins anew with a message that was given up. False when there is none such.
    public func sendAgain(followUp: String, at now: Int64) async throws -> Bool {
        try await pool.write { db in
            try db.execute(
                sql: """
                    UPDATE delivery SET state = 'waiting', attempts = 0, since = ?, due = ?, ended = NULL, reason = NULL,
                        status = NULL
                    WHERE followUp = ? AND state = 'failed'
                    """, arguments: [now, now, followUp])
            return db.changesCount > 0
        }
    }
}

enum DeliveryRow {
    /// With the follow-up of a message that is to be sent, in one transaction. Such a fact holds `sendTo`.
    static func insert(_ fact: Fact, followUp: String, _ db: Database) throws {
        let detail = fact.detail
        guard let destination = detail["sendTo"] else { return }
        try db.execute(
            sql: """
                INSERT INTO delivery (followUp, destination, title, zone, writtenIn, state, attempts, since, due)
                VALUES (?, ?, ?, ?, ?, 'waiting', 0, ?, ?)
                """,
            arguments: [
                followUp, destination, detail["sendTitle"] ?? "", detail["sendZone"] ?? "UTC",
                detail["sendLanguage"] ?? "en", fact.at, fact.at,
            ])
    }

    /// From a row of `FollowUpRow.select`; nil when the follow-up is sent nowhere.
    static func delivery(_ row: Row) -> Delivery? {
        guard let state = (row["state"] as String?).flatMap(Delivery.State.init) else { return nil }
        return Delivery(
            destination: row["destination"], title: row["title"], zone: row["zone"], language: row["writtenIn"],
            state: state, attempts: row["attempts"], since: row["since"], due: row["due"], ended: row["ended"],
            reason: row["reason"], status: row["status"])
    }
}
