// All prompts of a hotline with what is said in each language: for the prompts studio and the voice talent's script.

import YAML

/// One prompt in one language.
public struct PromptLine: Sendable {
    public let place: PromptPlace
    /// As it is written in the hotline file, values in braces, one form a line; nil when there is none in this language.
    public let text: String?
    /// The values that differ from call to call; such a prompt cannot be recorded.
    public let values: [String]
    /// The legal notice that a call may be recorded.
    public let isNotice: Bool
    /// The same in each call, so that a recording can replace it.
    public let isRecordable: Bool
    /// What callers hear, with examples where values are inserted; nil when there is no text.
    public let utterance: Utterance?
}

extension Hotline {
    /// In the order of the file, each prompt in each language.
    public var promptSheet: [PromptLine] {
        prompts.values.sorted { ($0.position.line, $0.name) < ($1.position.line, $1.name) }
            .flatMap { prompt in languages.map { line(prompt, $0) } }
    }

    private func line(_ prompt: PromptText, _ language: String) -> PromptLine {
        let wording = prompt.wording(in: language)
        let values = wording?.values.map(\.value) ?? []
        return PromptLine(
            place: PromptPlace(hotline: name, prompt: prompt.name, language: language),
            text: wording.map { $0.templates.map(\.source).joined(separator: "\n") },
            values: Set(values.map(\.text)).sorted(), isNotice: prompt.isRecordingNotice,
            isRecordable: wording?.isFixed == true,
            utterance: utterance(prompt.name, language: language, values: .examples(of: values)))
    }
}

extension SpokenValues {
    /// Something to be heard in place of each value.
    fileprivate static func examples(of values: [SpokenValue]) -> SpokenValues {
        var examples = SpokenValues(ahead: 2, wait: .seconds(240))
        for value in values {
            switch value.form {
            case .plain: examples.texts[value.name] = "3"
            case .time: examples.texts[value.name] = "14:30"
            case .date: examples.texts[value.name] = "2027-05-04"
            case .digits: examples.texts[value.name] = "601200300"
            case .amount: examples.texts[value.name] = "12.50"
            }
        }
        return examples
    }
}
