// All journals that are open, as the recorder's thread sees them. Time comes in as a parameter.

import Dispatch
import Media
import Synchronization
import Timing

/// Distributes payloads to journals and writes these to their files. Used by one thread.
final class JournalDesk {
    /// So often a journal's payloads become a segment, and go to the file in one write: what a killed process loses at most,
    /// with one round's length. Each write to a file costs ten microseconds, most of a recording's CPU. A little less
    /// than four rounds, so that it is four.
    static let segmentInterval = Duration.milliseconds(190)
    static let syncInterval = Duration.seconds(1)
    /// What a recording may hold back in memory while the disk refuses: about three minutes.
    static let largestBacklog = 4 << 20
    /// How long a closed recording may wait for a disk that refuses, before it is given up until the next start.
    static let patience = Duration.seconds(30)

    enum Request: Sendable {
        case open(recording: UInt32, header: JournalHeader)
        case close(recording: UInt32, completion: @Sendable (Result<RecordedJournal, RecorderProblem>) -> Void)
    }

    private let directory: String
    private var taps: TapMerge
    private let onProblem: @Sendable (RecorderProblem) -> Void
    /// Waiting for the disk happens here, never where the taps are drained.
    private let disk: DispatchQueue
    private let sync: DiskSync
    private var lastSync = Instant(nanoseconds: 0)
    private var journals: [UInt32: OpenJournal] = [:]
    /// To be closed in the next round.
    private var later: [Request] = []

    init(
        directory: String, taps: [TapRing], disk: DispatchQueue,
        onProblem: @escaping @Sendable (RecorderProblem) -> Void
    ) {
        self.directory = directory
        self.taps = TapMerge(taps)
        self.disk = disk
        sync = DiskSync(directory: directory, disk: disk)
        self.onProblem = onProblem
    }

    var isEmpty: Bool { journals.isEmpty }

    /// One round: opens, takes what waits in the taps, writes, closes.
    /// - Parameters:
    ///   - requests: what was asked since the last round.
    ///   - now: asked of the clock after `requests` were taken, so that the last payloads of what is to be closed are
    ///     not younger.
    ///   - more: gives what was asked meanwhile. Called once, when a payload of an unknown recording turns up, because
    ///     opening and the first payload come on different ways.
    func drain(_ requests: [Request], now: Instant, more: () -> [Request]) {
        let closing = perform(later + requests, now: now)
        later = []
        var askedAgain = false
        taps.read(until: now) { block, payload in
            if let journal = journals[block.recording] { return journal.append(block, payload, onProblem) }
            guard !askedAgain else { return }
            askedAgain = true
            for request in more() {
                if case .open(let recording, let header) = request {
                    open(recording, header, now: now)
                } else {
                    later.append(request)
                }
            }
            journals[block.recording]?.append(block, payload, onProblem)
        }
        for (recording, completion) in closing { journals[recording]?.close(completion, now: now) }
        write(now: now)
    }

    /// Closes everything that is open.
    func closeAll(now: Instant) {
        for (recording, completion) in perform(later, now: now) { journals[recording]?.close(completion, now: now) }
        for journal in journals.values { journal.close({ _ in }, now: now) }
        write(now: now)
        for journal in journals.values { journal.abandon() }
        journals = [:]
    }

    /// Opens what is to be opened and returns what is to be closed.
    private func perform(_ requests: [Request], now: Instant) -> [(UInt32, OpenJournal.Completion)] {
        requests.compactMap { request in
            switch request {
            case .open(let recording, let header):
                open(recording, header, now: now)
                return nil
            case .close(let recording, let completion):
                guard journals[recording] == nil else { return (recording, completion) }
                disk.async { completion(.failure(.notOpen(recording))) }
                return nil
            }
        }
    }

    private func open(_ recording: UInt32, _ header: JournalHeader, now: Instant) {
        guard JournalHeader.isUsable(contact: header.contact) else { return onProblem(.badContact(header.contact)) }
        journals[recording] = OpenJournal(header, directory: directory, sync: sync, now: now)
    }

    private func write(now: Instant) {
        let done = journals.filter { $0.value.write(now: now, onProblem) }
        for recording in done.keys { journals[recording] = nil }
        if let problem = sync.takeProblem() { onProblem(problem) }
        let isDue = now - lastSync >= Self.syncInterval && journals.values.contains { $0.hasFile }
        guard isDue || !done.isEmpty else { return }
        lastSync = now
        sync.request()
    }
}
