// `menu`: one choice by key.

import YAML

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

/// One key and all that pressing it does: of a menu, of a queue step, of an offer.
struct MenuKey: Sendable, Hashable {
    /// One or more of `0`–`9`, `*`, `#`; one only where a caller waits.
    let digits: String
    let position: Position
    var then: Exit?
    var language: String?
    var record: Bool?
    var tag: String?
}
