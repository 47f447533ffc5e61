// The thread behind the actor: runs sofia's loop and the actor's jobs on it.

import CSofia
import Glibc
import Synchronization

/// An executor whose thread is sofia's `su_root` loop.
final class SignallingThread: SerialExecutor {
    private enum State {
        /// Goes to: running, failed.
        case idle
        case running(Loop)
        case failed
    }

    /// Because the pointer is handed to sofia only; `sofia_loop_post` may be called on any thread, the rest is called
    /// on the loop's thread.
    struct Loop: @unchecked Sendable {
        let pointer: OpaquePointer
        let thread: pthread_t
    }

    private let state = Mutex(State.idle)

    func start() throws(SignallingError) -> Loop {
        let loop = state.withLock { state in
            if case .idle = state { state = Self.launch() }
            switch state {
            case .running(let loop): return Loop?.some(loop)
            case .idle, .failed: return nil
            }
        }
        guard let loop else { throw .threadNotStarted }
        return loop
    }

    private static func launch() -> State {
        guard let loop = sofia_loop_create() else { return .failed }
        var thread = pthread_t()
        let started = pthread_create(&thread, nil, runLoop, UnsafeMutableRawPointer(loop))
        guard started == 0, sofia_loop_wait(loop) == 0 else { return .failed }
        return .running(Loop(pointer: loop, thread: thread))
    }

    /// The loop; starts it when nobody has.
    var loop: Loop {
        do {
            return try start()
        } catch {
            fatalError("The signalling thread cannot start: call Signalling.start() first to get the error instead.")
        }
    }

    // MARK: SerialExecutor

    func enqueue(_ job: consuming ExecutorJob) {
        let work = Work(job: UnownedJob(job), executor: asUnownedSerialExecutor())
        // Because the job travels through C as a pointer; `runWork` takes the reference over.
        let arg = Unmanaged.passRetained(work).toOpaque()
        guard sofia_loop_post(loop.pointer, runWork, arg) == 0 else {
            fatalError("Out of memory for a signalling job.")
        }
    }

    func checkIsolated() {
        precondition(isCurrentThread, "This belongs on the signalling thread.")
    }

    func isIsolatingCurrentContext() -> Bool? { isCurrentThread }

    private var isCurrentThread: Bool { pthread_equal(loop.thread, pthread_self()) != 0 }
}

/// One actor job on its way through C.
private final class Work: Sendable {
    let job: UnownedJob
    let executor: UnownedSerialExecutor

    init(job: UnownedJob, executor: UnownedSerialExecutor) {
        self.job = job
        self.executor = executor
    }
}

private nonisolated func runWork(_ arg: UnsafeMutableRawPointer?) {
    guard let arg else { return }
    // Because `enqueue` passed it retained.
    let work = Unmanaged<Work>.fromOpaque(arg).takeRetainedValue()
    work.job.runSynchronously(on: work.executor)
}

private nonisolated func runLoop(_ arg: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    sofia_loop_run(OpaquePointer(arg))
    return nil
}
