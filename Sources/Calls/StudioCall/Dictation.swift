// One recording of a prompt by telephone: a journal of its own, listened to while it grows, made into sound and deleted.

import Foundation
import Media
import Recorder
import SIP
import Speech
import Timing

/// No contact has to do with it: it is in no list, and nobody but the studio hears it.
@Signalling
final class Dictation {
    private enum State {
        /// The tone plays. Goes to: recording, over.
        case tone
        /// Goes to: over.
        case recording(UInt32, since: Instant)
        case over
    }

    nonisolated private static let prefix = "studio_"
    /// After the last word.
    nonisolated private static let longestPause = 4.0
    /// Before the first one.
    nonisolated private static let longestThought = 10.0
    /// A key is noticed so long after it was touched, in seconds, with the click of touching it.
    private static let keyPress = 0.2

    private let name = prefix + ContactID.make()
    private let leg: MediaLeg
    private let services: CallServices
    private let directories: (recordings: String, exports: String)
    private var state = State.tone
    private var listening: TimerToken?
    private let onQuiet: () -> Void

    /// Whether a journal, or a file made of it, is of this kind.
    nonisolated static func owns(_ contact: String) -> Bool { contact.hasPrefix(prefix) }

    /// Nothing more comes, as far as one can tell from the sound up to now. All in seconds since the beginning.
    /// - Parameter speechEnd: where the last word ended; nil: there was none.
    nonisolated static func isQuiet(speechEnd: Double?, elapsed: Double) -> Bool {
        guard let speechEnd else { return elapsed >= longestThought }
        return elapsed - speechEnd >= longestPause
    }

    /// `quiet`: the caller says nothing more.
    init(
        leg: MediaLeg, services: CallServices, directories: (recordings: String, exports: String),
        quiet: @escaping () -> Void
    ) {
        self.leg = leg
        self.services = services
        self.directories = directories
        onQuiet = quiet
        leg.play(services.prompts.tone) { [weak self] in self?.record() }
    }

    private func record() {
        guard case .tone = state else { return }
        let recording = services.recordings.open(contact: name)
        leg.record(recording)
        // Something must be sent: trunks end calls on which nothing comes.
        leg.play(services.prompts.silence)
        state = .recording(recording, since: Clock.monotonic())
        listenLater()
    }

    // MARK: Silence

    private func listenLater() {
        listening = Signalling.timer(at: Clock.monotonic() + .seconds(1)) { [weak self] in self?.listen() }
    }

    private func listen() {
        guard case .recording(_, let since) = state else { return }
        let elapsed = (Clock.monotonic() - since).seconds
        let (name, directories) = (name, directories)
        DictationSound.inWorkshop {
            let journal = Recorder.openJournal(of: name, in: directories.recordings)
            let sound = journal.flatMap { DictationSound.caller(of: $0, named: name, in: directories.exports) }
            let speechEnd = sound.flatMap { Rehearsal($0).speechEnd }
            Task { @Signalling [weak self] in self?.listened(Self.isQuiet(speechEnd: speechEnd, elapsed: elapsed)) }
        }
    }

    private func listened(_ isQuiet: Bool) {
        guard case .recording = state else { return }
        isQuiet ? onQuiet() : listenLater()
    }

    // MARK: The end

    /// `done` gets what was said, at 16 kHz, soon; nil when that is nothing.
    func finish(done: @escaping @Signalling ([Int16]?) -> Void) {
        guard let (recording, since) = stop() else { return done(nil) }
        let length = max(0, Int(((Clock.monotonic() - since).seconds - Self.keyPress) * Double(Frame.sampleRate)))
        let (name, exports) = (name, directories.exports)
        services.recordings.closeSoon(recording, contact: name, of: leg) { result in
            DictationSound.inWorkshop {
                var sound: [Int16]?
                if case .success(let journal) = result {
                    sound = DictationSound.caller(of: journal.path, named: name, in: exports)
                    unlink(journal.path)
                }
                let said = sound.map { Array($0.prefix(length)) }
                Task { @Signalling in done(said) }
            }
        }
    }

    /// Deletes what was said. Idempotent.
    func discard() {
        guard let (recording, _) = stop() else { return }
        services.recordings.closeSoon(recording, contact: name, of: leg) { result in
            if case .success(let journal) = result { unlink(journal.path) }
        }
    }

    /// Nil when nothing is being recorded.
    private func stop() -> (UInt32, since: Instant)? {
        defer { state = .over }
        listening?.cancel()
        listening = nil
        guard case .recording(let recording, let since) = state else { return nil }
        leg.stopRecording()
        return (recording, since)
    }
}

extension Duration {
    fileprivate var seconds: Double { Double(nanoseconds) / 1e9 }
}
