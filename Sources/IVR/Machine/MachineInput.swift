// What happens to a call, as its machine is told.

extension IVRMachine {
    /// Every answer bears the ticket of the action that asked for it. An answer that comes twice, too late or to no
    /// question does no harm; one that never comes is replaced by the machine's own deadline.
    public enum Input: Sendable, Hashable {
        /// The call was answered. Comes first, once.
        case entered
        /// `0`–`9`, `*`, `#`; others are ignored.
        case digit(Character)
        /// All of the last `.play` was heard. Not sent for a play that was replaced or silenced.
        case played
        /// Some of the last `.play` could not be played. The call goes on as after `.played`; only a recording notice
        /// counts as not heard, and who has not heard it is not recorded.
        case notPlayed
        /// `deadline` has come. Too early or too late does no harm.
        case deadline
        case queue(QueueNews)
        /// Answers `.measure`: the load of the queues that were asked for; one that is not known may be left out.
        case load(Ticket, [String: QueueLoad])
        /// Answers `.requestCallback`.
        case callback(Ticket, CallbackNews)
        /// The message of `.recordMessage` ended by itself: the caller said nothing more, or nothing can be recorded.
        case messageRecorded(Ticket)
        /// Answers `.transfer`: both hear each other, or the caller was referred there.
        case transferred(Ticket)
        /// Answers `.transfer`: busy, refused, unreachable, not answered.
        case transferFailed(Ticket)
        /// Answers `.lookup`: the fields of the answer as texts. Without one of those asked for it counts as failed.
        case lookedUp(Ticket, [String: String])
        /// Answers `.lookup`.
        case lookupFailed(Ticket)
        /// The caller is gone. Nothing is to be done afterwards but what is returned: `.leaveQueue`, `.endMessage`,
        /// `.cancelTransfer`.
        case hungUp
    }

    /// What the distribution of calls says of this caller.
    public enum QueueNews: Sendable, Hashable {
        /// How many wait before this caller, and the estimated wait if it can be told. Spoken in the next announcement.
        case position(ahead: Int, wait: Duration?)
        /// Refused or put out; the caller is no longer in the queue.
        case full
        case nobody
        case timeout
        /// Refused at entry: the estimated wait is longer than `QueueRequest.busyAbove`.
        case busy
        /// Bridged with a consultant.
        case answered
        /// The consultant is gone and the caller still there.
        case talkEnded
        /// The consultant was lost; the caller is back at the head of the queue.
        case returned
    }

    public enum CallbackNews: Sendable, Hashable {
        /// The entry is made.
        case accepted
        /// The number may not be called, or there is no room.
        case refused
    }
}
