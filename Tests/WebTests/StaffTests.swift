// Supervisors say who answers what.

import Store
import Testing

@testable import Web

@Suite struct StaffTests {
    private func consultant(_ house: House) async throws -> Account {
        let (account, _) = try await house.store.createAccount(
            NewAccount(name: "staff-\(Int.random(in: 0..<1_000_000))", displayName: "Ala", role: .consultant))
        return account
    }

    @Test func `groups keep their order, skills have levels, and the audit trail knows who said so`() async throws {
        let house = try await House.shared.value
        let account = try await consultant(house)
        let cookie = try await house.cookie("supervisor")
        let answer = try await house.post(
            "/staff/\(account.id)", "groups=visits,+help+,visits&languages=pl,+en&skills=permits+3,+building",
            cookie: cookie)
        #expect(answer.status == 200)
        let changed = try #require(try await house.store.account(account.id))
        #expect(changed.groups == ["visits", "help"])
        #expect(changed.languages == ["pl", "en"])
        #expect(changed.skills == ["permits": 3, "building": 1])
        let page = try await house.get("/staff", cookie: cookie).body
        #expect(page.contains("visits, help") && page.contains("building, permits 3"))
        let entry = try await house.store.auditTrail(limit: 500).first { $0.subject == account.name }
        #expect(entry?.actor == "supervisor")
    }

    @Test(arguments: [
        ("groups=a+b&languages=&skills=", "a b"), ("groups=&languages=klingon&skills=", "klingon"),
        ("groups=&languages=&skills=permits+10", "permits 10"), ("groups=&languages=&skills=permits+0", "permits 0"),
    ])
    func `what cannot be meant is shown again with the reason, and nothing changes`(
        _ form: String, _ named: String
    ) async throws {
        let house = try await House.shared.value
        let account = try await consultant(house)
        let answer = try await house.post(
            "/staff/\(account.id)", form, cookie: try await house.cookie("administrator"))
        #expect(answer.status == 422)
        #expect(answer.body.contains(#"value="\#(named)""#) && answer.body.contains("role=\"alert\""))
        #expect(try await house.store.account(account.id) == account)
    }

    @Test func `only consultants are changed here`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("supervisor")
        let administrator = try #require(house.accounts["administrator"])
        for id in ["\(administrator.id)", "999999", "x"] {
            #expect(try await house.post("/staff/\(id)", "groups=a", cookie: cookie).status == 404)
        }
    }
}
