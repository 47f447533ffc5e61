// Recordings that are being written now, and their files afterwards.

import Logging
import Recorder
import SIP
import Store
import Timing

/// Opens and closes journals on the recorder's thread and notes in the store when one is ready.
@Signalling
final class RecordingDesk {
    private let recorder: Recorder
    private let facts: FactLog
    private let log: Logger
    private var next: UInt32 = 1

    init(recorder: Recorder, facts: FactLog, log: Logger) {
        self.recorder = recorder
        self.facts = facts
        self.log = log
    }

    func open(contact: String) -> UInt32 {
        let recording = next
        next &+= 1
        recorder.open(
            recording, contact: contact, startedAt: Clock.unixMilliseconds(), origin: Clock.monotonic())
        return recording
    }

    /// Closes the journal once the media thread has let go of the leg, so that the last packets are in it.
    func close(_ recording: UInt32, contact: String, after leg: MediaLeg) {
        let previous = leg.onRemoved
        leg.onRemoved = { [recorder, facts, log] in
            previous()
            recorder.close(recording) { result in
                switch result {
                case .success(let journal):
                    facts.append(
                        contact, .recordingReady,
                        ["path": journal.path, "duration": "\(journal.duration.milliseconds)"])
                case .failure(let error):
                    log.error("recording.close", metadata: ["contact": "\(contact)", "error": "\(error)"])
                }
            }
        }
    }
}
