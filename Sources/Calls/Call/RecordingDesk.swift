// Recordings that are being written now, and their files afterwards.

import Glibc
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
    /// More than enough for a media thread to do what it was told.
    private static let lastPackets = Duration.milliseconds(500)

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

    /// Closes a message's journal soon after the leg was told to stop recording it, at the latest when the leg is gone. Less
    /// than a second is no message: the caller hung up at the tone, and nothing is kept.
    func closeMessage(_ recording: UInt32, contact: String, detail: [String: String], of leg: MediaLeg) {
        closeSoon(recording, contact: contact, of: leg) { [facts] result in
            guard case .success(let journal) = result else { return }
            if journal.duration >= .seconds(1) {
                facts.append(contact, .messageReady, detail.merging(journal.detail) { own, _ in own })
            } else {
                unlink(journal.path)
            }
        }
    }

    /// Closes a journal soon after the leg was told to stop recording it, at the latest when the leg is gone. `closed` is
    /// called on another thread.
    func closeSoon(
        _ recording: UInt32, contact: String, of leg: MediaLeg,
        closed: @escaping @Sendable (Result<RecordedJournal, RecorderProblem>) -> Void
    ) {
        var isClosed = false
        let close = { [self] in
            guard !isClosed else { return }
            isClosed = true
            self.close(recording, contact: contact, closed)
        }
        leg.whenRemoved(close)
        _ = Signalling.timer(at: Clock.monotonic() + Self.lastPackets) { close() }
    }

    /// Closes the journal once the media thread has let go of the leg, so that the last packets are in it.
    func close(_ recording: UInt32, contact: String, after leg: MediaLeg) {
        leg.whenRemoved { [self] in
            close(recording, contact: contact) { [facts] result in
                guard case .success(let journal) = result else { return }
                facts.append(contact, .recordingReady, journal.detail)
            }
        }
    }

    /// `closed` gets the journal when it is complete and on the disk, on another thread.
    private func close(
        _ recording: UInt32, contact: String,
        _ closed: @escaping @Sendable (Result<RecordedJournal, RecorderProblem>) -> Void
    ) {
        recorder.close(recording) { [log] result in
            if case .failure(let error) = result {
                log.error("recording.close", metadata: ["contact": "\(contact)", "error": "\(error)"])
            }
            closed(result)
        }
    }
}

extension RecordedJournal {
    /// For the facts.
    fileprivate var detail: [String: String] { ["path": path, "duration": "\(duration.milliseconds)"] }
}
