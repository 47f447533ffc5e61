// Accounts, passwords, guessing.

import Dispatch
import Foundation
import Synchronization
import Testing

@testable import Store

/// How many do something at once.
private final class Gauge: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    func begin() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
    func end() { counts.withLock { $0.now -= 1 } }
    var most: Int { counts.withLock { $0.most } }
}

@Suite struct PasswordTests {
    @Test func `scrypt agrees with the vector of RFC 7914`() throws {
        let salt = Hex.text(Array("SodiumChloride".utf8))
        let key = "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
        let hash = try #require(ScryptHash("$scrypt$ln=14,r=8,p=1$\(salt)$\(key)"))
        #expect(try hash.matches("pleaseletmein"))
        #expect(try !hash.matches("pleaseletmeim"))
    }

    @Test func `the real price: N is 2 to the 17th, r is 8, p is 1, the salt has 16 bytes`() throws {
        let hash = try ScryptHash(password: "correct horse", cost: .owasp)
        #expect(hash.text.hasPrefix("$scrypt$ln=17,r=8,p=1$"))
        #expect(hash.salt.count == 16 && hash.key.count == 32)
        #expect(ScryptHash(hash.text) == hash)
        #expect(try hash.matches("correct horse"))
    }

    @Test(
        arguments: [
            "", "$", "$scrypt$", "$scrypt$ln=17,r=8$aa$bb", "$scrypt$ln=63,r=8,p=1$aa$bb", "$scrypt$ln=17,r=8,p=1$a$bb",
            "$scrypt$ln=17,r=8,p=1$zz$bb", "$argon2$ln=17,r=8,p=1$aa$bb", "$scrypt$ln=17,r=999999,p=1$aa$bb",
            "$scrypt$ln=17,r=8,p=1$é$bb",
        ])
    func `what is not a hash is not read as one`(text: String) {
        #expect(ScryptHash(text) == nil)
    }

    @Test func `the same word in other code points is the same password`() throws {
        let hash = try ScryptHash(password: "ko\u{301}łko", cost: TemporaryStore.cheap)
        #expect(try hash.matches("k\u{F3}łko"))
        #expect(try !hash.matches("kołko"))
    }

    @Test func `right, wrong, unknown, disabled`() async throws {
        let place = try TemporaryStore()
        let store = place.store
        var (account, password) = try await store.createAccount(.consultant())
        #expect(try await store.authenticate(name: " Anna ", password: password, source: "x") == .accepted(account))
        #expect(try await store.authenticate(name: "anna", password: password + "x", source: "x") == .wrong)
        #expect(try await store.authenticate(name: "anna", password: "", source: "x") == .wrong)
        #expect(try await store.authenticate(name: "bartek", password: password, source: "x") == .wrong)
        #expect(try await store.authenticate(name: "anna' OR 1=1 --", password: password, source: "x") == .wrong)
        account.disabled = true
        try await store.updateAccount(account)
        #expect(try await store.authenticate(name: "anna", password: password, source: "x") == .wrong)
    }

    @Test func `an unknown name is hashed like a known one`() async throws {
        let place = try TemporaryStore()
        let gate = DispatchSemaphore(value: 0)
        let jobs = place.store.hashing.width + place.store.hashing.longest
        for _ in 0..<jobs { #expect(place.store.hashing.add { gate.wait() }) }
        await #expect(throws: StoreError.busy) {
            try await place.store.authenticate(name: "nobody", password: "x", source: "x")
        }
        for _ in 0..<jobs { gate.signal() }
    }

