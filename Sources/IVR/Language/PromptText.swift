// What a prompt says in one language: a plain text, plural forms, or a text with a recording.

import YAML

/// One entry of `prompts:`.
struct PromptText: Sendable {
    let name: String
    let position: Position
    /// `notice: recording`: the legal notice that must be heard before anyone is recorded.
    var isRecordingNotice = false
    var languages: [String: Wording] = [:]
    /// `any:` for every language without a wording of its own.
    var any: Wording?
    /// Recordings made in the prompts studio, by language; each replaces the text and the file beside it.
    var takes: [String: String] = [:]

    func wording(in language: String) -> Wording? { languages[language] ?? any }
}

/// The words of a prompt in one language.
struct Wording: Sendable {
    enum Content: Sendable {
        case text(Template)
        /// Which form is spoken depends on the count.
        case forms(count: SpokenValue, zero: Template?, forms: [PluralForm: Template])
    }

    var content: Content
    /// A recording of the text, relative to the folder of prompts.
    var file: String?
    let position: Position
    /// Where the count of plural forms stands.
    var countPosition: Position?

    /// Said the same in every call, so that a recording can replace it.
    var isFixed: Bool {
        switch content {
        case .text(let template): template.values.isEmpty
        case .forms: false
        }
    }

    /// Every text in it.
    var templates: [Template] {
        switch content {
        case .text(let template): return [template]
        case .forms(_, let zero, let forms):
            return (zero.map { [$0] } ?? []) + PluralForm.allCases.compactMap { forms[$0] }
        }
    }

    /// The values that must be known before it can be spoken, and where each stands or the text that holds it.
    var values: [(value: SpokenValue, position: Position)] {
        var values: [(SpokenValue, Position)] = []
        if case .forms(let count, _, _) = content { values.append((count, countPosition ?? position)) }
        return values + templates.flatMap { template in template.values.map { ($0, template.position) } }
    }

    /// The text to be spoken, or nil when a value in it is not known: then we say nothing rather than something wrong.
    func text(_ known: SpokenValues, language: String) -> String? {
        switch content {
        case .text(let template): return template.filled(known, language: language)
        case .forms(let count, let zero, let forms):
            guard let number = known.number(count) else { return nil }
            if number == 0, let zero { return zero.filled(known, language: language) }
            let form = forms[PluralForm.of(number, language: language)] ?? forms[.other]
            return form?.filled(known, language: language)
        }
    }
}
