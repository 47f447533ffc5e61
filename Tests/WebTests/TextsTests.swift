// The catalogue: complete in both languages, and nothing asked for that is not in it.

import Foundation
import IVR
import Outside
import Store
import Testing

@testable import Web

@Suite struct TextsTests {
    let folder = WebServer.resources(WebConfiguration())

    private func catalogue(_ language: Language) throws -> [String: String] {
        try JSONDecoder().decode(
            [String: String].self,
            from: Data(contentsOf: URL(fileURLWithPath: folder + "/texts/\(language.rawValue).json")))
    }

    @Test func `both languages have the same keys and the same blanks to fill`() throws {
        let (polish, english) = (try catalogue(.pl), try catalogue(.en))
        #expect(Set(polish.keys) == Set(english.keys))
        for (key, text) in polish {
            let blanks = { (text: String) in Set(text.matches(of: #/\{\w+\}/#).map { String($0.output) }) }
            #expect(blanks(text) == blanks(english[key] ?? ""), "\(key)")
            #expect(!text.isEmpty && english[key]?.isEmpty == false, "\(key)")
        }
    }

    @Test func `every text that a template or a script asks for is there`() throws {
        let texts = try catalogue(.pl)
        for file in try files(under: "templates") {
            for match in file.matches(of: #/\{\{t\.(\w+)\}\}/#) { #expect(texts[String(match.1)] != nil, "\(match.1)") }
        }
        for file in try files(under: "assets/js") {
            for match in file.matches(of: #/"(js_[a-z_]+)"/#) {
                let key = String(match.1)
                let isPrefix = texts.keys.contains { $0.hasPrefix(key + "_") }
                #expect(texts[key] != nil || isPrefix, "\(key)")
            }
        }
    }

    @Test func `every kind of fact has words`() throws {
        let texts = try catalogue(.en)
        for kind in FactKind.allCases { #expect(texts["fact_" + kind.rawValue] != nil, "\(kind)") }
    }

    @Test func `every reason for which a message is not sent has words`() throws {
        for language in [Language.pl, .en] {
            let texts = try catalogue(language)
            for code in SendError.codes { #expect(texts["post_" + code] != nil, "\(code)") }
        }
    }

    @Test func `every template can be read`() async throws {
        _ = try await Renderer(directory: folder)
    }

    private func files(under name: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/" + name).map {
            try String(contentsOfFile: folder + "/\(name)/\($0)", encoding: .utf8)
        }
    }
}
