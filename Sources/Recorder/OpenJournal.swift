// One recording that is being written.

import Dispatch
import Media
import Synchronization
import Timing

/// Its writer, its file and what the disk has not taken yet.
struct OpenJournal {
    typealias Completion = @Sendable (Result<RecordedJournal, RecorderProblem>) -> Void

    private enum State {
        /// Goes to: closing.
        case recording
        /// Goes to: away, when the last byte is written or the deadline has passed.
        case closing(Completion, deadline: Instant)
    }

    private var writer: JournalWriter
    private var state = State.recording
    private let directory: String
    private let disk: DispatchQueue
    private let sync = SyncFlag()
    /// nil until the disk has let it be made.
    private var file: JournalFile?
    private var backlog: [UInt8] = []
    private var written = 0
    private var lost: UInt64 = 0
    private var isFailing = false
    private var lastSeal: Instant
    private var lastSync: Instant

    init(_ header: JournalHeader, directory: String, disk: DispatchQueue, now: Instant) {
        writer = JournalWriter(header)
        self.directory = directory
        self.disk = disk
        lastSeal = now
        lastSync = now
    }

    mutating func append(_ block: TapBlock, _ payload: UnsafeRawBufferPointer) {
        guard backlog.count < JournalDesk.largestBacklog else {
            lost += 1
            return
        }
        writer.append(block, payload: payload)
    }

    mutating func close(_ completion: @escaping Completion, now: Instant) {
        guard case .recording = state else { return }
        writer.end(.closed, lost: lost)
        state = .closing(completion, deadline: now + JournalDesk.patience)
    }

    /// Writes what is due.
    /// - Returns: true when this recording is done with and can be forgotten.
    mutating func write(now: Instant, _ onProblem: (RecorderProblem) -> Void) -> Bool {
        if now - lastSeal >= JournalDesk.segmentInterval {
            writer.seal()
            lastSeal = now
        }
        do {
            try writeBytes()
            if isFailing { onProblem(.recovered(contact: writer.header.contact)) }
            isFailing = false
        } catch {
            if !isFailing { onProblem(error) }
            isFailing = true
            return giveUpIfDue(error, now: now)
        }
        guard let file else { return false }
        switch state {
        case .recording:
            if now - lastSync >= JournalDesk.syncInterval { startSync(file, now: now, onProblem) }
            return false
        case .closing(let completion, _):
            if lost > 0 { onProblem(.lost(contact: writer.header.contact, payloads: lost)) }
            finish(file, completion)
            return true
        }
    }

    /// For the process's end: whatever state it is in, the next start completes it.
    func abandon() {
        guard let file else { return }
        // Behind whatever is still being made durable through the same descriptor.
        disk.async { file.abandon() }
    }

    private mutating func writeBytes() throws(RecorderProblem) {
        backlog += writer.takeBytes()
        if file == nil { file = try JournalFile.create(writer.header, in: directory) }
        guard let file, !backlog.isEmpty else { return }
        try file.write(backlog, at: written)
        written += backlog.count
        backlog = []
    }

    private func giveUpIfDue(_ error: RecorderProblem, now: Instant) -> Bool {
        guard case .closing(let completion, let deadline) = state, now >= deadline else { return false }
        abandon()
        disk.async { completion(.failure(error)) }
        return true
    }

    /// One wait for the disk at a time; a slow disk makes them rarer.
    private mutating func startSync(_ file: JournalFile, now: Instant, _ onProblem: (RecorderProblem) -> Void) {
        guard sync.begin() else { return }
        lastSync = now
        if let problem = sync.takeProblem() { onProblem(problem) }
        disk.async { [sync] in sync.end(Result { () throws(RecorderProblem) in try file.makeDurable() }) }
    }

    private func finish(_ file: JournalFile, _ completion: @escaping Completion) {
        let journal = RecordedJournal(
            contact: writer.header.contact, path: file.path, duration: .nanoseconds(writer.lastOffset), lost: lost)
        disk.async {
            completion(
                Result { () throws(RecorderProblem) in
                    try file.finish()
                    return journal
                })
        }
    }
}

/// Whether the disk is at work for one journal, and how its last work went.
private final class SyncFlag: Sendable {
    private struct State {
        var isRunning = false
        var problem: RecorderProblem?
    }

    private let state = Mutex(State())

    /// False when it is at work already.
    func begin() -> Bool {
        state.withLock { state in
            if state.isRunning { return false }
            state.isRunning = true
            return true
        }
    }

    func end(_ result: Result<Void, RecorderProblem>) {
        state.withLock { state in
            state.isRunning = false
            if case .failure(let problem) = result { state.problem = problem }
        }
    }

    func takeProblem() -> RecorderProblem? {
        state.withLock { state in
            defer { state.problem = nil }
            return state.problem
        }
    }
}