    @Test func `no more than two hashes are made at once`() async throws {
        let queue = WorkQueue.passwords()
        let gauge = Gauge()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await queue.run {
                        gauge.begin()
                        for _ in 0..<50 { _ = try ScryptHash(password: "x", cost: TemporaryStore.cheap) }
                        gauge.end()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(gauge.most <= 2)
    }

    @Test func `a one-time password lets in once to choose an own one`() async throws {
        let place = try TemporaryStore()
        let store = place.store
        let (account, oneTime) = try await store.createAccount(.consultant())
        #expect(account.mustChangePassword)
        await #expect(throws: StoreError.passwordTooShort(minimum: 10)) {
            try await store.setPassword("123456789", account: account.id)
        }
        await #expect(throws: StoreError.passwordTooLong(maximum: 200)) {
            try await store.setPassword(String(repeating: "a", count: 201), account: account.id)
        }
        try await store.setPassword("zażółć gęślą", account: account.id)
        #expect(try await store.authenticate(name: "anna", password: oneTime, source: "x") == .wrong)
        guard
            case .accepted(let later) = try await store.authenticate(
                name: "anna", password: "zażółć gęślą", source: "x")
        else {
            Issue.record("the chosen password is not accepted")
            return
        }
        #expect(!later.mustChangePassword)
        let second = try await store.resetPassword(account: account.id, by: "boss")
        #expect(second != oneTime)
        #expect(try await store.account(account.id)?.mustChangePassword == true)
    }

    @Test func `one-time passwords are readable, without look-alikes, and never the same`() throws {
        var seen: Set<String> = []
        var letters: Set<Character> = []
        for _ in 0..<500 {
            let password = try OneTimePassword.make()
            #expect(password.wholeMatch(of: /[a-z2-9]{5}-[a-z2-9]{5}-[a-z2-9]{5}/) != nil)
            seen.insert(password)
            letters.formUnion(password)
        }
        #expect(seen.count == 500)
        #expect(letters.isDisjoint(with: "ilo01"))
        #expect(letters.count == OneTimePassword.letters.count + 1)
    }

    @Test func `ten failures close the door for five minutes, for that name and that source only`() async throws {
        let place = try TemporaryStore()
        let store = place.store
        let (account, password) = try await store.createAccount(.consultant())
        for _ in 0..<10 {
            #expect(try await store.authenticate(name: "anna", password: "guess", source: "10.0.0.9") == .wrong)
        }
        let until = place.now + 300_000
        for _ in 0..<3 {
            #expect(
                try await store.authenticate(name: "anna", password: password, source: "10.0.0.9")
                    == .refused(until: until))
        }
        #expect(
            try await store.authenticate(name: "anna", password: password, source: "10.0.0.1") == .accepted(account))
        place.wait(minutes: 5)
        #expect(
            try await store.authenticate(name: "anna", password: password, source: "10.0.0.9") == .accepted(account))
        let trail = try await store.auditTrail()
        #expect(trail.filter { $0.action == "log in failed" && $0.source == "10.0.0.9" }.count == 10)
        #expect(trail.filter { $0.action == "log in refused" }.count == 1)
    }

    @Test func `guesses made all at once do not slip through`() async throws {
        let place = try TemporaryStore()
        let store = place.store
        _ = try await store.createAccount(.consultant())
        let results = try await withThrowingTaskGroup(of: LoginResult.self) { group in
            for _ in 0..<25 {
                group.addTask { try await store.authenticate(name: "anna", password: "guess", source: "x") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.filter { $0 == .wrong }.count == 10)
    }

    @Test func `failures spread over hours do not close the door`() async throws {
        let place = try TemporaryStore()
        let (account, password) = try await place.store.createAccount(.consultant())
        for _ in 0..<30 {
            #expect(try await place.store.authenticate(name: "anna", password: "guess", source: "x") == .wrong)
            place.wait(minutes: 1)
        }
        #expect(try await place.store.authenticate(name: "anna", password: password, source: "x") == .accepted(account))
    }

    @Test func `made-up names do not fill the memory`() {
        let throttle = LoginThrottle(.passwords)
        for number in 0..<(LoginThrottle.keys + 500) {
            #expect(throttle.begin("name\(number)", "x", now: Int64(number)) == .go)
        }
        #expect(throttle.count == LoginThrottle.keys)
    }

    @Test func `a name typed that is nobody's is not written down`() async throws {
        let place = try TemporaryStore()
        _ = try await place.store.authenticate(name: "my-secret-in-the-wrong-field", password: "x", source: "x")
        #expect(try await place.store.auditTrail().map(\.subject) == [nil])
        #expect(try place.bytes().range(of: Data("wrong-field".utf8)) == nil)
    }
}
