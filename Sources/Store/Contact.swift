// One contact as lists show it: the sum of its facts.

/// Computed from the contact's facts and nothing else, fact by fact.
public struct Contact: Sendable, Codable, Equatable, Identifiable {
    public let id: String
    public internal(set) var hotline: String?
    /// nil: anonymous.
    public internal(set) var caller: String?
    public internal(set) var called: String?
    /// All instants are Unix ms, all durations ms.
    public internal(set) var began: Int64
    public internal(set) var answered: Int64?
    /// The latest queue.
    public internal(set) var queue: String?
    public internal(set) var queued: Int64?
    /// The latest consultant who spoke with the caller.
    public internal(set) var consultant: Int64?
    public internal(set) var consultantName: String?
    /// From entering the queue to the first talk, or to giving up.
    public internal(set) var waited: Int64?
    /// The first talk's beginning.
    public internal(set) var connected: Int64?
    /// nil: still going on.
    public internal(set) var ended: Int64?
    /// caller, agent, system or network.
    public internal(set) var endedBy: String?
    /// An outcome of the reports, `failed`, or what `ended` said.
    public internal(set) var outcome: String?
    public internal(set) var recording: String?
    public internal(set) var recordingDuration: Int64?
    public internal(set) var tags: [String]
    public internal(set) var language: String?

    init(id: String, began: Int64) {
        self.id = id
        self.began = began
        tags = []
    }

    /// Takes the next fact. A contact that was answered by a consultant stays so, unless it failed.
    mutating func apply(_ fact: Fact) {
        let detail = fact.detail
        switch fact.kind {
        case .received:
            began = fact.at
            hotline = detail["hotline"]
            caller = detail["caller"]
            called = detail["called"]
        case .answered: answered = answered ?? fact.at
        case .language: language = detail["language"]
        case .tag: if let tag = detail["tag"], !tags.contains(tag) { tags.append(tag) }
        case .recordingReady:
            recording = detail["path"]
            recordingDuration = detail["duration"].flatMap { Int64($0) }
        case .queued:
            queue = detail["queue"]
            queued = fact.at
        case .connected: connect(fact)
        case .queueOutcome: conclude(detail["outcome"], at: fact.at)
        case .ended:
            finish(fact.at, by: detail["by"])
            outcome = outcome ?? detail["outcome"]
        case .failed:
            finish(detail["lastSign"].flatMap { Int64($0) } ?? fact.at, by: "system")
            outcome = "failed"
        case .step, .heard, .told, .digit, .recordingOn, .recordingOff, .offered, .offerEnded, .held, .resumed,
            .requeued,
            .talkEnded, .wrapUpEnded, .quality, .qualitySummary, .answer, .message, .messageReady, .callbackRequested,
            .transferred,
            .transferFailed:
            break
        }
    }

    private mutating func connect(_ fact: Fact) {
        consultant = fact.detail["account"].flatMap { Int64($0) }
        consultantName = fact.detail["name"]
        outcome = "answered"
        guard connected == nil else { return }
        connected = fact.at
        waited = queued.map { fact.at - $0 }
    }

    private mutating func conclude(_ value: String?, at: Int64) {
        guard connected == nil else { return }
        outcome = value ?? outcome
        waited = queued.map { at - $0 }
    }

    private mutating func finish(_ at: Int64, by: String?) {
        ended = at
        endedBy = by ?? endedBy
        if connected == nil, waited == nil { waited = queued.map { at - $0 } }
    }
}

/// What to look for; everything given must hold.
public struct ContactQuery: Sendable {
    /// Digits that occur in the caller's number; anything but digits is ignored, and so is a leading 00.
    public var number: String?
    /// Began at or after (Unix ms).
    public var from: Int64?
    /// Began before (Unix ms).
    public var to: Int64?
    /// The account of the consultant who spoke.
    public var consultant: Int64?
    public var recordedOnly: Bool
    /// 1–500.
    public var limit: Int
    /// Only what comes after the page that gave this.
    public var before: ContactCursor?

    public init(
        number: String? = nil, from: Int64? = nil, to: Int64? = nil, consultant: Int64? = nil,
        recordedOnly: Bool = false, limit: Int = 50, before: ContactCursor? = nil
    ) {
        self.number = number
        self.from = from
        self.to = to
        self.consultant = consultant
        self.recordedOnly = recordedOnly
        self.limit = limit
        self.before = before
    }
}

/// The place in a list at which the next page begins; `text` fits into an address.
public struct ContactCursor: Sendable, Equatable {
    let began: Int64
    let id: String

    init(began: Int64, id: String) {
        self.began = began
        self.id = id
    }

    /// nil for anything but what `text` gave.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let began = Int64(parts[0]) else { return nil }
        self.init(began: began, id: String(parts[1]))
    }

    public var text: String { "\(began)-\(id)" }
}

/// One page of contacts, the newest first.
public struct ContactPage: Sendable {
    public let contacts: [Contact]
    /// Give this as `before` for the next page; nil on the last one.
    public let next: ContactCursor?
}
