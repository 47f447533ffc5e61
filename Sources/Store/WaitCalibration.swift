// What waiting callers were told, and how long it took: from the event log.

import GRDB

/// Of one queue, counted by announcement: a caller who was told three times counts three times.
public struct WaitCalibration: Sendable, Equatable {
    /// Told a wait, and answered later.
    public var answered = 0
    /// Told a wait, but gone before anybody answered: nobody knows.
    public var unanswered = 0
    /// "We cannot say".
    public var unknown = 0
    /// Of the answered, those who waited more than two minutes longer than told.
    public var toldMuchTooLittle = 0
    /// Of the answered, the mean of how far the promise was from what happened, either way, in ms.
    public var meanError: Int64 = 0

    /// More than this too little breaks the promise, in ms.
    public static let muchTooLittle: Int64 = 120_000

    public init() {}
}

extension Store {
    /// - Parameters:
    ///   - queue: its name in the hotline file.
    ///   - from: contacts that began at it or later, and before `to`; Unix ms.
    public func waitCalibration(hotline: String, queue: String, from: Int64, to: Int64) async throws -> WaitCalibration
    {
        try await pool.read { db in
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT CAST(detail->>'wait' AS INTEGER) AS told,
                        (SELECT min(at) FROM fact AS later WHERE later.contact = fact.contact
                            AND later.kind = 'connected' AND later.id > fact.id) - fact.at AS waited
                    FROM contact JOIN fact ON fact.contact = contact.id AND fact.kind = 'told'
                    WHERE hotline = ? AND began >= ? AND began < ? AND detail->>'queue' = ?
                    """, arguments: [hotline, from, to, queue])
            var result = WaitCalibration()
            var errors: Int64 = 0
            while let row = try rows.next() {
                guard let told = row["told"] as Int64? else {
                    result.unknown += 1
                    continue
                }
                guard let waited = row["waited"] as Int64? else {
                    result.unanswered += 1
                    continue
                }
                result.answered += 1
                errors += abs(waited - told)
                if waited - told > WaitCalibration.muchTooLittle { result.toldMuchTooLittle += 1 }
            }
            if result.answered > 0 { result.meanError = errors / Int64(result.answered) }
            return result
        }
    }
}
