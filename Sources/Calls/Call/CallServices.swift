// What a call needs from the rest of the house.

import IVR
import Logging
import SIP

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
