// Every version of a hotline file that went live: its text, when, and by whom.

import GRDB

/// One text of one hotline file, as it was served.
public struct HotlineVersion: Sendable, Equatable {
    /// The file's name in the folder of hotlines.
    public let file: String
    /// From 1, without gaps, for each file.
    public let number: Int
    /// SHA-256 of the text, hexadecimal.
    public let digest: String
    /// Unix ms.
    public let at: Int64
    /// The account that published it; nil: it was read from disk.
    public let by: String?
    /// One line by whoever published it; may be empty.
    public let note: String

    /// The file went out of the folder. Its text is empty, which no hotline's is.
    public var isDeletion: Bool { digest == textDigest("") }
}

extension Store {
    /// Of each file; older ones are forgotten.
    public static let keptVersions = 1_000

    /// Writes down that this text is served now, if it is another one than before; nil if it is not.
    @discardableResult
    public func keepVersion(
        of file: String, text: String, at now: Int64, by account: String?, note: String
    ) async throws -> HotlineVersion? {
        try await pool.write { db in
            let digest = textDigest(text)
            let last = try Row.fetchOne(
                db, sql: "SELECT number, digest FROM hotlineVersion WHERE file = ? ORDER BY number DESC LIMIT 1",
                arguments: [file])
            guard last?["digest"] != digest else { return nil }
            let number = (last?["number"] ?? 0) + 1
            try db.execute(
                sql:
                    "INSERT INTO hotlineVersion (file, number, digest, text, at, by, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [file, number, digest, text, now, account, note])
            try db.execute(
                sql: "DELETE FROM hotlineVersion WHERE file = ? AND number <= ?",
                arguments: [file, number - Self.keptVersions])
            return HotlineVersion(file: file, number: number, digest: digest, at: now, by: account, note: note)
        }
    }

    /// The newest first.
    public func versions(of file: String, limit: Int = Store.keptVersions) async throws -> [HotlineVersion] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT file, number, digest, at, by, note FROM hotlineVersion WHERE file = ?
                    ORDER BY number DESC LIMIT ?
                    """, arguments: [file, min(max(limit, 1), Self.keptVersions)]
            ).map(Self.version)
        }
    }

    /// The newest version of every file that ever went live, in the order of their names.
    public func newestVersions() async throws -> [HotlineVersion] {
        try await pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    SELECT file, max(number) AS number, digest, at, by, note FROM hotlineVersion GROUP BY file ORDER BY file
                    """
            ).map(Self.version)
        }
    }

    private static func version(_ row: Row) -> HotlineVersion {
        HotlineVersion(
            file: row["file"], number: row["number"], digest: row["digest"], at: row["at"], by: row["by"],
            note: row["note"])
    }

    /// Nil when there is no such version, or none any more.
    public func text(ofVersion number: Int, of file: String) async throws -> String? {
        try await pool.read { db in
            try String.fetchOne(
                db, sql: "SELECT text FROM hotlineVersion WHERE file = ? AND number = ?", arguments: [file, number])
        }
    }
}
