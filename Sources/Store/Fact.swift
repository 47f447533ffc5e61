// The event log: everything that happens to a contact, in the order in which it was written.

/// What kind of thing happened. The keys of `Fact.detail` that the store reads are named here; others are kept as
/// they come.
public enum FactKind: String, Sendable, Codable, CaseIterable {
    /// The first packet of a call: `hotline`, `called`, `caller` (not there when anonymous).
    case received
    /// The hotline picked up.
    case answered
    /// A step of the hotline was entered: `step`; by which way out of the one before: `exit` (`key 4`, `otherwise` …; not there for
    /// the first). The choice of a menu, never what is typed as a number.
    case step
    /// A prompt began to play: `prompt`.
    case heard
    /// A key was pressed: `origin` (how it came). Never which key: keys typed are personal data.
    case digit
    /// The caller chose a language: `language`.
    case language
    /// The hotline labelled the call: `tag`.
    case tag
    case recordingOn, recordingOff
    /// `path`, `duration` (ms).
    case recordingReady
    /// Came into a queue: `queue`.
    case queued
    /// A waiting caller was told how long it takes: `queue`, `wait` (ms, as spoken; not there: "we cannot say").
    case told
    /// A consultant's phone began to ring: `account`, `name`; why there: `rule` (the queue's strategy), `priority` (grown
    /// with the wait; left out when 0), `relaxed` (the wait after which lesser skills were enough), `familiar` (yes: spoke with this caller before) and the names of the
    /// group's others by the reason for which they were not asked (`later`, `alsoRinging`, `asked`, `unskilled`, `ringing`, `talking`,
    /// `wrapUp`, `onBreak`, `lost`).
    case offered
    /// `result` (answered, rejected, no-answer, caller-left, lost), `account`.
    case offerEnded
    /// The outcome of this stay in a queue is certain: `outcome`, as in the reports.
    case queueOutcome
    /// The caller began to leave a message: `id`, `mailbox`, `hotline`, `language`; where the mailbox sends, `sendTo` and,
    /// for whom reads it, `sendTitle`, `sendZone`, `sendLanguage`.
    case message
    /// The message is complete: the same, with `path` and `duration` (ms).
    case messageReady
    /// The caller wants to be called back: `id`, `hotline`, `queue`, `number`, `typed` (yes, no), `language`, `skills`,
    /// `priority`, `since` (Unix ms, the beginning of the wait), `mayBeRecorded`, `attempts`, `every` (ms), `within`.
    case callbackRequested
    /// Caller and somebody outside of the hotline hear each other.
    case transferred
    /// The other end was busy, refused or did not answer: `reason`.
    case transferFailed
    /// A question of a survey was answered: `survey`, `question`, `value`.
    case answer
    /// Caller and consultant hear each other: `account`, `name`, `queue`.
    case connected
    case held, resumed
    /// Back at the head of the queue, the consultant being gone.
    case requeued
    /// `by` (caller, agent, system, network).
    case talkEnded
    case wrapUpEnded
    /// How the sound of one party fared in the last 5 s: `leg` (caller, consultant); what we hear of it: `r`, `mosLQ`,
    /// `mosCQ`, packets `received`, `lost`, `late`, frames `concealed`, `jitter`, `buffer` and `roundTrip` (ms); what it
    /// hears: the same with `Remote`. What is nought or unknown is not there. Too many for a timeline.
    case quality
    /// The same from beginning to end: `leg`, `duration` (ms), `r` (median), `rLowest`, `mos`, `loss`, `late`.
    case qualitySummary
    /// The contact is over: `by`, and `outcome` for one that was in no queue.
    case ended
    /// The contact is over because something broke: `reason`.
    case failed
}

/// One line of the event log.
public struct Fact: Sendable, Codable, Equatable {
    /// The contact's id.
    public let contact: String
    /// Unix ms.
    public let at: Int64
    public let kind: FactKind
    public let detail: [String: String]

    public init(contact: String, at: Int64, kind: FactKind, detail: [String: String] = [:]) {
        self.contact = contact
        self.at = at
        self.kind = kind
        self.detail = detail
    }
}
