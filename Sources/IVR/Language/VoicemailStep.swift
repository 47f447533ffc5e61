// `voicemail`: records a message.

struct VoicemailStep: Sendable {
    var box: Reference?
    var say: Reference?
    /// Nil: the mailbox's.
    var max: Duration?
    var then: Exit?
}
