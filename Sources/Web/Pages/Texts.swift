// The catalogue: every sentence that a page says, once per language.

import Foundation

/// Texts by key, from Resources/texts/LANGUAGE.json.
struct Texts: Sendable {
    private let catalogues: [Language: [String: String]]
    /// The texts that scripts need (keys that begin `js_`), as JSON.
    private let forScripts: [Language: String]

    init(directory: String) throws {
        var catalogues: [Language: [String: String]] = [:]
        var forScripts: [Language: String] = [:]
        for language in Language.allCases {
            let file = URL(fileURLWithPath: directory).appendingPathComponent("\(language.rawValue).json")
            let texts = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: file))
            catalogues[language] = texts
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            let wanted = texts.filter { $0.key.hasPrefix("js_") || $0.key.hasPrefix("state_") }
            forScripts[language] = String(decoding: try encoder.encode(wanted), as: UTF8.self)
        }
        self.catalogues = catalogues
        self.forScripts = forScripts
    }

    /// All texts of one language.
    func all(_ language: Language) -> [String: String] { catalogues[language] ?? [:] }

    func scriptTexts(_ language: Language) -> String { forScripts[language] ?? "{}" }

    /// The text for `key`, with `{name}` replaced by values. A missing key shows as itself; a test sees to it that none is.
    func text(_ key: String, _ language: Language, _ values: [String: String] = [:]) -> String {
        var text = catalogues[language]?[key] ?? key
        for (name, value) in values { text = text.replacing("{\(name)}", with: value) }
        return text
    }

    /// The text for a word of ours, such as an outcome; the word itself when there is none.
    func word(_ prefix: String, _ word: String, _ language: Language) -> String {
        catalogues[language]?["\(prefix)_\(word)"] ?? word
    }
}
