// The steps of a hotline: one kind and its exits.

import YAML

/// A named place in the hotline that leads the caller on.
struct Step: Sendable {
    let name: String
    let position: Position
    let kind: StepKind
}

/// Another step by name, and where the file says so.
struct Exit: Sendable, Hashable {
    let step: String
    let position: Position
}

/// A prompt, queue or calendar by name, and where the file says so.
struct Reference: Sendable, Hashable {
    let name: String
    let position: Position
}

/// What a step does. A step of the file is exactly one of these.
enum StepKind: Sendable {
    case say(SayStep)
    case menu(MenuStep)
    case ask(AskStep)
    case hours(HoursStep)
    case when(WhenStep)
    case queue(QueueStep)
    case callback(CallbackStep)
    case voicemail(VoicemailStep)
    case survey(SurveyStep)
    case transfer(TransferStep)
    case lookup(LookupStep)
    case hangup(prompts: [Reference])
    /// A step with errors; only in files that do not load.
    case unknown

    /// The word of the language.
    var word: String {
        switch self {
        case .say: "say"
        case .menu: "menu"
        case .ask: "ask"
        case .hours: "hours"
        case .when: "when"
        case .queue: "queue"
        case .callback: "callback"
        case .voicemail: "voicemail"
        case .survey: "survey"
        case .transfer: "transfer"
        case .lookup: "lookup"
        case .hangup: "hangup"
        case .unknown: "?"
        }
    }
}

struct SayStep: Sendable {
    var prompts: [Reference]
    /// A digit goes on to the next step.
    var interruptible: Bool
    /// Becomes the caller's language.
    var language: String?
    var then: Exit?
}

struct HoursStep: Sendable {
    var calendar: Reference?
    var open: Exit?
    var closed: Exit?
    /// Nil: as `closed`.
    var holiday: Exit?
}
