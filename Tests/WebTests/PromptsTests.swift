// The prompts studio: what its pages show, what it takes and what it refuses.

import Foundation
import Store
import Testing

@testable import Calls
@testable import Web

@Suite(.serialized) struct PromptsTests {
    private static let koniec = "hotline=demo&prompt=koniec&language=en"

    private func send(_ bytes: [UInt8], to place: String, _ house: House) async throws -> Answer {
        let head =
            "POST /api/prompts/takes?\(place) HTTP/1.1\r\nHost: 127.0.0.1:\(house.port)\r\nConnection: close\r\n"
            + "Cookie: \(try await house.cookie("administrator")); language=en\r\nOrigin: \(house.origin)\r\n"
            + "Content-Length: \(bytes.count)\r\n\r\n"
        return try await house.exchange(Array(head.utf8) + bytes)
    }

    /// A second of a tone that swells five times, 16 kHz, with a second of silence on either side.
    private static let wav: [UInt8] = {
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        let samples = (0..<48_000).map { index -> Int16 in
            guard (16_000..<32_000).contains(index) else { return 0 }
            let swell = abs(sin(.pi * Double(index) / 3_200))
            return Int16(3_000 * swell * sin(2 * .pi * 300 * Double(index) / 16_000))
        }
        return Array("RIFF".utf8) + bytes(UInt32(96_036)) + Array("WAVEfmt ".utf8) + bytes(UInt32(16))
            + bytes(UInt16(1)) + bytes(UInt16(1)) + bytes(UInt32(16_000)) + bytes(UInt32(32_000)) + bytes(UInt16(2))
            + bytes(UInt16(16)) + Array("data".utf8) + bytes(UInt32(96_000)) + samples.flatMap { bytes($0) }
    }()

