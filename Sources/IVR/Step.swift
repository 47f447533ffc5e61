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

enum StepKind: Sendable {
    case say(SayStep)
    case menu(MenuStep)
    case hours(HoursStep)
    case queue(QueueStep)
    case hangup(prompts: [Reference])
    /// A step with errors, or of a kind that is not supported yet; only in files that do not load.
    case unknown
}

struct SayStep: Sendable {
    var prompts: [Reference]
    /// A digit goes on to the next step.
    var interruptible: Bool
    /// Becomes the caller's language.
    var language: String?
    var then: Exit?
}

struct MenuStep: Sendable {
    var prompt: Reference?
    var keys: [MenuKey]
    /// How often the prompt is asked.
    var tries: Int
    /// From the end of the prompt.
    var timeout: Duration
    /// Between the digits of one choice.
    var betweenKeys: Duration
    var onSilence: Reference?
    var onWrong: Reference?
    var otherwise: Exit?
}

/// One key of a menu and all that pressing it does.
struct MenuKey: Sendable {
    /// One or more of `0`–`9`, `*`, `#`.
    let digits: String
    let position: Position
    var then: Exit?
    var language: String?
    var record: Bool?
    var tag: String?
}

struct HoursStep: Sendable {
    var calendar: Reference?
    var open: Exit?
    var closed: Exit?
    /// Nil: as `closed`.
    var holiday: Exit?
}

struct QueueStep: Sendable {
    var queue: Reference?
    /// Nil: the queue's.
    var priority: Int?
    /// Beside the queue's.
    var skills: [String]
    var full: Exit?
    var nobody: Exit?
    var timeout: Exit?
    /// Nil: the call ends with the conversation.
    var afterCall: Exit?
}

/// One way out of a step.
struct StepExit: Sendable {
    /// As a path prints it: `key 4`, `otherwise`, `then`.
    let label: String
    let exit: Exit
    /// The key that was pressed, for exits of menus by choice.
    var key: MenuKey?
}

extension StepKind {
    /// All exits that are written, in the order of the language.
    var exits: [StepExit] {
        func some(_ pairs: [(String, Exit?)]) -> [StepExit] {
            pairs.compactMap { label, exit in exit.map { StepExit(label: label, exit: $0) } }
        }
        switch self {
        case .say(let say): return some([("then", say.then)])
        case .menu(let menu):
            let keys = menu.keys.compactMap { key in
                key.then.map { StepExit(label: "key \(key.digits)", exit: $0, key: key) }
            }
            return keys + some([("otherwise", menu.otherwise)])
        case .hours(let hours):
            return some([("open", hours.open), ("closed", hours.closed), ("holiday", hours.holiday)])
        case .queue(let queue):
            return some([
                ("full", queue.full), ("nobody", queue.nobody), ("timeout", queue.timeout),
                ("after_call", queue.afterCall),
            ])
        case .hangup, .unknown: return []
        }
    }

    /// Prompts the step itself speaks (without the queue's announcements).
    var prompts: [Reference] {
        switch self {
        case .say(let say): say.prompts
        case .menu(let menu): [menu.prompt, menu.onSilence, menu.onWrong].compactMap { $0 }
        case .hangup(let prompts): prompts
        case .hours, .queue, .unknown: []
        }
    }
}
