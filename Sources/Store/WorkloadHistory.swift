// What a queue's days were like, from the event log: what the staffing simulator starts from.

import GRDB

/// The contacts of one queue over some weeks. Durations in ms.
public struct WorkloadHistory: Sendable, Equatable {
    /// When each caller came into the queue, Unix ms, in order.
    public var arrivals: [Int64] = []
    public var talks: [Int64] = []
    public var wrapUps: [Int64] = []
    /// How long those who gave up had waited.
    public var abandonedAfter: [Int64] = []
    /// How long all waited, together.
    public var waited: Int64 = 0

    public init() {}
}

extension Store {
    /// - Parameter queue: its name in the hotline file.
    public func workload(hotline: String, queue: String, from: Int64, to: Int64) async throws -> WorkloadHistory {
        try await pool.read { db in
            var history = WorkloadHistory()
            let rows = try Row.fetchCursor(
                db,
                sql: """
                    SELECT queued, connected, waited, outcome,
                        (SELECT min(at) FROM fact WHERE contact = contact.id AND at >= connected
                            AND kind IN ('talkEnded', 'ended')) AS talked,
                        (SELECT min(at) FROM fact WHERE contact = contact.id AND at >= connected
                            AND kind = 'wrapUpEnded') AS wrapped
                    FROM contact WHERE hotline = ? AND queue = ? AND began >= ? AND began < ? AND queued IS NOT NULL
                    ORDER BY began
                    """, arguments: [hotline, queue, from, to])
            while let row = try rows.next() {
                history.arrivals.append(row["queued"])
                history.waited += (row["waited"] as Int64?) ?? 0
                if let connected = row["connected"] as Int64? {
                    guard let talked = row["talked"] as Int64? else { continue }
                    history.talks.append(talked - connected)
                    if let wrapped = row["wrapped"] as Int64?, wrapped >= talked {
                        history.wrapUps.append(wrapped - talked)
                    }
                } else if let outcome = row["outcome"] as String?, outcome.hasSuffix("bandoned"),
                    let waited = row["waited"] as Int64?
                {
                    history.abandonedAfter.append(waited)
                }
            }
            history.arrivals.sort()
            return history
        }
    }
}
