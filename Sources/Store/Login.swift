// Proving a password.

import GRDB

extension Store {
    /// Checks a name and a password. Takes the same time whether the name is known or not.
    /// - Parameter source: the address from which the attempt comes; failures are counted per name and source.
    /// - Throws: `StoreError.busy` when too many log in at once.
    public func authenticate(name: String, password: String, source: String) async throws -> LoginResult {
        let name = Self.normalised(name)
        switch throttle.begin(name, source, now: clock()) {
        case .go: break
        case .refused(let until, let isNew):
            if isNew { try await note("log in refused", name, source) }
            return .refused(until: until)
        }
        let account: Account?
        do {
            account = try await prove(name, password)
        } catch {
            throttle.withdrawn(name, source)
            throw error
        }
        guard let account else {
            try await note("log in failed", name, source)
            return .wrong
        }
        throttle.succeeded(name, source)
        try await note("log in", name, source)
        return .accepted(account)
    }

    private func prove(_ name: String, _ password: String) async throws -> Account? {
        let found = try await pool.read { db in
            try Row.fetchOne(db, sql: "SELECT * FROM account WHERE name = ?", arguments: [name]).map { row in
                (account: try AccountRow.account(row), hash: ScryptHash(row["password"] as String))
            }
        }
        let hash = found?.hash ?? nobody
        // Nothing longer was ever accepted; a megabyte is not worth hashing.
        let typed = String(password.prefix(Self.passwordLength.upperBound + 1))
        let isRight = try await hashing.run { try hash.matches(typed) }
        guard isRight, let account = found?.account, !account.disabled else { return nil }
        return account
    }

    /// A name that is nobody's is not written down: it may be a password typed into the wrong field.
    private func note(_ action: String, _ name: String, _ source: String) async throws {
        let now = clock()
        try await pool.write { db in
            let known = try String.fetchOne(db, sql: "SELECT name FROM account WHERE name = ?", arguments: [name])
            try AuditRow.insert(AuditEntry(at: now, actor: nil, action: action, subject: known, source: source), db)
        }
    }
}
