// Letters: what stands in them, and what becomes of them at a mail server.

import Foundation
import Testing

@testable import Outside

@Suite struct MailTests {
    private static let sender = "centrala@example.org"

    private func client(
        _ port: UInt16, _ security: MailServer.Security = .none, login: Bool = false, trust: String? = nil,
        host: String = "127.0.0.1", seconds: Int = 20
    ) throws -> MailClient {
        let login = login ? MailServer.Login(user: "centrala", password: "Tajne") : nil
        let from = try #require(MailAddress(Self.sender))
        let server = try #require(
            MailServer(host: host, port: port, security: security, login: login, from: from))
        return MailClient(server: server, trust: trust, seconds: seconds)
    }

    private func letter(_ subject: String = "x", to: String = "biuro@example.org", sound: Data? = nil) throws -> Letter
    {
        Letter(
            to: try #require(MailAddress(to)), subject: subject, text: "Zażółć\r\n",
            attachment: sound.map { .init(name: "a-1.mp3", type: "audio/mpeg", content: $0) }, id: "a-1",
            date: 1_782_901_800_000)
    }

    // MARK: What stands in them

    @Test func `a letter has its fields, its text and its sound`() throws {
        let sound = Data((0..<200).map { UInt8($0) })
        let from = try #require(MailAddress(Self.sender))
        let text = String(decoding: try letter("Łąka", sound: sound).bytes(from: from), as: UTF8.self)
        #expect(
            text.hasPrefix(
                """
                From: <centrala@example.org>\r
                To: <biuro@example.org>\r
                Subject: =?UTF-8?B?xYHEhWth?=\r
                Date: Wed, 01 Jul 2026 10:30:00 +0000\r
                Message-ID: <a-1@example.org>\r
                Auto-Submitted: auto-generated\r
                MIME-Version: 1.0\r
                Content-Type: multipart/mixed; boundary="centrala-a-1"\r
                \r

                """))
        let parts = text.components(separatedBy: "--centrala-a-1")
        #expect(parts.count == 4 && parts[3] == "--\r\n")
        let content = try #require(parts[2].components(separatedBy: "\r\n\r\n").last)
        #expect(Data(base64Encoded: content, options: .ignoreUnknownCharacters) == sound)
        #expect(try letter("Łąka", sound: sound).bytes(from: from) == letter("Łąka", sound: sound).bytes(from: from))
        let lines = text.components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 && !$0.contains("\n") && !$0.contains("\r") })
    }

    @Test(arguments: [
        "Wiadomość głosowa od +48600100200 – Infolinia „Łąka i Źródło”", String(repeating: "ż", count: 150), "🙂🙂🙂👩‍👩‍👧",
        "=?UTF-8?B?eA==?=", String(repeating: "a", count: 100),
    ])
    func `a subject beyond ASCII is encoded in short words of whole characters`(subject: String) throws {
        let lines = ("Subject: " + HeaderText.encoded(subject)).components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 && $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
        #expect(lines.dropFirst().allSatisfy { $0.hasPrefix(" ") })
        var decoded = ""
        for line in lines {
            let word = try #require(line.split(separator: " ").last).dropFirst(10).dropLast(2)
            let bytes = try #require(Data(base64Encoded: String(word)))
            decoded += try #require(String(data: bytes, encoding: .utf8))
        }
        #expect(decoded == HeaderText.cleaned(subject))
    }

    @Test(arguments: ["\r\n", "\n", "\r", "\u{2028}", "\u{85}", "\u{0}", "\r\n "])
    func `no field begins in a subject`(end: String) throws {
        let from = try #require(MailAddress(Self.sender))
        for subject in ["a\(end)Bcc: b@example.org", "ż\(end)Bcc: b@example.org", "\(end)\(end)x"] {
            let text = String(decoding: try letter(subject).bytes(from: from), as: UTF8.self)
            let head = try #require(text.components(separatedBy: "\r\n\r\n").first)
            let names = head.components(separatedBy: "\r\n").filter { !$0.hasPrefix(" ") }.map {
                $0.prefix { $0 != ":" }
            }
            #expect(
                names == [
                    "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type",
                ], "\(names)")
            #expect(head.utf8.allSatisfy { $0 == 10 || $0 == 13 || (0x20...0x7E).contains($0) })
        }
    }

    @Test(arguments: [
        "", "@", "a@", "@b.pl", "a b@c.pl", "a@b@c.pl", "a@b.pl\r\nRCPT TO:<x@y.pl>", "<a@b.pl>", "\"a\"@b.pl",
        "ą@b.pl", "a@ą.pl",
        "a@[127.0.0.1]", ".a@b.pl", "a..b@c.pl", "a@b.pl,c@d.pl", "a@b.pl\0",
    ])
    func `what could end a command is no address`(text: String) { #expect(MailAddress(text) == nil) }

    @Test func `usual addresses are addresses`() {
        for text in ["a@b.pl", "Jan.Kowalski+x_y@poczta.example.org", "root@localhost"] {
            #expect(MailAddress(text) != nil)
        }
    }

    // MARK: What becomes of them

    @Test func `a letter arrives with its dots, once`() async throws {
        let system = try await MailSystem()
        let text = "Subject: x\r\n\r\n.\r\n..two\r\nmiddle.\r\n.end\r\n"
        let to = try #require(MailAddress("biuro@example.org"))
        #expect(try await client(system.port).send(Data(text.utf8), to: to) == nil)
        #expect(system.letters == [text.replacing("\r\n.", with: "\r\n..")])
        let commands = system.commands
        #expect(commands.contains { $0.hasPrefix("MAIL FROM:<centrala@example.org>") })
        #expect(commands.filter { $0.hasPrefix("RCPT") } == ["RCPT TO:<biuro@example.org>"])
        #expect(!commands.contains { $0.hasPrefix("AUTH") })
        try await system.stop()
    }

    @Test func `a large letter arrives whole`() async throws {
        let system = try await MailSystem()
        let letter = try letter(sound: Data((0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }))
        #expect(try await client(system.port).send(letter) == nil)
        let from = try #require(MailAddress(Self.sender))
        #expect(system.letters == [String(decoding: letter.bytes(from: from), as: UTF8.self)])
        try await system.stop()
    }

    static let refusals: [(verb: String, reply: String, error: SendError)] = [
        ("RCPT", "550 no such user", .refused(550)), ("RCPT", "450 later", .postponed(450)),
        ("MAIL", "530 who are you", .postponed(530)), ("MAIL", "552 full", .refused(552)),
        ("DATA", "554 no", .refused(554)), ("DONE", "554 spam", .refused(554)), ("DONE", "451 later", .postponed(451)),
        ("HELO", "421 busy", .postponed(421)), ("RCPT", "what", .tooSlow),
    ]

    @Test(arguments: refusals.indices)
    func `a refusal is understood`(index: Int) async throws {
        let (verb, reply, error) = Self.refusals[index]
        let system = try await MailSystem(.init(replies: [verb: reply]))
        #expect(try await client(system.port, seconds: 5).send(letter()) == error)
        try await system.stop()
    }

    @Test func `TLS that is wanted and not offered sends nothing`() async throws {
        let system = try await MailSystem(.init(offers: ["AUTH PLAIN LOGIN"]))
        #expect(try await client(system.port, .starttls, login: true).send(letter()) == .tlsMissing)
        #expect(!system.commands.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
        try await system.stop()
    }

    @Test func `a certificate of somebody unknown gets neither letter nor password`() async throws {
        for (security, implicit) in [(MailServer.Security.starttls, false), (.tls, true)] {
            let system = try await MailSystem(.init(offers: ["STARTTLS", "AUTH PLAIN"], implicitTLS: implicit))
            #expect(try await client(system.port, security, login: true).send(letter()) == .untrusted)
            #expect(!system.commands.contains { $0.hasPrefix("AUTH") || $0.hasPrefix("MAIL") })
            try await system.stop()
        }
    }

    @Test func `with a trusted certificate the letter goes by TLS, after the log-in`() async throws {
        for (security, implicit) in [(MailServer.Security.starttls, false), (.tls, true)] {
            let system = try await MailSystem(.init(offers: ["STARTTLS", "AUTH PLAIN"], implicitTLS: implicit))
            let client = try client(
                system.port, security, login: true, trust: try fixture("mail-certificate"), host: "localhost")
            #expect(await client.send(try letter()) == nil)
            #expect(system.commands.contains(Data("\0centrala\0Tajne".utf8).base64EncodedString()))
            #expect(system.letters.count == 1)
            try await system.stop()
        }
    }

    @Test func `a refused password is said`() async throws {
        let system = try await MailSystem(
            .init(offers: ["AUTH PLAIN"], replies: ["AUTH": "535 no"], implicitTLS: true))
        let client = try client(
            system.port, .tls, login: true, trust: try fixture("mail-certificate"), host: "localhost")
        #expect(await client.send(try letter()) == .loginRefused)
        try await system.stop()
    }

    @Test func `a server that is down and one that is silent are told apart, and one that is back gets the letter`()
        async throws
    {
        let system = try await MailSystem()
        let port = system.port
        try await system.stop()
        #expect(try await client(port).send(letter()) == .unreachable)
        let silent = try await MailSystem(.init(replies: ["DONE": ""]))
        #expect(try await client(silent.port, seconds: 1).send(letter()) == .tooSlow)
        try await silent.stop()
        let back = try await MailSystem()
        #expect(try await client(back.port).send(letter()) == nil)
        try await back.stop()
    }

    @Test func `sending ends soon when the server stops`() async throws {
        let system = try await MailSystem(.init(replies: ["DONE": ""]))
        let client = try client(system.port, seconds: 600)
        let letter = try letter()
        let sending = Task { await client.send(letter) }
        while system.letters.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        sending.cancel()
        #expect(await sending.value == .stopped)
        try await system.stop()
    }

    @Test func `a password never goes without TLS`() {
        let login = MailServer.Login(user: "a", password: "b")
        guard let from = MailAddress(Self.sender) else { return #expect(Bool(false)) }
        #expect(MailServer(host: "127.0.0.1", port: 25, security: .none, login: login, from: from) == nil)
        #expect(MailServer.Login(user: "a", password: "b\r\nMAIL FROM:<x@y>") == nil)
        #expect(MailServer(host: "a b", port: 25, security: .none, login: nil, from: from) == nil)
    }
}
