// Proving a PIN, on the telephone: the account is named by its number.

import GRDB

extension Store {
    /// Sets or changes an account's PIN. Whoever does it has logged in with a password, so that it ends a lock too.
    /// - Parameter source: the address from which it is done, for the audit trail.
    /// - Throws: `StoreError.noSuchAccount`, `.busy`.
    public func setPIN(_ pin: PIN, account: Int64, source: String) async throws {
        let cost = cost
        let hash = try await hashing.run { try ScryptHash(password: pin.digits, cost: cost).text }
        let now = clock()
        try await pool.write { db in
            guard let found = try AccountRow.one(db, id: account) else { throw StoreError.noSuchAccount }
            try db.execute(
                sql: "INSERT OR REPLACE INTO pin (account, hash, at) VALUES (?, ?, ?)", arguments: [account, hash, now])
            try AuditRow.insert(
                AuditEntry(at: now, actor: found.name, action: "PIN set", subject: found.name, source: source), db)
        }
        pinThrottle.succeeded(Self.key(account), "")
    }

    /// - Throws: `StoreError.noSuchAccount`.
    public func removePIN(account: Int64, source: String) async throws {
        let now = clock()
        try await pool.write { db in
            guard let found = try AccountRow.one(db, id: account) else { throw StoreError.noSuchAccount }
            try db.execute(sql: "DELETE FROM pin WHERE account = ?", arguments: [account])
            try AuditRow.insert(
                AuditEntry(at: now, actor: found.name, action: "PIN removed", subject: found.name, source: source), db)
        }
    }

    public func pinState(account: Int64) async throws -> PINState {
        let setAt = try await pool.read { db in
            try Int64.fetchOne(db, sql: "SELECT at FROM pin WHERE account = ?", arguments: [account])
        }
        return PINState(setAt: setAt, lockedUntil: pinThrottle.lockedUntil(Self.key(account), "", now: clock()))
    }

    /// Checks an account's number and PIN. Takes the same time whether there is such an account or not. Failures are counted
    /// per account and per source, each for itself: callers can call themselves what they like.
    /// - Parameters:
    ///   - number: the account's `id`, as it was typed.
    ///   - source: the caller's number.
    /// - Throws: `StoreError.busy` when too many prove themselves at once.
    public func authenticate(number: String, pin: String, source: String) async throws -> LoginResult {
        let account = Int64(number) ?? 0
        let keys = [(Self.key(account), ""), ("", source)]
        for (index, key) in keys.enumerated() {
            guard case .refused(let until, let isNew) = pinThrottle.begin(key.0, key.1, now: clock()) else { continue }
            for earlier in keys[..<index] { pinThrottle.withdrawn(earlier.0, earlier.1) }
            if isNew { try await note("PIN refused", account, source) }
            return .refused(until: until)
        }
        let proved: Account?
        do {
            proved = try await prove(account, pin)
        } catch {
            for key in keys { pinThrottle.withdrawn(key.0, key.1) }
            throw error
        }
        guard let proved else {
            try await note("PIN failed", account, source)
            return .wrong
        }
        for key in keys { pinThrottle.succeeded(key.0, key.1) }
        try await note("log in by PIN", account, source)
        return .accepted(proved)
    }

    /// Only administrators have a use for it, and only those who chose their own password.
    private func prove(_ id: Int64, _ pin: String) async throws -> Account? {
        let found = try await pool.read { db in
            try Row.fetchOne(
                db, sql: "SELECT account.*, pin.hash FROM account JOIN pin ON pin.account = account.id WHERE id = ?",
                arguments: [id]
            ).map { row in (account: try AccountRow.account(row), hash: ScryptHash(row["hash"] as String)) }
        }
        let hash = found?.hash ?? nobody
        let typed = String(pin.prefix(PIN.length.upperBound + 1))
        let isRight = try await hashing.run { try hash.matches(typed) }
        guard isRight, let account = found?.account, account.mayRecordByPhone else { return nil }
        return account
    }

    private static func key(_ account: Int64) -> String { "\(account)" }

    private func note(_ action: String, _ account: Int64, _ source: String) async throws {
        let now = clock()
        try await pool.write { db in
            let known = try String.fetchOne(db, sql: "SELECT name FROM account WHERE id = ?", arguments: [account])
            try AuditRow.insert(AuditEntry(at: now, actor: nil, action: action, subject: known, source: source), db)
        }
    }
}

extension Account {
    /// What is recorded by telephone is what an administrator may record on the page.
    public var mayRecordByPhone: Bool { role == .administrator && !disabled && !mustChangePassword }
}