    @Test func `the list shows each prompt in each language, escaped, and filters`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("administrator")
        let all = try await house.get("/prompts", cookie: cookie).body
        #expect(all.components(separatedBy: "data-testid=\"prompt\"").count - 1 == 4)
        #expect(!all.contains("<script>alert") && all.contains("&lt;script&gt;"))
        #expect(all.contains("{ahead}"))
        #expect(all.contains("data-queue=\"kolejka\" data-state=\"built-in\""))
        let music = try await house.get("/prompts/sound?hotline=demo&queue=kolejka", cookie: cookie)
        #expect(music.status == 200 && music.header("content-type") == "audio/wav")
        #expect(try await house.get("/prompts/sound?hotline=demo&queue=inna", cookie: cookie).status == 404)
        let missing = try await house.get("/prompts?show=missing", cookie: cookie).body
        #expect(missing.contains("data-prompt=\"tylko\" data-language=\"en\" data-state=\"missing\""))
        #expect(!missing.contains("data-prompt=\"koniec\""))
        let odd = try await house.get("/prompts?show=%00nonsense", cookie: cookie)
        #expect(odd.status == 200 && odd.body.contains("data-prompt=\"koniec\""))
    }

    @Test func `a recording becomes a take that is heard when it is used, and its page says so`() async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("administrator")
        let answer = try await send(Self.wav, to: Self.koniec, house)
        #expect(answer.status == 201, "\(answer.body)")
        let page = "/prompts/prompt?" + Self.koniec
        #expect(try await house.get(page, cookie: cookie).body.contains("data-take=\"1\">"))
        for original in ["", "&original=1"] {
            let sound = try await house.get("/prompts/sound?\(Self.koniec)&take=1\(original)", cookie: cookie)
            #expect(sound.status == 200 && sound.header("content-type") == "audio/wav")
        }
        let used = try await house.post("/prompts/prompt", Self.koniec + "&action=use&take=1", cookie: cookie)
        // The reload of this house refuses: the page says that callers do not hear it yet.
        #expect(used.status == 200 && used.body.contains("role=\"alert\""))
        #expect(try await house.get(page, cookie: cookie).body.contains("data-take=\"1\" data-current=\"true\""))
        let deleted = try await house.post("/prompts/prompt", Self.koniec + "&action=delete&take=1", cookie: cookie)
        #expect(deleted.status == 200 && deleted.body.contains("role=\"alert\""))
        let stopped = try await house.post("/prompts/prompt", Self.koniec + "&action=stop", cookie: cookie)
        #expect(stopped.status == 200)
        let gone = try await house.post("/prompts/prompt", Self.koniec + "&action=delete&take=1", cookie: cookie)
        #expect(gone.status == 303)
        #expect(try await house.get("/prompts/sound?\(Self.koniec)&take=1", cookie: cookie).status == 404)
        let actions = try await house.store.auditTrail(limit: 1_000).map(\.action)
        for action in ["prompt recorded", "prompt recording used", "prompt recording deleted"] {
            #expect(actions.contains(action), "\(action)")
        }
    }

    @Test func `what cannot be used is refused with a sentence`() async throws {
        let house = try await House.shared.value
        for (bytes, words) in [
            ([UInt8]("ID3 not a wave".utf8), "not a WAV file"), (Array(Self.wav.prefix(5_000)), "not complete"),
            (Self.wav.map { _ in 0 }, "not a WAV file"),
        ] {
            let answer = try await send(bytes, to: Self.koniec, house)
            #expect(answer.status == 422 && answer.body.contains(words), "\(answer.body)")
        }
        let inserted = try await send(Self.wav, to: "hotline=demo&prompt=tylko&language=pl", house)
        #expect(inserted.status == 422 && inserted.body.contains("cannot be recorded"))
    }

    @Test(arguments: [
        "", "hotline=demo", "hotline=demo&prompt=koniec&language=de", "hotline=..&prompt=koniec&language=pl",
        "hotline=demo&prompt=..%2F..&language=pl", "hotline=demo&prompt=koniec%00&language=pl",
    ])
    func `prompts that no hotline has are not found`(_ query: String) async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("administrator")
        for path in ["/prompts/prompt", "/prompts/sound"] {
            #expect(try await house.get("\(path)?\(query)", cookie: cookie).status == 404, "\(path)")
        }
        #expect(try await send(Self.wav, to: query, house).status == 404)
        #expect(try await house.post("/prompts/prompt", query + "&action=stop", cookie: cookie).status == 404)
    }

    @Test(arguments: ["0", "-1", "99999999999999999999", "1%2F..", "x"])
    func `takes that are not there are not found`(_ take: String) async throws {
        let house = try await House.shared.value
        let cookie = try await house.cookie("administrator")
        let place = "hotline=demo&prompt=koniec&language=pl&take=\(take)"
        #expect(try await house.get("/prompts/sound?\(place)", cookie: cookie).status == 404)
        #expect(try await house.post("/prompts/prompt", place + "&action=use", cookie: cookie).status != 303)
    }

    @Test func `a file is matched by the name that the script gives it, and several takes are used at once`()
        async throws
    {
        let house = try await House.shared.value
        let named = try await send(Self.wav, to: "file=DEMO-pl-koniec.wav", house)
        #expect(named.status == 201 && named.body.contains("prompt=koniec&language=pl&take="), "\(named.body)")
        for name in ["koniec.wav", "demo-de-koniec.wav", "..%2Fdemo-pl-koniec.wav"] {
            let answer = try await send(Self.wav, to: "file=\(name)", house)
            #expect(answer.status == 422 && answer.body.contains("No prompt"), "\(answer.body)")
        }
        let cookie = try await house.cookie("administrator")
        for body in ["", "{}", "[1]", #"["take=x"]"#] {
            #expect(try await house.post("/api/prompts/use", body, cookie: cookie).status == 400)
        }
        let unknown = #"["hotline=demo&prompt=koniec&language=pl&take=77"]"#
        #expect(try await house.post("/api/prompts/use", unknown, cookie: cookie).status == 422)
        #expect(try await house.post("/api/prompts/use", #"["take=1"]"#, cookie: cookie).status == 404)
    }

    @Test func `there is a sentence for each reason`() throws {
        let texts = try Texts(directory: WebServer.resources(WebConfiguration()) + "/texts")
        for kind in StudioProblem.Kind.allCases { #expect(texts.all(.en)["studio_" + kind.rawValue] != nil, "\(kind)") }
        for state in StudioPrompt.State.allCases {
            #expect(texts.all(.en)["prompts_state_" + state.rawValue] != nil)
            #expect(texts.all(.en)["prompts_filter_" + state.rawValue] != nil)
        }
    }
}
