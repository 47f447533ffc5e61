// Pages: headers, escaping, paths, ranges, limits.

import Foundation
import Store
import Testing

@testable import Web

/// A path for a store of one test.
func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("web-\(UUID().uuidString)/store.sqlite").path
}

@Suite struct PageTests {
    static let pages = [
        "/login", "/call", "/health", "/recordings", "/board", "/api/board", "/contacts/" + House.recorded, "/nothing",
        "/assets/app.css", "/assets/none.css", "/recordings/" + House.recorded + "/wav",
        "/followups", "/messages/" + House.recorded + "-1/wav",
    ]

    @Test(arguments: pages)
    func `every answer carries the security headers`(_ path: String) async throws {
        let house = try await House.shared.value
        let answer = try await house.get(path, cookie: try await house.cookie("supervisor"))
        let policy = try #require(answer.header("content-security-policy"))
        #expect(policy.contains("default-src 'self'") && policy.contains("script-src 'self'"))
        #expect(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"))
        #expect(answer.header("x-content-type-options") == "nosniff")
        #expect(answer.header("referrer-policy") == "same-origin")
        #expect(answer.header("cache-control") != nil)
        #expect(answer.header("server") == nil)
    }

    @Test(arguments: pages)
    func `no page holds inline script or style`(_ path: String) async throws {
        let house = try await House.shared.value
        let body = try await house.get(path, cookie: try await house.cookie("supervisor")).body
        #expect(!body.contains("<script>") && !body.contains("<style") && !body.contains(" style=\""))
        #expect(body.firstMatch(of: #/\son[a-z]+="/#) == nil)
    }

    @Test(arguments: ["/recordings", "/contacts/" + House.hostile, "/", "/call", "/login?next=%22%3E%3Cscript%3E"])
    func `what callers and accounts are called cannot become markup`(_ path: String) async throws {
        let house = try await House.shared.value
        let answer = try await house.get(
            path, cookie: path.hasPrefix("/login") ? "" : try await house.cookie("supervisor"))
        #expect(answer.status == 200)
        #expect(!answer.body.contains("<script>alert") && !answer.body.contains("\"><script>"))
        if path != "/login?next=%22%3E%3Cscript%3E" { #expect(answer.body.contains("&lt;script&gt;alert(")) }
    }

    @Test(arguments: [
        "..", "../", "%2e%2e", "%2e%2e%2f", "..%2f", "..%5c", "%252e%252e%252f", "....//", "..;/", ".%00.", "./", "//",
        "%c0%ae%c0%ae/", "/etc/passwd", "\\..\\", "js/../../templates",
    ])
    func `no path leads out of the assets`(_ piece: String) async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("supervisor")
        for end in ["login.mustache", "texts/pl.json", "templates/login.mustache", "etc/passwd", "app.css"] {
            for start in ["/assets/", "/assets/bootstrap/", "/assets/js/", "/recordings/", "/contacts/"] {
                let answer = try await house.get(start + piece + "/" + end, cookie: cookie)
                #expect([303, 400, 404].contains(answer.status), "\(start)\(piece)/\(end): \(answer.status)")
                #expect(!answer.body.contains("root:") && !answer.body.contains("{{t."))
            }
        }
    }

