// What a call needs from the rest of the house.

import IVR
import Logging
import Outside
import SIP
import Store

/// One of each, made at start and handed to every call.
@Signalling
final class CallServices {
    let calls: CallDesk
    let queues: QueueDesk
    let prompts: PromptDesk
    let media: MediaDesk
    let recordings: RecordingDesk
    let facts: FactLog
    let log: Logger
    /// Places a SIP call with our offer. Set once at start.
    var place: ((SIPAddress, SIPIdentity, _ offer: String) throws -> Dialog)?
    /// Where numbers are called, a name or an IP address; nil: nowhere.
    var trunk: SIPAddress?
    /// The names of the reasons for breaks.
    var breaks: [String] = []
    /// What happened before; nil only in tests.
    var store: Store?
    /// Asks outside systems; nil only in tests.
    var outside: LookupClient?

    init(
        calls: CallDesk, queues: QueueDesk, prompts: PromptDesk, media: MediaDesk, recordings: RecordingDesk,
        facts: FactLog, log: Logger
    ) {
        self.calls = calls
        self.queues = queues
        self.prompts = prompts
        self.media = media
        self.recordings = recordings
        self.facts = facts
        self.log = log
    }
}
