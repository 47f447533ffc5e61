// `lookup`: asks an outside system.

struct LookupStep: Sendable {
    /// The address with `{values}` after the host; nil only in files with errors.
    var address: Template?
    /// Values that are sent in the body; none: the body is empty.
    var send: [Reference]
    /// The variables that the answer must hold.
    var into: [String]
    /// How long an answer may take.
    var within: Duration
    var then: Exit?
    var failed: Exit?
}
