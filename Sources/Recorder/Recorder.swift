// The recorder: a thread of its own that takes payloads from the media threads' taps and keeps them.

import Dispatch
public import Media
import Synchronization
public import Timing

/// Writes journals. Every method returns at once; the disk is waited for elsewhere.
public final class Recorder: Sendable {
    /// Twenty rounds a second: 1,000 recorded calls leave 1.2 MB in a tap meanwhile.
    private static let round = DispatchTimeInterval.milliseconds(50)

    private struct State {
        var requests: [JournalDesk.Request] = []
        var isStopping = false
        var isRunning = false
    }

    private let directory: String
    private let taps: [TapRing]
    private let onProblem: @Sendable (RecorderProblem) -> Void
    private let state = Mutex(State())
    private let doorbell = DispatchSemaphore(value: 0)
    private let stopped = DispatchSemaphore(value: 0)
    private let disk = DispatchQueue(label: "recorder.disk")

    /// - Parameters:
    ///   - directory: where the recordings are; made when missing (its parent must exist).
    ///   - taps: one for each media thread; this recorder is their only reader.
    ///   - onProblem: called on the recorder's thread; must return soon.
    public init(
        directory: String, taps: [TapRing], onProblem: @escaping @Sendable (RecorderProblem) -> Void
    ) {
        self.directory = directory
        self.taps = taps
        self.onProblem = onProblem
    }

    /// Starts the thread. Once.
    public func start() {
        state.withLock { $0.isRunning = true }
        RecorderThread.start { [self] in run() }
    }

    /// Takes what is still in the taps, closes every journal and returns when all of it is on the disk.
    public func stop() {
        let wasRunning = state.withLock { state in
            state.isStopping = true
            return state.isRunning
        }
        guard wasRunning else { return }
        doorbell.signal()
        stopped.wait()
        disk.sync {}
    }

    /// A new recording. Payloads that the taps bring under its number are kept from now on.
    /// - Parameters:
    ///   - recording: never used before in this process.
    ///   - contact: letters, digits, `-` and `_`, at most 64; becomes the file's name.
    ///   - startedAt: `unixMilliseconds`, the moment that `origin` is on the monotonic clock.
    public func open(
        _ recording: UInt32, contact: String, startedAt unixMilliseconds: Int64, origin: Instant
    ) {
        let header = JournalHeader(contact: contact, startedAt: unixMilliseconds, origin: origin)
        state.withLock { $0.requests.append(.open(recording: recording, header: header)) }
    }

    /// Completes a recording; what is in the taps by now is still kept.
    /// - Parameter completion: called on another thread when the file is complete and on the disk.
    public func close(
        _ recording: UInt32, completion: @escaping @Sendable (Result<RecordedJournal, RecorderProblem>) -> Void
    ) {
        state.withLock { $0.requests.append(.close(recording: recording, completion: completion)) }
        doorbell.signal()
    }

    private func takeRequests() -> [JournalDesk.Request] {
        state.withLock { state in
            defer { state.requests = [] }
            return state.requests
        }
    }

    private func run() {
        let desk = JournalDesk(directory: directory, taps: taps, disk: disk, onProblem: onProblem)
        while true {
            let isLast = state.withLock { $0.isStopping }
            let requests = takeRequests()
            desk.drain(requests, now: Clock.monotonic(), more: takeRequests)
            if isLast { break }
            _ = doorbell.wait(timeout: .now() + Self.round)
        }
        desk.closeAll(now: Clock.monotonic())
        stopped.signal()
    }
}
