// PINs: which are taken, who proves one, and how guessing is made slow.

import Foundation
import Testing

@testable import Store

@Suite struct PINTests {
    @Test(arguments: [
        "", "12345", "73051", "7305192840613", "73a519", "73 519", "７３０５１９", "-73051",
    ])
    func `what is too short, too long or not of digits is no PIN`(_ typed: String) {
        #expect(throws: PIN.Flaw.notDigits) { try PIN(typed) }
    }

    @Test(arguments: [
        "000000", "111111", "123456", "654321", "012345", "789012", "135791", "112233", "998877", "474747", "121212",
        "123123", "7305173051", "123321", "730037", "110110", "111222",
    ])
    func `what a stranger would try first is no PIN`(_ typed: String) {
        #expect(throws: PIN.Flaw.trivial) { try PIN(typed) }
    }

    @Test(arguments: ["730519", "112358", "314159", "190485", "730519284061"])
    func `other digits are a PIN`(_ typed: String) throws {
        #expect(try PIN(typed).digits == typed)
    }

    private static let pin = "730519"

    /// An administrator who chose a password, and has a PIN.
    private func administrator(_ store: Store, _ name: String = "ewa") async throws -> Account {
        let new = NewAccount(name: name, displayName: "Ewa", role: .administrator)
        let account = try await store.createAccount(new).account
        try await store.setPassword("Zielony-Tramwaj-17", account: account.id)
        try await store.setPIN(try PIN(Self.pin), account: account.id, source: "x")
        return try #require(try await store.account(account.id))
    }

    private func prove(
        _ place: TemporaryStore, _ account: Account, _ pin: String, from source: String = "tel:1"
    ) async throws -> LoginResult {
        try await place.store.authenticate(number: "\(account.id)", pin: pin, source: source)
    }

    @Test func `the right PIN of an administrator is accepted, everything else is wrong`() async throws {
        let place = try TemporaryStore()
        let store = place.store
        let ewa = try await administrator(store)
        #expect(try await prove(place, ewa, Self.pin) == .accepted(ewa))
        #expect(try await prove(place, ewa, "730518") == .wrong)
        #expect(try await prove(place, ewa, Self.pin + "0") == .wrong)
        #expect(try await store.authenticate(number: "99", pin: Self.pin, source: "tel:2") == .wrong)
        #expect(try await store.authenticate(number: "99999999999999999999", pin: "", source: "tel:3") == .wrong)
        try await store.removePIN(account: ewa.id, source: "x")
        #expect(try await prove(place, ewa, Self.pin) == .wrong)
        #expect(try await store.pinState(account: ewa.id).setAt == nil)
    }

    @Test func `who is no administrator any more, or disabled, or has a one-time password is not let in`() async throws
    {
        let place = try TemporaryStore()
        let store = place.store
        _ = try await administrator(store, "adam")
        var ewa = try await administrator(store)
        ewa.role = .supervisor
        try await store.updateAccount(ewa)
        #expect(try await prove(place, ewa, Self.pin, from: "tel:1") == .wrong)
        ewa.role = .administrator
        ewa.disabled = true
        try await store.updateAccount(ewa)
        #expect(try await prove(place, ewa, Self.pin, from: "tel:2") == .wrong)
        ewa.disabled = false
        try await store.updateAccount(ewa)
        _ = try await store.resetPassword(account: ewa.id)
        place.wait(minutes: 24 * 60)
        #expect(try await prove(place, ewa, Self.pin, from: "tel:3") == .wrong)
    }

    @Test func `three wrong PINs lock the account for every caller, each time twice as long, and a new PIN ends it`()
        async throws
    {
        let place = try TemporaryStore()
        let ewa = try await administrator(place.store)
        var caller = 0
        func fail() async throws {
            for _ in 0..<3 {
                caller += 1
                #expect(try await prove(place, ewa, "111", from: "tel:\(caller)") == .wrong)
            }
        }
        for minutes: Int64 in [5, 10, 20] {
            try await fail()
            let until = place.now + minutes * 60_000
            #expect(try await prove(place, ewa, Self.pin, from: "tel:new") == .refused(until: until))
            #expect(try await place.store.pinState(account: ewa.id).lockedUntil == until)
            place.wait(minutes: minutes)
        }
        #expect(try await prove(place, ewa, Self.pin, from: "tel:new") == .accepted(ewa))
        try await fail()
        try await place.store.setPIN(try PIN("902817"), account: ewa.id, source: "x")
        #expect(try await prove(place, ewa, "902817", from: "tel:new") == .accepted(ewa))
    }

    @Test func `three wrong attempts lock a caller for every account`() async throws {
        let place = try TemporaryStore()
        let ewa = try await administrator(place.store)
        for number in 50..<53 {
            #expect(try await place.store.authenticate(number: "\(number)", pin: "1", source: "tel:7") == .wrong)
        }
        #expect(try await prove(place, ewa, Self.pin, from: "tel:7") == .refused(until: place.now + 300_000))
        #expect(try await prove(place, ewa, Self.pin, from: "tel:8") == .accepted(ewa))
        place.wait(minutes: 5)
        #expect(try await prove(place, ewa, Self.pin, from: "tel:7") == .accepted(ewa))
    }

    @Test func `a lock is never longer than a day, and after a quiet day it begins with five minutes again`() {
        let throttle = LoginThrottle(.pins)
        var now: Int64 = 1_790_000_000_000
        var longest: Int64 = 0
        func lock() -> Int64 {
            for _ in 0..<3 { #expect(throttle.begin("1", "", now: now) == .go) }
            guard case .refused(let until, _) = throttle.begin("1", "", now: now) else { return 0 }
            return until - now
        }
        for _ in 0..<12 {
            longest = lock()
            now += longest
        }
        #expect(longest == 86_400_000)
        now += 86_400_000
        #expect(lock() == 300_000)
    }

    @Test func `neither the PIN nor its digits are in the file, and the trail tells what was done`() async throws {
        let place = try TemporaryStore()
        let ewa = try await administrator(place.store)
        _ = try await prove(place, ewa, "730510")
        _ = try await prove(place, ewa, Self.pin)
        #expect(try place.bytes().range(of: Data(Self.pin.utf8)) == nil)
        #expect(try place.bytes().range(of: Data("730510".utf8)) == nil)
        let trail = try await place.store.auditTrail().reversed().suffix(3)
        #expect(trail.map(\.action) == ["PIN set", "PIN failed", "log in by PIN"])
        #expect(trail.allSatisfy { $0.subject == "ewa" })
    }
}
