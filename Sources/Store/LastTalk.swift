// Who spoke with a caller before.

import GRDB

/// The latest talk of a consultant with one number.
public struct LastTalk: Sendable, Equatable {
    /// The account.
    public let consultant: Int64
    /// When it began, Unix ms.
    public let at: Int64
}

extension Store {
    /// Numbers with fewer digits are house telephones or no numbers at all.
    private static let fewestDigits = 5

    /// - Parameter caller: the number as it came; nil is answered for one that is no telephone number.
    public func lastTalk(with caller: String, since: Int64) async throws -> LastTalk? {
        let digits = ContactRow.digits(caller)
        guard digits.count >= Self.fewestDigits else { return nil }
        return try await pool.read { db in
            let row = try Row.fetchOne(
                db,
                sql: """
                    SELECT consultant, connected FROM contact
                    WHERE callerDigits = ? AND connected >= ? AND consultant IS NOT NULL
                    ORDER BY connected DESC LIMIT 1
                    """, arguments: [digits, since])
            return row.map { LastTalk(consultant: $0["consultant"], at: $0["connected"]) }
        }
    }
}
