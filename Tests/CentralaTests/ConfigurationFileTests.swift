// config/centrala.yaml: what is written in it is what the server does, and mistakes are found at their place.

import Calls
import Foundation
import IVR
import Logging
import Testing
import Web
import YAML

@testable import Centrala

@Suite struct ConfigurationFileTests {
    private static let shipped = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("config/centrala.yaml").path

    private func load(_ text: String) throws -> ConfigurationFile {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).yaml").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        defer { unlink(path) }
        return try ConfigurationFile.load(path)
    }

    private func complaint(_ text: String) -> Finding? {
        do {
            _ = try load(text)
            return nil
        } catch {
            return (error as? ConfigurationError)?.findings.first
        }
    }

    @Test func theShippedFileHoldsTheDefaults() throws {
        let shipped = try ConfigurationFile.load(Self.shipped)
        let empty = try load("log: { level: info }")
        #expect(String(describing: shipped) == String(describing: empty))
    }

    @Test func breaksHaveANameAndALimitIfThereIsOne() throws {
        let file = try load("breaks: [{ name: Obiad, at_once: 2 }, { name: Szkolenie }]")
        #expect(file.callCentre.breaks == [BreakReason(name: "Obiad", atOnce: 2), BreakReason(name: "Szkolenie")])
        #expect(complaint("breaks: [{ name: Obiad }, { name: Obiad }]")?.code == "E005")
        #expect(complaint("breaks: [{ at_once: 2 }]")?.code == "E004")
        #expect(complaint("breaks: [{ name: Obiad, at_once: 0 }]")?.code == "E005")
    }

    @Test func valuesAreRead() throws {
        let file = try load(
            """
            sip: { listen: ["127.0.0.1:5070", "[::1]:5070"], public_address: 203.0.113.7, max_calls: 12 }
            media: { ports: 9000-9100, public_address: 203.0.113.8, threads: 3 }
            web: { listen: "[::1]:8443", certificate: /a.pem, key: /b.pem, public_call_page: no }
            studio: { number: "22 250 01 99" }
            paths: { data: /var/lib/centrala }
            log: { level: warning }
            """)
        #expect(file.callCentre.sipListen == ["127.0.0.1:5070", "[::1]:5070"])
        #expect(file.callCentre.sipPublicAddress == "203.0.113.7")
        #expect(file.callCentre.maximumCalls == 12)
        #expect(file.callCentre.mediaPorts == 9000...9100)
        #expect(file.callCentre.mediaThreads == 3)
        #expect(file.web.address == "::1")
        #expect(file.web.port == 8443)
        #expect(file.web.publicCallPage == false)
        #expect(file.callCentre.dataDirectory == "/var/lib/centrala")
        #expect(file.callCentre.studioNumber == "+48222500199")
        #expect(file.logLevel == .warning)
    }

    @Test(arguments: [
        ("sip:\n  lisen: [\"0.0.0.0:5060\"]\n", 2, 3, "E002"),
        ("spi: {}\n", 1, 1, "E002"),
        ("sip:\n  max_calls: viele\n", 2, 14, "E005"),
        ("media:\n  ports: 9000\n", 2, 10, "E005"),
        ("media:\n  ports: 80-90\n", 2, 10, "E005"),
        ("web:\n  listen: \"8080\"\n", 2, 11, "E005"),
        ("web:\n  certificate: /a.pem\n", 2, 3, "E004"),
        ("sip:\n  max_calls: 1\n  max_calls: 2\n", 3, 3, "E003"),
        ("media:\n  public_address: hotline.example\n", 2, 19, "E005"),
        ("media:\n  threads: 0\n", 2, 12, "E005"),
        ("media:\n  threads: 17\n", 2, 12, "E005"),
        ("studio:\n  number: here\n", 2, 11, "E005"),
        ("studio:\n  phone: 8099\n", 2, 3, "E002"),
        ("media:\n  threads: many\n", 2, 12, "E005"),
    ])
    func aMistakeIsFoundAtItsPlace(text: String, line: Int, column: Int, code: String) throws {
        let found = try #require(complaint(text))
        #expect(found.code == code)
        #expect(found.position == Position(line: line, column: column))
    }

    @Test func theMailServerIsReadWithItsPasswordAndNeverPrintsIt() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appendingPathComponent("password").path
        try "Tajne-Hasło\n".write(toFile: path, atomically: true, encoding: .utf8)
        let text = """
            web: { public_url: "https://hotline.example.org/" }
            mail: { host: smtp.example.org, user: centrala, password_file: \(path), from: centrala@example.org }
            """
        chmod(path, 0o644)
        #expect(complaint(text)?.code == "E008")
        chmod(path, 0o600)
        let file = try load(text)
        #expect(file.callCentre.mail != nil && file.callCentre.pages == "https://hotline.example.org")
        var dumped = ""
        dump(file, to: &dumped)
        for printed in ["\(file)", String(reflecting: file), dumped] { #expect(!printed.contains("Tajne")) }
        #expect(file.callCentre.surroundings.unserved.isEmpty)
        #expect(try load("log: { level: info }").callCentre.surroundings.unserved == [.mail])
    }

    @Test(arguments: [
        ("mail:\n  host: smtp.example.org\n", 2, 3, "E004"),
        ("mail:\n  host: \"a b\"\n  from: a@example.org\n", 2, 9, "E005"),
        ("mail:\n  host: smtp.example.org\n  from: \"a@example.org\\r\\nBcc: b@example.org\"\n", 3, 9, "E005"),
        ("mail:\n  security: ssl\n", 2, 13, "E005"),
        ("mail:\n  port: 0\n", 2, 9, "E005"),
        ("mail:\n  user: a\n", 2, 3, "E004"),
        ("mail:\n  user: a\n  password_file: /nonexistent\n", 3, 18, "E008"),
        ("mail:\n  security: none\n  user: a\n  password_file: /nonexistent\n", 3, 9, "E005"),
        ("mail:\n  password: a\n", 2, 3, "E002"),
        ("web:\n  public_url: hotline.example.org\n", 2, 15, "E005"),
    ])
    func aMistakeInMailIsFoundAtItsPlace(text: String, line: Int, column: Int, code: String) throws {
        let found = try #require(complaint(text))
        #expect(found.code == code && found.position == Position(line: line, column: column), "\(found.text)")
    }

    @Test func aMissingFileIsAClearError() {
        #expect(throws: ConfigurationError.self) { try ConfigurationFile.load("/nonexistent/centrala.yaml") }
    }
}

@Suite struct ListenAddressTests {
    @Test(arguments: ["0.0.0.0:5060", "127.0.0.1:0", "[::]:5060", "[2001:db8::1]:65535"])
    func anAddressAndAPort(text: String) { #expect(ListenAddress(text) != nil) }

    @Test(arguments: [
        "", ":", "5060", "0.0.0.0", "0.0.0.0:", "0.0.0.0:65536", "::1:5060", "[127.0.0.1]:1", "host:5060", "[]:1",
    ])
    func anythingElse(text: String) { #expect(ListenAddress(text) == nil) }
}

@Suite struct LineLogTests {
    @Test func aLineStaysALineWhateverIsInIt() {
        #expect(LineLog.quoted("a\r\nb\u{1B}[31m\"\\ż\u{85}") == #""a\u000d\u000ab\u001b[31m\"\\ż\u0085""#)
    }
}
