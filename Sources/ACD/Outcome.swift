// How things end: entries, offers, talks. The raw values are those of the event log and of the reports.

/// How a stay in a queue ended. Each entry has exactly one, given at the moment at which it is certain: `answered`
/// when the caller is first connected, the others when the caller is in the queue no more.
public enum Outcome: String, Sendable, CaseIterable {
    case answered
    case abandoned
    case shortAbandoned = "short-abandoned"
    case timedOut = "timed-out"
    case overflowed
    case toVoicemail = "to-voicemail"
    case toCallback = "to-callback"
    case refusedFull = "refused-full"
    case refusedNobody = "refused-nobody"
    case failed
}

/// Why a caller is let in no queue.
public enum RefusalReason: String, Sendable {
    /// As many wait as may wait.
    case full
    /// Nobody is logged in who answers this queue and has the skills asked for.
    case nobody
    /// The expected wait is longer than the caller's hotline accepts.
    case busy
}

/// Why a caller leaves a queue before an agent answered.
public enum Departure: Sendable, Equatable {
    case hungUp, overflowed, toVoicemail, toCallback, failed
}

/// Why an offer ended without a talk.
public enum WithdrawReason: String, Sendable {
    case noAnswer = "no-answer"
    /// The agent said no: by rejecting, by going on a break or by logging out while the phone rang.
    case rejected
    case callerLeft = "caller-left"
    /// Another agent answered first.
    case answeredElsewhere = "answered-elsewhere"
    /// The agent's connection was lost while the phone rang.
    case lost
}

/// Who ended a talk.
public enum TalkEnd: String, Sendable {
    case caller, agent, system, network
}
