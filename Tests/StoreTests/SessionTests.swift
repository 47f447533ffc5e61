// Log-ins that last, on a clock that the test turns.

import Foundation
import Testing

@testable import Store

@Suite struct SessionTests {
    private func loggedIn() async throws -> (place: TemporaryStore, account: Account, token: String) {
        let place = try TemporaryStore()
        let (account, _) = try await place.store.createAccount(.consultant())
        return (place, account, try await place.store.createSession(account: account.id))
    }

    @Test func `a token opens its session and no other text does`() async throws {
        let (place, account, token) = try await loggedIn()
        let session = try #require(try await place.store.session(token))
        #expect(session.account == account)
        #expect(session.began == place.now && session.endsAt == place.now + 12 * 3_600_000)
        #expect(token.wholeMatch(of: /[0-9a-f]{64}/) != nil)
        for wrong in ["", "x", token.uppercased(), String(token.dropLast()), token + "0"] {
            #expect(try await place.store.session(wrong) == nil)
        }
    }

    @Test func `half an hour unused ends it, and use keeps it open`() async throws {
        let (place, _, token) = try await loggedIn()
        for _ in 0..<5 {
            place.wait(minutes: 29)
            #expect(try await place.store.session(token) != nil)
        }
        place.wait(minutes: 30)
        #expect(try await place.store.session(token) == nil)
    }

    @Test func `twelve hours end it, however much it is used`() async throws {
        let (place, _, token) = try await loggedIn()
        for _ in 0..<35 {
            place.wait(minutes: 20)
            #expect(try await place.store.session(token) != nil)
        }
        place.wait(minutes: 20)
        #expect(try await place.store.session(token) == nil)
    }

    @Test func `logging out ends one session, a new password all of them`() async throws {
        let (place, account, first) = try await loggedIn()
        let second = try await place.store.createSession(account: account.id)
        let third = try await place.store.createSession(account: account.id)
        #expect(Set([first, second, third]).count == 3)
        try await place.store.endSession(first)
        #expect(try await place.store.session(first) == nil)
        #expect(try await place.store.session(second) != nil)
        try await place.store.setPassword("my own password", account: account.id)
        #expect(try await place.store.session(second) == nil)
        #expect(try await place.store.session(third) == nil)
    }

    @Test func `disabling an account ends its sessions at once`() async throws {
        var (place, account, token) = try await loggedIn()
        account.disabled = true
        try await place.store.updateAccount(account)
        #expect(try await place.store.session(token) == nil)
        account.disabled = false
        try await place.store.updateAccount(account)
        #expect(try await place.store.session(token) == nil)
        let other = try await place.store.createSession(account: account.id)
        try await place.store.endSessions(account: account.id)
        #expect(try await place.store.session(other) == nil)
    }

    @Test func `neither tokens nor passwords are in the file`() async throws {
        let (place, account, token) = try await loggedIn()
        let oneTime = try await place.store.resetPassword(account: account.id)
        try await place.store.setPassword("correct horse battery", account: account.id)
        _ = try await place.store.authenticate(name: "anna", password: "correct horse battery", source: "x")
        _ = try await place.store.authenticate(name: "anna", password: "wrong horse battery", source: "x")
        let second = try await place.store.createSession(account: account.id)
        let bytes = try place.bytes()
        #expect(bytes.range(of: Data("anna".utf8)) != nil)
        for secret in [token, second, oneTime, "horse battery"] {
            #expect(bytes.range(of: Data(secret.utf8)) == nil)
            #expect(bytes.range(of: Data((Hex.bytes(secret) ?? Array(secret.utf8)))) == nil)
        }
    }
}
