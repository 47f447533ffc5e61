// Waiting for the disk, for all recordings together and never where the taps are drained.

import CLinux
import Dispatch
import Glibc
import Synchronization

/// One `syncfs` makes durable whatever was written to the file system before it. A sync for each of many recordings would
/// cost the file system a commit each, every second: with 400 of them no disk kept up, and a third of recording's CPU
/// went there.
final class DiskSync: Sendable {
    /// A journal that was written to its end.
    struct Finished: Sendable {
        let file: JournalFile
        let journal: RecordedJournal
        let completion: OpenJournal.Completion
    }

    private struct State {
        var isRunning = false
        var isWanted = false
        var finished: [Finished] = []
        var problem: RecorderProblem?
    }

    private let directory: String
    private let disk: DispatchQueue
    private let state = Mutex(State())
    /// Stays open once it is: the kernel tells of a failed write through descriptors that were there before it.
    private let descriptor = Mutex<Int32>(-1)

    init(directory: String, disk: DispatchQueue) {
        self.directory = directory
        self.disk = disk
    }

    deinit { descriptor.withLock { if $0 >= 0 { close($0) } } }

    /// What was written so far is to become durable. One sync runs at a time: a slow disk makes them rarer.
    func request() {
        let starts = state.withLock { state in
            state.isWanted = true
            defer { state.isRunning = true }
            return !state.isRunning
        }
        if starts { disk.async { [self] in run() } }
    }

    /// At the next `request`: the journal is closed and reported when it is durable with its name.
    func add(_ finished: Finished) { state.withLock { $0.finished.append(finished) } }

    /// What went wrong since the last call.
    func takeProblem() -> RecorderProblem? {
        state.withLock { state in
            defer { state.problem = nil }
            return state.problem
        }
    }

    private func run() {
        while let finished = take() {
            let result = Result { () throws(RecorderProblem) in try makeDurable() }
            if case .failure(let problem) = result { state.withLock { $0.problem = problem } }
            for one in finished { one.completion(result.map { one.journal }) }
            for one in finished { if case .success = result { one.file.finish() } else { one.file.abandon() } }
        }
    }

    /// What the next sync is for; nil when nobody wants one.
    private func take() -> [Finished]? {
        state.withLock { state in
            guard state.isWanted else {
                state.isRunning = false
                return nil
            }
            state.isWanted = false
            defer { state.finished = [] }
            return state.finished
        }
    }

    private func makeDurable() throws(RecorderProblem) {
        let isDone = descriptor.withLock { descriptor in
            if descriptor < 0 { descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
            return descriptor >= 0 && clinux_sync_filesystem(descriptor) == 0
        }
        guard isDone else {
            throw .disk(action: "sync", path: directory, reason: String(cString: strerror(errno)))
        }
    }
}
