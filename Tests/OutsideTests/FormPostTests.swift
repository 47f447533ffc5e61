// Messages posted to systems on the web.

import Foundation
import Testing

@testable import Outside

@Suite struct FormPostTests {
    private func post(_ url: String) throws -> FormPost {
        FormPost(
            url: try OutsideURL(url), id: "a-1",
            parts: [
                .init(name: "message", type: "application/json", content: Data(#"{"id":"a-1"}"#.utf8)),
                .init(name: "sound", type: "audio/mpeg", file: "a-1.mp3", content: Data("sound".utf8)),
            ])
    }

    @Test func `a form arrives with its parts and its name, whatever the answer's kind`() async throws {
        let system = try await OutsideSystem { _ in .json("thanks", type: "text/plain", status: "202 Accepted") }
        let client = makeClient()
        #expect(await client.send(try post("http://127.0.0.1:\(system.port)/in?key=x")) == nil)
        let request = try #require(system.requests.first)
        #expect(request.method == "POST" && request.target == "/in?key=x")
        #expect(request.headers["idempotency-key"] == "a-1")
        #expect(request.headers["content-type"] == "multipart/form-data; boundary=centrala-a-1")
        #expect(
            request.body == """
                --centrala-a-1\r
                Content-Disposition: form-data; name="message"\r
                Content-Type: application/json\r
                \r
                {"id":"a-1"}\r
                --centrala-a-1\r
                Content-Disposition: form-data; name="sound"; filename="a-1.mp3"\r
                Content-Type: audio/mpeg\r
                \r
                sound\r
                --centrala-a-1--\r

                """)
        #expect(await client.counters[.asked] == 0)
        await client.shutDown()
        try await system.stop()
    }

    @Test func `a private address, a redirection, an error and silence are told apart`() async throws {
        let refusing = makeClient(allowing: [])
        let system = try await OutsideSystem { request in
            switch request.target {
            case "/moved": .bytes("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
            case "/error": .json("{}", status: "503 Service Unavailable")
            case _: .silence
            }
        }
        let base = "http://127.0.0.1:\(system.port)"
        #expect(await refusing.send(try post(base + "/")) == .addressRefused)
        #expect(system.requests.isEmpty)
        let time = StillTime()
        let client = makeClient(time: time)
        #expect(await client.send(try post(base + "/moved")) == .redirected)
        #expect(await client.send(try post(base + "/error")) == .status(503))
        let sending = Task { await client.send(try post(base + "/silent")) }
        while system.requests.count < 3 { try await Task.sleep(for: .milliseconds(5)) }
        time.reachLimits()
        #expect(try await sending.value == .tooSlow)
        #expect(time.limits.last == FormPost.within)
        await refusing.shutDown()
        await client.shutDown()
        #expect(await client.send(try post(base + "/")) == .stopped)
        try await system.stop()
    }
}
