// Making, changing and proving accounts.

import GRDB

extension Store {
    /// What a person may choose as a password, in characters.
    public static let passwordLength = 10...200

    /// Makes an account with a one-time password, which is shown once and kept nowhere.
    /// - Parameter actor: who does it, for the audit trail.
    /// - Throws: `StoreError.invalidName`, `.nameTaken`, `.busy`.
    public func createAccount(
        _ new: NewAccount, by actor: String? = nil
    ) async throws -> (account: Account, oneTimePassword: String) {
        let name = Self.normalised(new.name)
        guard Self.isValid(name) else { throw StoreError.invalidName }
        let oneTime = try OneTimePassword.make()
        let hash = try await hash(oneTime)
        let groups = try JSONText.encode(new.groups)
        let languages = try JSONText.encode(new.languages)
        let entry = AuditEntry(at: clock(), actor: actor, action: "account created", subject: name)
        let account = try await pool.write { db in
            if try Int.fetchOne(db, sql: "SELECT 1 FROM account WHERE name = ?", arguments: [name]) != nil {
                throw StoreError.nameTaken
            }
            try db.execute(
                sql: """
                    INSERT INTO account (name, displayName, role, groups, languages, locale, password, mustChangePassword)
                    VALUES (?, ?, ?, ?, ?, ?, ?, 1)
                    """,
                arguments: [
                    name, new.displayName, new.role.rawValue, groups, languages, new.locale.rawValue, hash,
                ])
            // Before the audit trail's row becomes the last one inserted.
            let id = db.lastInsertedRowID
            try AuditRow.insert(entry, db)
            return try AccountRow.one(db, id: id)
        }
        guard let account else { throw StoreError.noSuchAccount }
        return (account, oneTime)
    }

    /// Sets a password that the person chose, and ends all sessions of the account.
    /// - Throws: `StoreError.passwordTooShort`, `.passwordTooLong`, `.noSuchAccount`, `.busy`.
    public func setPassword(_ password: String, account: Int64) async throws {
        guard password.count >= Self.passwordLength.lowerBound else {
            throw StoreError.passwordTooShort(minimum: Self.passwordLength.lowerBound)
        }
        guard password.count <= Self.passwordLength.upperBound else {
            throw StoreError.passwordTooLong(maximum: Self.passwordLength.upperBound)
        }
        try await replacePassword(of: account, with: password, mustChange: false, "password changed", by: nil)
    }

    /// Gives a forgetful person a new one-time password, and ends all sessions of the account.
    public func resetPassword(account: Int64, by actor: String? = nil) async throws -> String {
        let oneTime = try OneTimePassword.make()
        try await replacePassword(of: account, with: oneTime, mustChange: true, "password reset", by: actor)
        return oneTime
    }

    /// Changes everything but the name and the password. Disabling ends all sessions of the account.
    /// - Throws: `StoreError.noSuchAccount`, `.lastAdministrator`.
    public func updateAccount(_ account: Account, by actor: String? = nil) async throws {
        let groups = try JSONText.encode(account.groups)
        let languages = try JSONText.encode(account.languages)
        let skills = try JSONText.encode(account.skills)
        let entry = AuditEntry(at: clock(), actor: actor, action: "account changed", subject: account.name)
        try await pool.write { db in
            guard let before = try AccountRow.one(db, id: account.id) else { throw StoreError.noSuchAccount }
            try db.execute(
                sql: """
                    UPDATE account SET displayName = ?, role = ?, groups = ?, languages = ?, skills = ?, locale = ?,
                        disabled = ?
                    WHERE id = ?
                    """,
                arguments: [
                    account.displayName, account.role.rawValue, groups, languages, skills,
                    account.locale.rawValue, account.disabled, account.id,
                ])
            if before.administrates, try !AccountRow.someoneAdministrates(db) { throw StoreError.lastAdministrator }
            if account.disabled {
                try db.execute(sql: "DELETE FROM session WHERE account = ?", arguments: [account.id])
            }
            try AuditRow.insert(entry, db)
        }
    }

    public func account(_ id: Int64) async throws -> Account? {
        try await pool.read { try AccountRow.one($0, id: id) }
    }

    /// All accounts, by name.
    public func accounts() async throws -> [Account] {
        try await pool.read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM account ORDER BY name").map(AccountRow.account)
        }
    }

    static func normalised(_ name: String) -> String {
        String(name.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed()).lowercased()
    }

    private static func isValid(_ name: String) -> Bool {
        let allowed = Set("abcdefghijklmnopqrstuvwxyz0123456789.-_@")
        return (1...64).contains(name.count) && name.allSatisfy(allowed.contains)
    }

    private func hash(_ password: String) async throws -> String {
        let cost = cost
        return try await hashing.run { try ScryptHash(password: password, cost: cost).text }
    }

    private func replacePassword(
        of account: Int64, with password: String, mustChange: Bool, _ action: String, by actor: String?
    ) async throws {
        let hash = try await hash(password)
        let now = clock()
        try await pool.write { db in
            guard let found = try AccountRow.one(db, id: account) else { throw StoreError.noSuchAccount }
            try db.execute(
                sql: "UPDATE account SET password = ?, mustChangePassword = ? WHERE id = ?",
                arguments: [hash, mustChange, account])
            try db.execute(sql: "DELETE FROM session WHERE account = ?", arguments: [account])
            try AuditRow.insert(
                AuditEntry(at: now, actor: actor ?? found.name, action: action, subject: found.name), db)
        }
    }
}

extension Account {
    fileprivate var administrates: Bool { role == .administrator && !disabled }
}

/// A row of `account` as a value.
enum AccountRow {
    static func someoneAdministrates(_ db: Database) throws -> Bool {
        try Int.fetchOne(db, sql: "SELECT 1 FROM account WHERE role = 'administrator' AND NOT disabled LIMIT 1") != nil
    }

    static func one(_ db: Database, id: Int64) throws -> Account? {
        try Row.fetchOne(db, sql: "SELECT * FROM account WHERE id = ?", arguments: [id]).map(account)
    }

    static func account(_ row: Row) throws -> Account {
        Account(
            id: row["id"],
            name: row["name"],
            displayName: row["displayName"],
            role: Role(rawValue: row["role"]) ?? .consultant,
            groups: try JSONText.decode([String].self, from: row["groups"]),
            languages: try JSONText.decode([String].self, from: row["languages"]),
            skills: try JSONText.decode([String: Int].self, from: row["skills"]),
            locale: PageLanguage(rawValue: row["locale"]) ?? .polish,
            mustChangePassword: row["mustChangePassword"],
            disabled: row["disabled"])
    }
}
