// A checked hotline: immutable, shared by all calls that came while it was loaded.

public import YAML

/// One hotline file that loads. A call keeps the version it began with.
public struct Hotline: Sendable {
    /// Also what can be dialled instead of a number.
    public let name: String
    /// For people; the name when the file has none.
    public let title: String
    /// IANA name, such as `Europe/Warsaw`.
    public let timeZone: String
    /// The first is the one a call begins with.
    public let languages: [String]
    /// Normalised, see `PhoneNumber`.
    public let numbers: [String]
    public let recording: RecordingPolicy
    public let queues: [String: QueueSettings]
    public let mailboxes: [String: Mailbox]
    /// Where `numbers` stands in the file, for messages.
    public let numbersPosition: Position
    /// The file it was read from.
    public let file: String
    /// The whole file, as it was read.
    public let text: String

    let zone: LocalZone
    let calendars: [String: OpeningHours]
    let prompts: [String: PromptText]
    let steps: [String: Step]
    let start: Exit
    let tests: [HotlineTest]
    /// For comparing versions.
    let outline: HotlineOutline

    /// Everything that is spoken without values, in every language it may be spoken in: to be prepared ahead of calls.
    public var fixedUtterances: [Utterance] {
        var found: [Utterance] = []
        for prompt in prompts.values.sorted(by: { $0.name < $1.name }) {
            for language in languages {
                if let utterance = utterance(prompt.name, language: language, values: .none) { found.append(utterance) }
            }
        }
        return found
    }

    /// The day at the hotline's place that holds this moment, both in ms since 1970; the end is the next midnight.
    public func day(at unixMilliseconds: Int64) -> Range<Int64> { zone.day(at: unixMilliseconds) }

    /// What clocks and calendars show there: the day counted from 1970-01-01, its name (`mon`), the minutes since midnight.
    public func clock(at unixMilliseconds: Int64) -> (day: Int, weekday: String, minute: Int) {
        let local = zone.local(unixMilliseconds)
        return (local.date.daysSince1970, local.date.weekday.rawValue, local.minute)
    }

    /// Names of all steps, for statistics and pictures.
    public var stepNames: [String] { steps.keys.sorted() }

    /// The word of the language for what a step is: `say`, `menu`, `queue` …; nil when there is no such step.
    public func kind(ofStep name: String) -> String? { steps[name]?.kind.word }

    /// Nil when the prompt has no text in the language or speaks of a value that is not known.
    func utterance(_ prompt: String, language: String, values: SpokenValues) -> Utterance? {
        guard let said = prompts[prompt], let wording = said.wording(in: language),
            let text = wording.text(values, language: language)
        else { return nil }
        return Utterance(
            prompt: prompt, language: language, text: text, file: said.takes[language] ?? wording.file)
    }
}