    @Test func `only contact ids and two formats name a recording`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("supervisor")
        for path in [
            "/recordings/\(House.recorded)/flac", "/recordings/\(House.recorded)/wav%00", "/recordings/x/wav",
            "/recordings/\(House.recorded.uppercased())/wav", "/recordings/\(House.hostile)/wav", "/contacts/..",
            "/contacts/\(String(repeating: "a", count: 65))",
        ] {
            #expect(try await house.get(path, cookie: cookie).status == 404, "\(path)")
        }
    }

    @Test func `a recording can be sought in, and playing it is written down once`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("supervisor")
        let path = "/recordings/\(House.sought)/wav"
        let count = { try await house.store.auditTrail(limit: 1000).count { $0.subject == House.sought } }
        let before = try await count()
        let whole = try await house.get(path, cookie: cookie)
        #expect(whole.status == 200 && whole.header("content-length") == "1000")
        #expect(whole.header("accept-ranges") == "bytes")
        #expect(try await count() == before + 1)
        let part = try await house.get(path, cookie: cookie, headers: "Range: bytes=10-19\r\n")
        #expect(part.status == 206 && part.header("content-range") == "bytes 10-19/1000")
        #expect(Array(part.body.utf8) == Array(10...19))
        let tail = try await house.get(path, cookie: cookie, headers: "Range: bytes=-5\r\n")
        #expect(tail.status == 206 && tail.header("content-range") == "bytes 995-999/1000")
        let beyond = try await house.get(path, cookie: cookie, headers: "Range: bytes=1000-\r\n")
        #expect(beyond.status == 416 && beyond.header("content-range") == "bytes */1000")
        #expect(try await count() == before + 1)
        let download = try await house.get(path + "?download=1", cookie: cookie)
        #expect(download.header("content-disposition") == "attachment; filename=\"\(House.sought).wav\"")
        let latest = try await house.store.auditTrail(limit: 1000).first { $0.subject == House.sought }
        #expect(latest?.action == "recording downloaded")
    }

    @Test func `ranges are read as RFC 9110 says`() {
        let cases: [(String?, Int, FileSlice.Range)] = [
            (nil, 10, .whole), ("bytes=0-", 10, .part(0...9)), ("bytes=9-99", 10, .part(9...9)),
            ("bytes=10-", 10, .unsatisfiable), ("bytes=-3", 10, .part(7...9)), ("bytes=-99", 10, .part(0...9)),
            ("bytes=-0", 10, .unsatisfiable), ("bytes=5-4", 10, .whole), ("bytes=0-1,3-4", 10, .whole),
            ("bytes=a-b", 10, .whole), ("bytes=-", 10, .whole), ("lines=0-1", 10, .whole),
            ("bytes=0-0", 0, .unsatisfiable),
            ("bytes=99999999999999999999-", 10, .whole), ("bytes=+1-2", 10, .whole),
        ]
        for (header, size, expected) in cases {
            #expect(FileSlice.range(header, size: size) == expected, "\(header ?? "nil")")
        }
    }

    @Test func `a contact's timeline has the summary of its sound, not the figures of every five seconds`() async throws
    {
        let house = try await House.shared.value
        let body = try await house.get(
            "/contacts/\(House.recorded)", cookie: try await house.cookie("supervisor")
        ).body
        #expect(body.contains("0.4 %") && !body.contains("4.321"))
        #expect(!body.contains("qualitySummary") && !body.contains("detail_"), "in words")
    }

    @Test func `a search keeps its words in the form and finds by number`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("supervisor")
        let found = try await house.get("/recordings?number=%2B48+601&recorded=1", cookie: cookie)
        #expect(found.body.contains("data-contact=\"\(House.recorded)\"") && found.body.contains("value=\"+48 601\""))
        let none = try await house.get("/recordings?number=999999", cookie: cookie)
        #expect(none.body.contains("data-testid=\"empty\""))
        let bad = try await house.get("/recordings?from=2026-02-31", cookie: cookie)
        #expect(bad.status == 200 && bad.body.contains("role=\"alert\""))
    }

    @Test func `messages are listed, can be played, and leave the list when they are done`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("supervisor")
        let id = House.recorded + "-1"
        let open = try await house.get("/followups", cookie: cookie)
        #expect(open.body.contains("data-id=\"\(id)\"") && open.body.contains("+48601234567"))
        #expect(!open.body.contains("<script>alert"), "a mailbox's name is text")
        #expect(try await house.get("/messages/\(id)/wav", cookie: cookie).status == 200)
        for path in [
            "/messages/\(id)/flac", "/messages/\(House.recorded)-2/wav", "/messages/..-1/wav", "/messages/x/wav",
        ] {
            #expect(try await house.get(path, cookie: cookie).status == 404)
        }
        #expect(try await house.post("/followups/\(id)", "done=1", cookie: cookie).header("location") == "/followups")
        #expect(!(try await house.get("/followups", cookie: cookie)).body.contains("data-id=\"\(id)\""))
        let all = try await house.get("/followups?all=1", cookie: cookie).body
        #expect(all.contains("data-id=\"\(id)\"") && !all.contains("followups_"))
        #expect(try await house.post("/followups/\(id)", "done=0&all=1", cookie: cookie).status == 303)
        #expect(try await house.get("/followups", cookie: cookie).body.contains("data-id=\"\(id)\""))
        #expect(try await house.post("/followups/\(id)x", "done=1", cookie: cookie).status == 404)
        #expect(try await house.post("/followups/\(House.recorded)-7", "done=1", cookie: cookie).status == 404)
    }

    @Test func `a message that could not be sent says why, and can be sent again`() async throws {
        let house = try await House.shared.value
        let contact = String(repeating: "d4", count: 16)
        let detail = [
            "id": contact + "-1", "mailbox": "poczta", "path": "m.cjr", "duration": "7000",
            "sendTo": "https://crm.example.org/in?key=secret", "sendTitle": "Demo", "sendZone": "Europe/Warsaw",
            "sendLanguage": "pl",
        ]
        try await house.store.append([
            Fact(contact: contact, at: 1, kind: .received, detail: ["caller": "+48601234567", "called": "1"]),
            Fact(contact: contact, at: 2, kind: .messageReady, detail: detail),
        ])
        let cookie = try await house.cookie("supervisor")
        let id = contact + "-1"
        func row() async throws -> String {
            let body = try await house.get("/followups?all=1", cookie: cookie).body
            return String(try #require(body.split(separator: "<tr").first { $0.contains("data-id=\"\(id)\"") }))
        }
        #expect(try await row().contains("data-state=\"waiting\""))
        try await house.store.note(delivery: id, .failed(reason: "status", status: 503), at: 3)
        let failed = try await row()
        #expect(
            failed.contains("data-state=\"failed\"") && failed.contains("crm.example.org") && failed.contains("(503)"))
        #expect(failed.contains("data-testid=\"again\"") && !failed.contains("secret"))
        let story = try await house.get("/contacts/" + contact, cookie: cookie).body
        #expect(story.contains("poczta") && !story.contains("secret"))
        #expect(
            try await house.post("/followups/\(id)/send", "all=1", cookie: cookie).header("location")
                == "/followups?all=1")
        #expect(try await house.store.followUp(id)?.delivery?.state == .waiting)
        #expect(try await house.post("/followups/\(contact)-2/send", "", cookie: cookie).status == 404)
    }

    @Test func `unchanged files are not sent again`() async throws {
        let house = try await House.shared.value
        let first = try await house.get("/assets/app.css")
        let tag = try #require(first.header("etag"))
        #expect(first.header("content-type") == "text/css; charset=utf-8")
        #expect(try await house.get("/assets/app.css", headers: "If-None-Match: \(tag)\r\n").status == 304)
    }

    @Test func `a request that asks for another protocol is answered as a page`() async throws {
        let house = try await House.shared.value
        for wanted in ["h2c", "websocket", "TLS/1.0"] {
            let answer = try await house.get("/login", headers: "Upgrade: \(wanted)\r\n")
            #expect(answer.status == 200, "\(wanted)")
        }
    }

    @Test func `too much of anything is refused`() async throws {
        let house = try await House.shared.value
        let long = String(repeating: "x", count: 20_000)
        #expect(try await house.get("/login", headers: "X-Long: \(long)\r\n").status != 200)
        #expect(try await house.get("/" + long).status != 200)
        #expect(try await house.post("/login", "name=" + long).status == 413)
        let many = (0..<200).map { "X-\($0): y\r\n" }.joined()
        #expect(try await house.get("/login", headers: many).status != 200)
    }

    @Test func `a form is read as browsers write it`() {
        let form = Form(parsing: "a=1+2&b=%2B48%20&c&a=second&%C5%BC=%C5%82&bad=%zz%4&=x")
        #expect(form["a"] == "1 2" && form["b"] == "+48" && form.exact("b") == "+48 ")
        #expect(form["c"] == "" && form["ż"] == "ł" && form["bad"] == "%zz%4" && form["none"] == "")
    }

    @Test func `days begin and end at midnight of the server's zone`() throws {
        let moments = Moments(zone: try #require(TimeZone(identifier: "Europe/Warsaw")))
        let start = try #require(moments.dayStart("2026-10-25"))
        #expect(moments.minute(start) == "2026-10-25 00:00")
        // The night on which clocks go back: this day has 25 hours.
        #expect(try #require(moments.dayStart("2026-10-25", plusDays: 1)) - start == 25 * 3_600_000)
        for bad in ["", "2026", "2026-13-01", "2026-02-30", "x-y-z", "99999999999999999999-1-1"] {
            #expect(moments.dayStart(bad) == nil)
        }
    }
}
