// The proof behind E060, for an inspector: each place where recording can begin, and the notice that always comes before.

public import YAML

/// Of a hotline that was checked without errors.
public struct RecordingCertificate: Sendable {
    /// A place where recording can begin.
    public struct Entry: Sendable {
        public let step: String
        public let line: Int
        /// `conversation in queue 'q'`, without the language's case.
        let kind: RecordingPlace.Kind
        let name: String
        /// Every one of these is heard on every way here.
        public let notices: [Notice]
        /// Where no single notice is heard on every way: on each way one of these is.
        public let alternatives: [Notice]
        /// The shortest way here on which a caller is recorded.
        public let path: FindingText
    }

    /// A notice at a step.
    public struct Notice: Sendable, Hashable {
        public let step: String
        public let line: Int
        public let prompt: String
    }

    /// A text of a notice in one language.
    public struct Wording: Sendable {
        public let prompt: String
        public let language: String
        public let text: String
    }

    public let hotline: String
    public let title: String
    public let file: String
    public let entries: [Entry]
    public let wordings: [Wording]
    /// Every key that turns recording on or off: `key 1 of 'zgoda'`.
    let consents: [Consent]
    let policy: RecordingPolicy
    let mailboxes: [Mailbox]
    let stepCount: Int
    let placeCount: Int

    struct Consent: Sendable {
        let step: String
        let key: String
        let isOn: Bool
    }

    public init(_ hotline: Hotline) {
        let walk = Walk(hotline)
        self.hotline = hotline.name
        title = hotline.title
        file = hotline.file
        policy = hotline.recording
        mailboxes = hotline.mailboxes.values.sorted { $0.name < $1.name }
        stepCount = walk.steps.count
        placeCount = walk.places.count
        let notices = Self.notices(hotline, walk)
        entries = Self.entries(hotline, walk, notices)
        let prompts = Set(notices.map(\.prompt)).sorted()
        wordings = prompts.compactMap { hotline.prompts[$0] }.flatMap { prompt in
            hotline.languages.compactMap { language in
                prompt.wording(in: language)?.templates.first.map {
                    Wording(prompt: prompt.name, language: language, text: $0.source)
                }
            }
        }
        consents = hotline.steps.values.sorted { $0.position < $1.position }.flatMap { step in
            hotline.exits(of: step).compactMap { exit in
                exit.key?.record.map { Consent(step: step.name, key: exit.key?.digits ?? "", isOn: $0) }
            }
        }
    }

    private static func notices(_ hotline: Hotline, _ walk: Walk) -> [Notice] {
        let steps = walk.steps.compactMap { hotline.steps[$0] }.filter { $0.kind.speaksNotice(hotline) }
        return steps.sorted { $0.position < $1.position }.compactMap { step in
            let prompt = step.kind.prompts.first { hotline.prompts[$0.name]?.isRecordingNotice == true }
            return prompt.map { Notice(step: step.name, line: step.position.line, prompt: $0.name) }
        }
    }

    private static func entries(_ hotline: Hotline, _ walk: Walk, _ notices: [Notice]) -> [Entry] {
        var heard: [Key: [(notice: Notice, isAlways: Bool)]] = [:]
        for notice in notices {
            let only = Walk(hotline, hearing: [notice.step])
            let places = Dictionary(grouping: hotline.recordings(only, hearing: [notice.step]), by: Key.init)
            for (key, places) in places where places.contains(where: \.isNoticed) {
                heard[key, default: []].append((notice, places.allSatisfy(\.isNoticed)))
            }
        }
        var seen: Set<Key> = []
        let firsts = hotline.recordings(walk).filter { seen.insert(Key($0)).inserted }
        return firsts.sorted { $0.position < $1.position }.map { place in
            let known = heard[Key(place)] ?? []
            let always = known.filter(\.isAlways).map(\.notice)
            return Entry(
                step: place.place.step, line: place.position.line, kind: place.kind,
                name: hotline.recordedName(place.place.step), notices: always,
                alternatives: always.isEmpty ? known.map(\.notice) : [], path: walk.path(to: place.place))
        }
    }

    private struct Key: Hashable {
        let step: String
        let kind: RecordingPlace.Kind

        init(_ place: RecordingPlace) {
            step = place.place.step
            kind = place.kind
        }
    }
}

extension Hotline {
    /// The queue or mailbox of a step.
    fileprivate func recordedName(_ step: String) -> String {
        switch steps[step]?.kind {
        case .queue(let queue): queue.queue?.name ?? ""
        case .callback(let callback): callback.queue?.name ?? ""
        case .voicemail(let voicemail): voicemail.box?.name ?? ""
        case .say, .menu, .ask, .hours, .when, .survey, .transfer, .lookup, .hangup, .unknown, nil: ""
        }
    }
}
