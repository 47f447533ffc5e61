// Whom a caller reaches: a hotline, or the prompts studio.

import SIP

/// What the signalling of a caller's telephone tells of it.
@Signalling
protocol CallEnd: AnyObject {
    /// The caller can hear us.
    func enter()
    func pressed(_ digit: Character, how: String)
    func end(by: EndedBy, reason: String)
}
