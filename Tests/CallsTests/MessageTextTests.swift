// What is written with a message that is sent.

import Foundation
import Store
import TestTools
import Testing

@testable import Calls

@Suite struct MessageTextTests {
    /// 2026-07-01 12:30 in Warsaw, left in Polish by default.
    private func text(
        number: String? = "+48600100200", title: String = "Łąka", zone: String = "Europe/Warsaw",
        language: String = "pl",
        hasSound: Bool = true, pages: String? = "https://h.example.org"
    ) async throws -> MessageText {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.path + "/s.sqlite")
        let detail = [
            "id": "aaaaaaaa-1", "mailbox": "fbc", "hotline": "h", "language": "pl", "path": "x", "duration": "65900",
            "sendTo": "a@example.org", "sendTitle": title, "sendZone": zone, "sendLanguage": language,
        ]
        var received: [String: String] = [:]
        received["caller"] = number
        try await store.append([
            Fact(contact: "aaaaaaaa", at: 1, kind: .received, detail: received),
            Fact(contact: "aaaaaaaa", at: 1_782_901_800_000, kind: .messageReady, detail: detail),
        ])
        let item = try #require(try await store.followUp("aaaaaaaa-1"))
        return MessageText(item, try #require(item.delivery), hasSound: hasSound, pages: pages)
    }

    @Test func `people read it in the hotline's language, with its clock and a link`() async throws {
        let polish = try await text()
        #expect(polish.subject == "Wiadomość głosowa od +48600100200 – Łąka")
        #expect(
            polish.body
                == [
                    "Infolinia: Łąka", "Skrzynka: fbc", "Numer: +48600100200",
                    "Kiedy: 2026-07-01 12:30 (Europe/Warsaw)",
                    "Długość: 1:05", "", "Nagranie jest w załączniku.",
                    "Do załatwienia: https://h.example.org/followups?all=1#aaaaaaaa-1", "",
                ].joined(separator: "\r\n"))
        let english = try await text(number: nil, zone: "UTC", language: "en", pages: nil)
        #expect(english.subject == "Voice message from a withheld number – Łąka")
        #expect(english.body.contains("Number: withheld\r\nWhen: 2026-07-01 10:30 (UTC)"))
        #expect(!english.body.contains("http"))
    }

    @Test func `a recording that is too large is said to be on the page`() async throws {
        #expect(try await text(hasSound: false).body.contains("za duże"))
    }

    @Test func `what a caller's equipment says stays in its line`() async throws {
        let text = try await text(number: "+48\r\nBcc: all@example.org\r\n\r\nx")
        #expect(text.body.contains("Numer: +48 Bcc: all@example.org x\r\n"))
    }

    @Test func `programs get JSON`() async throws {
        let json = try await text().json
        let found = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
        #expect(
            Set(found.keys)
                == [
                    "id", "contact", "hotline", "title", "mailbox", "language", "at", "number", "link", "seconds",
                    "sound",
                ])
        #expect(found["at"] as? String == "2026-07-01T12:30:00+02:00" && found["seconds"] as? Double == 65.9)
    }
}
