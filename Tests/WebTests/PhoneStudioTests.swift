// The page "Record by telephone": a PIN is set with the password, changed, refused and removed.

import Foundation
import Store
import Testing

@testable import Web

@Suite(.serialized) struct PhoneStudioTests {
    private func set(
        _ pin: String, again: String? = nil, password: String = House.password, _ house: House
    ) async throws -> Answer {
        try await house.post(
            "/prompts/phone",
            "action=set&pin=\(pin)&again=\(again ?? pin)&current=\(password.replacing(" ", with: "+"))",
            cookie: try await house.cookie("administrator"))
    }

    @Test func `a PIN is set with the password, shown as set, and removed`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("administrator")
        let own = try #require(house.accounts["administrator"]).id
        let before = try await house.get("/prompts/phone", cookie: cookie)
        #expect(before.status == 200 && before.body.contains("data-testid=\"own-number\"><strong>\(own)</strong>"))
        #expect(before.body.contains("data-testid=\"service-number\"><strong>8299</strong>"))
        #expect(!before.body.contains("data-testid=\"remove\""))
        let done = try await set("730519", house)
        #expect(done.status == 303 && done.header("location") == "/prompts/phone?done=set")
        let after = try await house.get("/prompts/phone?done=set", cookie: cookie).body
        #expect(after.contains("data-testid=\"notice\"") && after.contains("data-testid=\"remove\""))
        #expect(!after.contains("730519"))
        #expect(try await house.store.pinState(account: own).setAt != nil)
        let removed = try await house.post("/prompts/phone", "action=remove", cookie: cookie)
        #expect(removed.status == 303)
        #expect(try await house.store.pinState(account: own).setAt == nil)
        #expect(try await house.post("/prompts/phone", "action=other", cookie: cookie).status == 400)
    }

    @Test(arguments: [
        ("12345", "12345", House.password), ("123456", "123456", House.password), ("730519", "730518", House.password),
        ("730519", "730519", "not-the-password"), ("", "", House.password),
    ])
    func `what cannot be a PIN, or comes without the password, is refused with a sentence`(
        _ pin: String, _ again: String, _ password: String
    ) async throws {
        let house = try await House.shared.value
        let answer = try await set(pin, again: again, password: password, house)
        #expect(answer.status == 422 && answer.body.contains("data-testid=\"problem\""))
        #expect(!answer.body.contains("value=\"\(pin)\"") || pin.isEmpty)
        let own = try #require(house.accounts["administrator"]).id
        #expect(try await house.store.pinState(account: own).setAt == nil)
    }

    @Test func `prompts show the number by which the telephone knows them`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("administrator")
        let list = try await house.get("/prompts", cookie: cookie).body
        #expect(list.contains("data-testid=\"phone-number\">1</td>"))
        let prompt = try await house.get("/prompts/prompt?hotline=demo&prompt=koniec&language=en", cookie: cookie).body
        #expect(prompt.contains("data-testid=\"by-phone\"") && prompt.contains("8299"))
        let inserted = try await house.get("/prompts/prompt?hotline=demo&prompt=tylko&language=pl", cookie: cookie).body
        #expect(!inserted.contains("data-testid=\"by-phone\""))
    }
}
