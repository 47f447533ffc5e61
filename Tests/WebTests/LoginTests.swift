// Logging in and out, passwords, languages.

import Store
import Testing

@testable import Web

@Suite struct LoginTests {
    @Test func `a right password gives a cookie that scripts and other sites cannot use`() async throws {
        let house = try await House.shared.value
        let before = try await house.cookie("supervisor")
        let answer = try await house.post(
            "/login", "name=Supervisor&password=\(House.password.replacing(" ", with: "+"))&next=%2Fboard",
            cookie: before)
        #expect(answer.status == 303)
        #expect(answer.header("location") == "/board")
        let cookie = try #require(answer.header("set-cookie"))
        #expect(cookie.hasPrefix("session="))
        for flag in ["; HttpOnly", "; SameSite=Strict", "; Path=/"] { #expect(cookie.contains(flag)) }
        #expect(!cookie.contains("; Secure"))
        let token = String(cookie.prefix { $0 != ";" })
        #expect(token != before)
        #expect(try await house.get("/board", cookie: token).status == 200)
        // The session that was there before the log-in is over: nobody can have planted it.
        #expect(try await house.get("/board", cookie: before).status == 303)
    }

    @Test func `a wrong password and an unknown name get the same answer`() async throws {
        let house = try await House.shared.value
        let wrong = try await house.post("/login", "name=administrator&password=wrong")
        let unknown = try await house.post("/login", "name=administratox&password=wrong")
        #expect(wrong.status == 401 && unknown.status == 401)
        #expect(wrong.body.replacing("administrator", with: "administratox") == unknown.body)
        #expect(wrong.header("set-cookie") == nil)
    }

    @Test func `over TLS the cookie is secure and bound to the host`() throws {
        let store = try Store(path: temporaryPath())
        let sessions = Sessions(store: store, isSecure: true)
        #expect(sessions.setting("t") == "__Host-session=t; Path=/; HttpOnly; SameSite=Strict; Secure")
        #expect(sessions.removing.contains("Max-Age=0"))
        #expect(sessions.token(cookies: ["a=b; __Host-session=t", "c=d"]) == "t")
        #expect(sessions.token(cookies: ["session=t"]) == nil)
    }

    @Test func `after log-in only a path of ours is opened`() {
        for (asked, opened) in [
            ("/board?x=1", "/board?x=1"), ("", "/"), ("//evil.example", "/"), ("https://evil.example", "/"),
            ("/\\evil.example", "/"), ("/a\r\nSet-Cookie: x=y", "/"), ("/ż", "/"),
        ] {
            #expect(Site.localPath(asked) == opened)
        }
    }

    @Test func `a new password must be long, new and typed twice alike`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("newcomer")
        for body in [
            "current=x&new=short&again=short", "current=x&new=longenough1&again=longenough2",
            "current=samesame12&new=samesame12&again=samesame12", "current=wrong&new=longenough1&again=longenough1",
        ] {
            let answer = try await house.post("/password", body, cookie: cookie)
            #expect(answer.status == 422)
            #expect(answer.body.contains("data-testid=\"problem\""))
        }
        #expect(try await house.get("/consultant", cookie: cookie).header("location") == "/password")
    }

    @Test func `a changed password opens the pages and ends the other sessions`() async throws {
        let house = try await House.shared.value
        let other = try await house.cookie("changer")
        let mine = try await house.cookie("changer")
        let body = "current=\(house.oneTimePasswords["changer"] ?? "")&new=a+brand+new+one&again=a+brand+new+one"
        let answer = try await house.post("/password", body, cookie: mine)
        #expect(answer.status == 303)
        let cookie = String(try #require(answer.header("set-cookie")).prefix { $0 != ";" })
        #expect(try await house.get("/recordings", cookie: cookie).status == 200)
        #expect(try await house.get("/recordings", cookie: other).header("location")?.hasPrefix("/login") == true)
        #expect(try await house.get("/recordings", cookie: mine).header("location")?.hasPrefix("/login") == true)
    }

    @Test func `logging out ends the session`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("supervisor")
        let answer = try await house.post("/logout", "", cookie: cookie)
        #expect(answer.header("location") == "/login")
        #expect(answer.header("set-cookie")?.contains("Max-Age=0") == true)
        #expect(try await house.get("/recordings", cookie: cookie).status == 303)
    }

    @Test func `guessing is slowed down and the page says for how long`() async throws {
        let house = try await House.shared.value
        var answer = try await house.post("/login", "name=guessed&password=0")
        for _ in 0..<30 where answer.status != 429 {
            answer = try await house.post("/login", "name=guessed&password=0")
        }
        #expect(answer.status == 429)
        #expect(Int(answer.header("retry-after") ?? "").map { $0 > 0 } == true)
    }

    @Test func `the language is the reader's choice, then the account's, then the browser's`() {
        #expect(Language.choose(cookie: "en", account: "pl", acceptLanguage: "pl") == .en)
        #expect(Language.choose(cookie: nil, account: "pl", acceptLanguage: "en") == .pl)
        #expect(Language.choose(cookie: "xx", account: nil, acceptLanguage: "de, en-GB;q=0.7, pl;q=0.3") == .en)
        #expect(Language.choose(cookie: nil, account: nil, acceptLanguage: "de") == .pl)
        #expect(Language.choose(cookie: nil, account: nil, acceptLanguage: ";;q=,,=") == .pl)
    }

    @Test func `choosing a language comes back to the page`() async throws {
        let house = try await House.shared.value
        let answer = try await house.post("/language", "language=en&back=/call")
        #expect(answer.header("location") == "/call")
        #expect(answer.header("set-cookie")?.hasPrefix("language=en;") == true)
        #expect(try await house.get("/login", cookie: "language=en").body.contains("<html lang=\"en\">"))
        #expect(try await house.post("/language", "language=xx").status == 400)
    }
}
