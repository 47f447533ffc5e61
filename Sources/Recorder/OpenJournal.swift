// One recording that is being written.

import Media
import Timing

/// Its writer with what the disk has not taken yet, and its file.
final class OpenJournal {
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
    private let sync: DiskSync
    /// nil until the disk has let it be made.
    private var file: JournalFile?
    private var written = 0
    private var lost: UInt64 = 0
    private var isFailing = false
    private var lastSeal: Instant

    init(_ header: JournalHeader, directory: String, sync: DiskSync, now: Instant) {
        writer = JournalWriter(header)
        self.directory = directory
        self.sync = sync
        lastSeal = now
    }

    var hasFile: Bool { file != nil }

    /// Keeps a payload. A recorder that is late, so that much comes at once, writes in between.
    func append(_ block: TapBlock, _ payload: UnsafeRawBufferPointer, _ onProblem: (RecorderProblem) -> Void) {
        guard writer.count < JournalDesk.largestBacklog else {
            lost += 1
            return
        }
        writer.append(block, payload: payload)
        guard writer.isFull, !isFailing else { return }
        writer.seal()
        _ = writeReady(onProblem)
    }

    func close(_ completion: @escaping Completion, now: Instant) {
        guard case .recording = state else { return }
        writer.end(.closed, lost: lost)
        state = .closing(completion, deadline: now + JournalDesk.patience)
    }

    /// Writes what is due.
    /// - Returns: true when this recording is done with and can be forgotten.
    func write(now: Instant, _ onProblem: (RecorderProblem) -> Void) -> Bool {
        if now - lastSeal >= JournalDesk.segmentInterval {
            writer.seal()
            lastSeal = now
        }
        if let problem = writeReady(onProblem) { return giveUpIfDue(problem, now: now) }
        guard let file, case .closing(let completion, _) = state else { return false }
        if lost > 0 { onProblem(.lost(contact: writer.header.contact, payloads: lost)) }
        let journal = RecordedJournal(
            contact: writer.header.contact, path: file.path, duration: .nanoseconds(writer.lastOffset), lost: lost)
        sync.add(DiskSync.Finished(file: file, journal: journal, completion: completion))
        return true
    }

    /// For the process's end: whatever state it is in, the next start completes it.
    func abandon() { file?.abandon() }

    /// - Returns: what stands in the way; told only when it is new.
    private func writeReady(_ onProblem: (RecorderProblem) -> Void) -> RecorderProblem? {
        do {
            try writeBytes()
        } catch {
            if !isFailing { onProblem(error) }
            isFailing = true
            return error
        }
        if isFailing { onProblem(.recovered(contact: writer.header.contact)) }
        isFailing = false
        return nil
    }

    private func writeBytes() throws(RecorderProblem) {
        if file == nil { file = try JournalFile.create(writer.header, in: directory) }
        guard let file else { return }
        let place = written
        try writer.giveReady { bytes throws(RecorderProblem) in
            try file.write(bytes, at: place)
            written += bytes.count
        }
    }

    private func giveUpIfDue(_ error: RecorderProblem, now: Instant) -> Bool {
        guard case .closing(let completion, let deadline) = state, now >= deadline else { return false }
        abandon()
        completion(.failure(error))
        return true
    }
}
