// What a machine wants done, in order.

extension IVRMachine {
    public enum Action: Sendable, Hashable {
        /// Replaces what plays. Never empty.
        case play([Utterance])
        /// Replaces what plays, without an end; nil: the built-in music.
        case music(file: String?)
        /// Stops what plays.
        case silence
        case enqueue(QueueRequest)
        case leaveQueue
        /// The waiting caller is offered to the consultants of this queue as well; the entry keeps its place and limits.
        case alsoQueue(String)
        /// From now on the caller may (not) be recorded; from where on is `Hotline.recording.from`.
        case record(Bool)
        /// From now on what the caller types is (not) a secret: no digit goes into a log, and where
        /// `Hotline.recording.pause` has `.secret` the recording holds silence instead of the call. `false` comes before
        /// anything else is done after the secret was typed.
        case secret(Bool)
        /// Asks for the load of queues; `.load` answers. Without an answer in 2 s no load is known.
        case measure(Ticket, queues: [String])
        /// Asks for an entry that is called back; `.callback` answers. Without an answer in 10 s it was refused.
        case requestCallback(CallbackRequest)
        /// Asks for a tone and a recording of what the caller says. It ends by `.endMessage`, or by itself, which
        /// `.messageRecorded` tells. Either way what was recorded is kept.
        case recordMessage(MessageRequest)
        case endMessage
        /// Asks for a call to somebody else, with a ringing tone for the caller; `.transferred` or `.transferFailed`
        /// answers.
        case transfer(TransferRequest)
        /// The attempt is given up.
        case cancelTransfer
        /// Asks an outside system; `.lookedUp` or `.lookupFailed` answers.
        case lookup(LookupRequest)
        case hangUp(HangUpCause)

        // Facts to be noted.
        case language(String)
        case tag(String)
        /// `exit`: by which way out of the step before, as a path prints it; nil for the first step.
        case entered(step: String, exit: String?)
        /// The prompt begins to play.
        case heard(prompt: String)
        /// A waiting caller is told this wait, as it is spoken; nil: would have been, but we cannot say.
        case told(wait: Duration?)
        /// A question of a survey was answered by a key.
        case answer(survey: String, question: String, value: String)
    }

    public enum HangUpCause: Sendable, Hashable {
        /// The caller reached a `hangup` step.
        case ended
        /// The consultant hung up and nothing follows.
        case consultantEnded
        /// The walk goes round without the caller; a file that was checked cannot get here.
        case stuck
    }
}
