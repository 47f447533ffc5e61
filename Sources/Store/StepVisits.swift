// Which ways calls took through a hotline, counted from the event log.

import GRDB

/// Calls that went from one step to the next.
public struct StepVisits: Sendable, Hashable {
    public let step: String
    /// Nil: it was the last step of these calls.
    public let next: String?
    /// The way out that was taken; nil: there was none, or it was not written down then.
    public let exit: String?
    /// How often; a call that comes twice is counted twice.
    public let count: Int
    /// Of these, calls that ended here because the caller hung up.
    public let hangUps: Int
}

extension Store {
    /// Of all calls of a hotline that began at `from` (Unix ms) or later, in the order of the names.
    public func stepVisits(hotline: String, from: Int64) async throws -> [StepVisits] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT step, next, exit, count(*) AS count, sum(next IS NULL AND endedBy IS 'caller') AS hangUps FROM (
                        SELECT detail->>'step' AS step, contact.endedBy AS endedBy,
                            lead(detail->>'step') OVER calls AS next, lead(detail->>'exit') OVER calls AS exit
                        FROM contact JOIN fact ON fact.contact = contact.id AND fact.kind = 'step'
                        WHERE contact.hotline = ? AND contact.began >= ?
                        WINDOW calls AS (PARTITION BY contact.id ORDER BY fact.id)
                    ) WHERE step IS NOT NULL GROUP BY step, next, exit ORDER BY step, next, exit
                    """, arguments: [hotline, from]
            ).map {
                StepVisits(
                    step: $0["step"], next: $0["next"], exit: $0["exit"], count: $0["count"], hangUps: $0["hangUps"])
            }
        }
    }
}
