// Sessions: the browser holds a random token, the store only its SHA-256.

import GRDB

extension Store {
    /// Begins a session.
    /// - Returns: 64 hex digits (256 random bits) for the cookie.
    public func createSession(account: Int64) async throws -> String {
        let token = Hex.text(try Random.bytes(32))
        let digest = sha256(token).blob
        let now = clock()
        try await pool.write { db in
            try db.execute(
                sql: "DELETE FROM session WHERE used <= ? OR began <= ?",
                arguments: [now - Session.idleLimit, now - Session.limit])
            try db.execute(
                sql: "INSERT INTO session (token, account, began, used) VALUES (?, ?, ?, ?)",
                arguments: [digest, account, now, now])
        }
        return token
    }

    /// The session of a token, and marks it as used. nil when it has ended, never was, or the account is disabled.
    /// An open WebSocket is no use by itself: ask now and then while it lives.
    public func session(_ token: String) async throws -> Session? {
        let digest = sha256(token).blob
        let now = clock()
        let found = try await pool.read { db in
            try Row.fetchOne(
                db,
                sql: """
                    SELECT account.*, session.began, session.used FROM session JOIN account ON account.id = session.account
                    WHERE token = ? AND used > ? AND began > ? AND NOT disabled
                    """,
                arguments: [digest, now - Session.idleLimit, now - Session.limit]
            ).map { row in
                (account: try AccountRow.account(row), began: row["began"] as Int64, used: row["used"] as Int64)
            }
        }
        guard let found else { return nil }
        // Once a minute is exact enough, and each write waits for the disk.
        if now - found.used >= 60_000 {
            try await pool.write { db in
                try db.execute(sql: "UPDATE session SET used = ? WHERE token = ?", arguments: [now, digest])
            }
        }
        return Session(account: found.account, began: found.began, endsAt: found.began + Session.limit)
    }

    public func endSession(_ token: String) async throws {
        let digest = sha256(token).blob
        try await pool.write { db in
            try db.execute(sql: "DELETE FROM session WHERE token = ?", arguments: [digest])
        }
    }

    /// Ends all sessions of an account.
    public func endSessions(account: Int64) async throws {
        try await pool.write { db in
            try db.execute(sql: "DELETE FROM session WHERE account = ?", arguments: [account])
        }
    }
}
