// When a call is recorded: only with the caller's consent, from the moment that the hotline names.

import IVR
import SIP
import Store

/// One recording a contact at most, however often its talks end and begin.
@Signalling
struct CallRecording {
    private enum State {
        /// Nothing recorded yet. Goes to: running.
        case off
        /// Goes to: paused, finished.
        case running(UInt32)
        /// Between two talks, or consent withdrawn. Goes to: running, finished.
        case paused(UInt32)
        case finished
    }

    private let contact: String
    private let leg: MediaLeg
    private let policy: RecordingPolicy
    private let services: CallServices
    private var state = State.off
    private var consented: Bool
    private var reachedPoint: RecordingPolicy.Start?
    /// The caller types something that nobody may hear again.
    private var isConcealed = false
    private var isSuspended = false

    init(contact: String, leg: MediaLeg, policy: RecordingPolicy, services: CallServices) {
        self.contact = contact
        self.leg = leg
        self.policy = policy
        self.services = services
        consented = policy.byDefault
    }

    var isOn: Bool {
        if case .running = state { return true }
        return false
    }

    /// The caller's choice by key; the latest one holds.
    mutating func consent(_ on: Bool) {
        guard on != consented else { return }
        consented = on
        services.facts.append(contact, on ? .recordingOn : .recordingOff, ["consent": on ? "yes" : "no"])
        on ? beginIfDue() : pause()
    }

    /// The call has come to a point from which the hotline may record.
    mutating func reached(_ point: RecordingPolicy.Start) {
        if let reachedPoint, reachedPoint.order > point.order { return }
        reachedPoint = point
        beginIfDue()
    }

    /// While the caller types a secret nothing is recorded, where the hotline wants it so (`pause: [secret]`): the
    /// recording holds silence there.
    mutating func conceal(_ on: Bool) {
        guard policy.pause.contains(.secret), on != isConcealed else { return }
        isConcealed = on
        on ? pause() : beginIfDue()
    }

    /// Nothing of the call is recorded while the caller leaves a message or has gone elsewhere.
    mutating func suspend(_ on: Bool) {
        guard on != isSuspended else { return }
        isSuspended = on
        on ? pause() : beginIfDue()
    }

    /// After a talk nothing is recorded until the next one, where recording begins with the answer.
    mutating func talkEnded() {
        guard policy.from == .answer else { return }
        reachedPoint = nil
        pause()
    }

    /// The leg is about to go: what was recorded is closed when its last packet has come.
    mutating func finish() {
        switch state {
        case .off, .finished: break
        case .running(let recording), .paused(let recording):
            leg.stopRecording()
            services.recordings.close(recording, contact: contact, after: leg)
        }
        state = .finished
    }

    private mutating func beginIfDue() {
        guard consented, !isConcealed, !isSuspended, let reachedPoint, reachedPoint.order >= policy.from.order else {
            return
        }
        switch state {
        case .off:
            let recording = services.recordings.open(contact: contact)
            leg.record(recording)
            state = .running(recording)
        case .paused(let recording):
            leg.record(recording)
            state = .running(recording)
        case .running, .finished: break
        }
    }

    private mutating func pause() {
        guard case .running(let recording) = state else { return }
        leg.stopRecording()
        state = .paused(recording)
    }
}

extension RecordingPolicy.Start {
    /// Earlier points of a call come first.
    fileprivate var order: Int {
        switch self {
        case .start: 0
        case .queue: 1
        case .answer: 2
        }
    }
}
