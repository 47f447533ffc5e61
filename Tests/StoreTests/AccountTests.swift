// Making and changing accounts.

import Testing

@testable import Store

@Suite struct AccountTests {
    @Test func `an account is kept as it was made`() async throws {
        let place = try TemporaryStore()
        let (account, _) = try await place.store.createAccount(.consultant("Anna.Nowak@example"))
        #expect(account.name == "anna.nowak@example")
        #expect(account.groups == ["helpers"] && account.languages == ["pl", "en"])
        #expect(account.role == .consultant && account.locale == .polish && !account.disabled)
        #expect(try await place.store.account(account.id) == account)
        #expect(try await place.store.accounts() == [account])
        #expect(try await place.store.account(404) == nil)
    }

    @Test(arguments: ["", "two words", "zażółć", "a/b", "anna\n", String(repeating: "a", count: 65), "a\0b"])
    func `names that would confuse are refused`(name: String) async throws {
        let place = try TemporaryStore()
        if name == "anna\n" {
            #expect(try await place.store.createAccount(.consultant(name)).account.name == "anna")
        } else {
            await #expect(throws: StoreError.invalidName) { try await place.store.createAccount(.consultant(name)) }
        }
    }

    @Test func `a name is given once, in whatever letters`() async throws {
        let place = try TemporaryStore()
        _ = try await place.store.createAccount(.consultant("anna"))
        await #expect(throws: StoreError.nameTaken) { try await place.store.createAccount(.consultant("ANNA")) }
    }

    @Test func `an account made after much has happened is the one that is returned`() async throws {
        let place = try TemporaryStore()
        let (first, _) = try await place.store.createAccount(.consultant("anna"))
        for _ in 0..<5 { _ = try await place.store.resetPassword(account: first.id) }
        let (second, _) = try await place.store.createAccount(.consultant("barbara"))
        #expect(second.name == "barbara")
    }

    @Test func `the last administrator stays one`() async throws {
        let place = try TemporaryStore()
        let boss = NewAccount(name: "boss", displayName: "Boss", role: .administrator)
        var (account, _) = try await place.store.createAccount(boss)
        account.role = .supervisor
        let demoted = account
        await #expect(throws: StoreError.lastAdministrator) { try await place.store.updateAccount(demoted) }
        #expect(try await place.store.account(account.id)?.role == .administrator)
        _ = try await place.store.createAccount(
            NewAccount(name: "second", displayName: "Second", role: .administrator))
        try await place.store.updateAccount(demoted, by: "second")
        #expect(try await place.store.account(account.id)?.role == .supervisor)
    }

    @Test func `an account that is not there cannot be changed`() async throws {
        let place = try TemporaryStore()
        await #expect(throws: StoreError.noSuchAccount) {
            try await place.store.setPassword("long enough to do", account: 404)
        }
        await #expect(throws: StoreError.noSuchAccount) { try await place.store.resetPassword(account: 404) }
    }

    @Test func `every change leaves a line in the audit trail`() async throws {
        let place = try TemporaryStore()
        var (account, _) = try await place.store.createAccount(.consultant(), by: "boss")
        account.displayName = "Anna Nowak-Kowal"
        try await place.store.updateAccount(account, by: "boss")
        _ = try await place.store.resetPassword(account: account.id, by: "boss")
        try await place.store.setPassword("my own password", account: account.id)
        let played = AuditEntry(at: 7, actor: "boss", action: "recording played", subject: "abc", source: "::1")
        try await place.store.append(played)
        let trail = try await place.store.auditTrail()
        #expect(
            trail.map(\.action) == [
                "recording played", "password changed", "password reset", "account changed", "account created",
            ])
        #expect(trail[0] == played)
        #expect(trail[1].actor == "anna" && trail[2].actor == "boss")
    }
}
