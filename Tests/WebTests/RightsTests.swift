// Who may use what: the whole list of routes times every kind of visitor.

import Hummingbird
import Store
import Testing

@testable import Web

@Suite struct RightsTests {
    /// Declared here once more, apart from `Routes`, so that a slip there is noticed.
    static let allowed: [String: Set<String>] = [
        "/": ["consultant", "supervisor", "administrator"], "/consultant": ["consultant"],
        "/board": ["supervisor", "administrator"], "/api/board": ["supervisor", "administrator"],
        "/recordings": ["supervisor"], "/recordings/{contact}/{format}": ["supervisor"],
        "/contacts/{contact}": ["supervisor"], "/followups": ["supervisor"], "/followups/{id}": ["supervisor"],
        "/followups/{id}/send": ["supervisor"],
        "/messages/{id}/{format}": ["supervisor"], "/prompts": ["administrator"],
        "/staff": ["supervisor", "administrator"], "/staff/{account}": ["supervisor", "administrator"],
        "/prompts/script": ["administrator"], "/prompts/sound": ["administrator"], "/prompts/prompt": ["administrator"],
        "/prompts/phone": ["administrator"], "/api/prompts/takes": ["administrator"],
        "/api/prompts/use": ["administrator"],
        "/password": ["consultant", "supervisor", "administrator", "newcomer"],
        "/newhotline": ["administrator"], "/hotlines/{file}/delete": ["administrator"],
        "/hotlines/{file}/back": ["administrator"], "/hotlines": ["administrator"],
        "/hotlines/{file}": ["administrator"],
        "/api/hotlines/{file}": ["administrator"], "/api/hotlines/{file}/{question}": ["administrator"],
        "/api/hotlines/{file}/versions": ["administrator"],
        "/api/hotlines/{file}/versions/{number}": ["administrator"],
    ]
    /// Only sent, never shown.
    static let forms: [String: String] = [
        "/newhotline": "name=..", "/hotlines/{file}/back": "x",
        "/followups/{id}": "done=0", "/followups/{id}/send": "all=",
        "/staff/{account}": "groups=&languages=pl&skills=",
        "/api/hotlines/{file}/{question}": #"{"text":"x"}"#,
        "/api/prompts/takes": "x", "/api/prompts/use": "x",
    ]
    /// What a page is asked for, where it needs more than its path.
    static let queries = [
        "/prompts/script": "?hotline=demo&language=pl", "/prompts/sound": "?hotline=demo&prompt=koniec&language=pl",
        "/prompts/prompt": "?hotline=demo&prompt=koniec&language=pl",
        "/api/prompts/takes": "?hotline=demo&prompt=koniec&language=pl",
    ]
    static let open: Set<String> = [
        "/health", "/assets/bootstrap/**", "/assets/codemirror/**", "/assets/**", "/login", "/logout", "/language",
        "/call",
    ]

    @Test func `every route is declared as open or has its list of roles`() {
        let paths = Set(Route.all(WebConfiguration()).map { $0.path.description })
        #expect(paths == Set(Self.allowed.keys).union(Self.open))
    }

    @Test(arguments: ["nobody", "newcomer", "consultant", "supervisor", "administrator"])
    func `a visitor gets exactly the pages of the role`(_ visitor: String) async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie(visitor)
        for (path, roles) in Self.allowed {
            let real =
                path.replacing("{contact}", with: House.recorded).replacing("{format}", with: "wav")
                .replacing("{id}", with: House.openFollowUp).replacing(
                    "{account}", with: "\(house.accounts["consultant"]?.id ?? 0)"
                ).replacing("{number}", with: "1")
                .replacing("{question}", with: "check").replacing(
                    "{file}", with: Site.percentEncoded(House.hotlineFile)) + (Self.queries[path] ?? "")
            let form = Self.forms[path]
            let answer =
                if let form { try await house.post(real, form, cookie: cookie) } else {
                    try await house.get(real, cookie: cookie)
                }
            let place = answer.header("location") ?? ""
            if roles.contains(visitor) {
                #expect(
                    answer.status == 200 || ["/consultant", "/followups"].contains(place)
                        || (form != nil && [400, 422].contains(answer.status)),
                    "\(visitor) \(path): \(answer.status)")
            } else if path.hasPrefix("/api/") {
                #expect(answer.status == (visitor == "nobody" ? 401 : 403), "\(visitor) \(path)")
                #expect(!answer.body.contains("activeCalls") && !answer.body.contains("digest"))
            } else if visitor == "nobody" {
                #expect(
                    answer.status == 303 && place.hasPrefix(form == nil ? "/login?next=" : "/login"),
                    "\(visitor) \(path)")
            } else if visitor == "newcomer" {
                #expect(answer.status == 303 && place == "/password", "\(visitor) \(path)")
            } else {
                #expect(answer.status == 403, "\(visitor) \(path): \(answer.status)")
            }
        }
    }

    @Test(arguments: [
        "/login", "/logout", "/language", "/password", "/followups/" + House.openFollowUp,
        "/followups/" + House.openFollowUp + "/send",
        "/api/hotlines/\(Site.percentEncoded(House.hotlineFile))/publish",
    ])
    func `nothing is changed for a page of somebody else`(_ path: String) async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie(path.hasPrefix("/api/hotlines") ? "administrator" : "supervisor")
        let foreign = [
            "", "null", "https://evil.example", "http://127.0.0.1:1", "http://127.0.0.1:\(house.port).evil.example",
            "https://127.0.0.1:\(house.port)", "http://localhost:\(house.port)",
        ]
        for origin in foreign {
            let answer = try await house.post(path, "language=en&name=x&password=y", cookie: cookie, origin: origin)
            #expect(answer.status == 403, "\(path) from \(origin)")
            #expect(answer.all("set-cookie").isEmpty)
        }
    }

    @Test func `methods that no page uses are not served`() async throws {
        let house = try await House.shared.value
        for method in ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS"] {
            let answer = try await house.exchange(
                "\(method) /recordings HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            #expect([403, 404, 405].contains(answer.status), "\(method) \(answer.status)")
        }
    }

    @Test func `a made-up or foreign session is nobody`() async throws {
        let house = try await House.shared.value
        for cookie in ["session=", "session=abc", "session=" + String(repeating: "0", count: 64), "session=\u{1}"] {
            #expect(try await house.get("/recordings", cookie: cookie).status != 200)
        }
    }
}
