// The editor of hotlines: what its script asks for and what it is told.

import Foundation
import Store
import Testing

@testable import Web

@Suite(.serialized) struct EditorTests {
    private let api = "/api/hotlines/" + Site.percentEncoded(House.hotlineFile)

    private func body(_ fields: [String: Any]) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: fields), as: UTF8.self)
    }

    private func json(_ answer: Answer) throws -> [String: Any] {
        // A long answer comes in pieces (RFC 9112 §7.1); these are short enough to come in one.
        try #require(try JSONSerialization.jsonObject(with: Data(answer.body.utf8)) as? [String: Any])
    }

    private func ask(_ question: String, _ fields: [String: Any]) async throws -> Answer {
        let house = try await House.shared.value
        return try await house.post(
            api + question, try body(fields), cookie: try await house.cookie("administrator"))
    }

    private func open() async throws -> [String: Any] {
        let house = try await House.shared.value
        return try json(try await house.get(api, cookie: try await house.cookie("administrator")))
    }

    @Test func `the list leads to each file's editor, whose page holds neither text nor markup of it`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("administrator")
        let list = try await house.get("/hotlines", cookie: cookie)
        let path = "/hotlines/" + Site.percentEncoded(House.hotlineFile)
        #expect(list.status == 200 && list.body.contains("href=\"\(path)\""))
        let page = try await house.get(path, cookie: cookie)
        #expect(page.status == 200 && page.body.contains("data-api=\"\(api)\""))
        for body in [list.body, page.body] {
            #expect(!body.contains("<script>") && !body.contains("<style") && !body.contains(" style=\""))
            #expect(!body.contains("hotline_") && !body.contains("hotlines_"), "every text is there")
        }
    }

    @Test func `other names are no files`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("administrator")
        for name in ["none.yaml", "..", "%2e%2e%2fstore.sqlite", ".hidden.yaml", "pr%C3%B3ba%201.yaml%00"] {
            #expect([303, 404].contains(try await house.get("/hotlines/" + name, cookie: cookie).status), "\(name)")
            #expect(try await house.get("/api/hotlines/" + name, cookie: cookie).status == 404, "\(name)")
        }
        #expect(try await ask("/nothing", ["text": ""]).status == 404)
        let versions = try await house.get(api + "/versions/999", cookie: cookie)
        #expect(versions.status == 404)
    }

    @Test func `findings name line, place and code`() async throws {
        let text = House.hotline.replacing("start: koniec", with: "start:   koniez")
        let answer = try json(try await ask("/check", ["text": text]))
        #expect(answer["errors"] as? Int == 1)
        let finding = try #require((answer["findings"] as? [[String: Any]])?.first)
        #expect(finding["line"] as? Int == 7 && finding["from"] as? Int == 9 && finding["to"] as? Int == 15)
        #expect(finding["code"] as? String == "E010" && finding["severity"] as? String == "error")
        #expect((finding["hint"] as? String)?.contains("koniec") == true)
    }

    @Test func `tests, picture and difference are told of a text, and that one with errors has none`() async throws {
        let text = House.hotline.replacing("Dzień dobry.", with: "Witamy.")
        let tested = try json(try await ask("/tests", ["text": text]))
        #expect((tested["results"] as? [[String: Any]])?.first?["hasPassed"] as? Bool == true)
        let drawn = try json(try await ask("/picture", ["text": text, "traffic": true]))
        let svg = try #require(drawn["svg"] as? String)
        #expect(svg.hasPrefix("<svg ") && !svg.contains("<script>"), "a title is text")
        let difference = try json(try await ask("/difference", ["text": text]))
        #expect((difference["sentences"] as? [String])?.count == 1)
        #expect(
            (difference["lines"] as? [[String: Any]])?.contains { $0["kind"] as? String == "added" } == true)

        let broken = House.hotline.replacing("hangup", with: "hangupp")
        #expect(try await ask("/tests", ["text": broken]).body == "null")
        #expect(try json(try await ask("/picture", ["text": broken]))["svg"] == nil)
        #expect(try json(try await ask("/difference", ["text": broken]))["sentences"] == nil)
    }

    @Test func `publishing names the text that it began with; a conflict shows the other one`() async throws {
        let house = try await House.shared.value
        let began = try await open()
        let base = try #require(began["digest"] as? String)
        let mine = House.hotline.replacing("Dzień dobry.", with: "Witamy.")
        let published = try await ask("/publish", ["text": mine, "base": base, "note": " nowe \n powitanie "])
        #expect(published.status == 200)
        #expect((try json(published)["report"] as? String)?.contains("Witamy") == true)
        let now = try await open()
        #expect(now["text"] as? String == mine && now["digest"] as? String == textDigest(mine))
        #expect(try json(published)["digest"] as? String == textDigest(mine))
        let version = try #require(try await house.store.versions(of: House.hotlineFile).first)
        #expect(version.by == "administrator" && version.note == "nowe powitanie")
        let trail = try await house.store.auditTrail(limit: 1000).first { $0.action == "hotline published" }
        #expect(trail?.actor == "administrator" && trail?.subject == House.hotlineFile)

        let late = try await ask("/publish", ["text": House.hotline, "base": base])
        #expect(late.status == 409)
        let conflict = try json(late)
        #expect(conflict["text"] as? String == mine && conflict["digest"] as? String == textDigest(mine))
        #expect((conflict["difference"] as? [String: Any])?["lines"] != nil)
        #expect(try await open()["text"] as? String == mine, "nothing is overwritten")

        let back = try await ask("/publish", ["text": House.hotline, "base": textDigest(mine)])
        #expect(back.status == 200)
        #expect(try await open()["text"] as? String == House.hotline)
    }

    @Test func `what cannot be published changes nothing and says why`() async throws {
        let base = try #require(try await open()["digest"] as? String)
        let broken = House.hotline.replacing("hangup", with: "hangupp")
        let refused = try await ask("/publish", ["text": broken, "base": base])
        #expect(refused.status == 422)
        #expect((try json(refused)["findings"] as? [[String: Any]])?.isEmpty == false)
        let forbidden = try await ask("/publish", ["text": House.hotline + "# x\n", "base": base, "note": "no rights"])
        #expect(forbidden.status == 403)
        #expect(try json(forbidden)["reason"] as? String == "Permission denied")
        #expect(try await ask("/publish", ["text": House.hotline]).status == 400, "nothing is named to begin with")
        #expect(try await open()["text"] as? String == House.hotline)
    }

    private func send(_ path: String, _ form: String) async throws -> Answer {
        let house = try await House.shared.value
        return try await house.post(path, form, cookie: try await house.cookie("administrator"))
    }

    @Test func `a hotline is made by a form that keeps what was entered when it cannot be`() async throws {
        let house = try await House.shared.value
        let made = try await send("/newhotline", "name=nowa&number=8500&model=")
        #expect(made.status == 303 && made.header("location") == "/hotlines/nowa.yaml")
        let trail = try await house.store.auditTrail(limit: 1000).first { $0.action == "hotline created" }
        #expect(trail?.actor == "administrator" && trail?.subject == "nowa.yaml")
        for (form, words) in [
            ("name=taka&number=8001", "Jest już plik"), ("name=..%2Fx&number=8500", "Ta nazwa się nie nadaje"),
        ] {
            let refused = try await send("/newhotline", form)
            #expect(refused.status == 422 && refused.body.contains(words), "\(form)")
        }
        #expect(try await send("/newhotline", "name=x&number=8500&model=none.yaml").status == 404)
        let kept = try await send("/newhotline", "name=taka&number=%22%3E8001").body
        #expect(kept.contains("value=\"taka\"") && kept.contains("value=\"&quot;&gt;8001\""))
    }

    @Test func `a hotline is deleted with a reason, not when it changed and not when it is the last`() async throws {
        let path = "/hotlines/" + Site.percentEncoded(House.hotlineFile) + "/delete"
        let house = try await House.shared.value
        let asked = try await house.get(path, cookie: try await house.cookie("administrator"))
        #expect(
            asked.status == 200 && !asked.body.contains("role=\"alert\"") && asked.body.contains("name=\"digest\"")
                && asked.body.contains("action=\"\(path)\""))
        let digest = textDigest(House.hotline)
        for (form, words) in [
            ("digest=\(digest)&reason=+", "Podaj powód"), ("digest=\(digest)&reason=x", "To jedyna infolinia"),
            ("digest=old&reason=x", "zmieniono w międzyczasie"),
        ] {
            let refused = try await send(path, form)
            #expect(refused.status == 422 && refused.body.contains(words), "\(form)")
        }
        #expect(try await send("/hotlines/none.yaml/delete", "digest=x&reason=").status == 404)
        let back = try await send("/hotlines/none.yaml/back", "")
        #expect(back.status == 422 && back.body.contains("nie ma wśród usuniętych"))
    }

    @Test func `the list tells how many calls each version has`() async throws {
        let house = try await House.shared.value
        let list = try await house.get("/hotlines", cookie: try await house.cookie("administrator"))
        #expect(list.body.contains("data-testid=\"calls\">3 ("))
        #expect(!list.body.contains("role=\"alert\""))
    }

    @Test func `too much, and what is no question, is refused`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("administrator")
        #expect(try await house.post(api + "/check", "not json", cookie: cookie).status == 400)
        #expect(try await house.post(api + "/check", "{}", cookie: cookie).status == 400)
        let long = String(repeating: "# x\n", count: 300_000)
        #expect(try await ask("/check", ["text": long]).status == 413)
        let longer = String(repeating: "x", count: 3_000_000)
        #expect(try await house.post(api + "/check", longer, cookie: cookie).status == 413)
        #expect(try json(try await ask("/check", ["text": "&a [*a, *a]"]))["errors"] as? Int != 0)
    }
}
