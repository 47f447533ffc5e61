// The shell around a media engine: a thread with its sockets, its clock and its rings. It decides nothing.

import CLinux
import Glibc
import Synchronization
import Timing

/// Why a media thread cannot be made.
public enum MediaThreadError: Error, Equatable, Sendable {
    /// The kernel refused descriptors or the thread; the value is `errno`.
    case system(Int32)
}

/// One thread that owns its legs and their sockets. `send` and `nextEvent` are for one other thread only (signalling);
/// `counters` may be read from anywhere.
public final class MediaThread: Sendable {
    /// Legs that one thread can hold.
    public static let capacity = 4_096
    private static let commandCapacity = 8_192
    private static let eventCapacity = 16_384

    public let name: String
    /// An eventfd, readable when events wait: read its eight bytes, then call `nextEvent` until nil.
    public let doorbell: Int32
    /// What is recorded; for one reader.
    public let taps: TapRing
    let commands = Ring<Command>(capacity: MediaThread.commandCapacity, filledWith: .stop)
    let events = EventQueue(capacity: MediaThread.eventCapacity)
    /// Wakes the thread when a command waits.
    let wakeUp: Int32
    let board = CounterBoard()
    public let wantsRealtime: Bool
    /// The POSIX thread while it runs.
    private let running = Mutex<Running?>(nil)

    private struct Running {
        let thread: pthread_t
        let isRealtime: Bool
        /// The clock of its CPU time.
        let clock: clockid_t
    }

    /// - Parameters:
    ///   - name: at most 15 characters, as `top -H` shows it.
    ///   - realtime: asks for SCHED_FIFO; give it to fewer threads than there are processors.
    ///   - tapCapacity: bytes between engine and recorder, a power of two. 1,000 recorded calls fill 25 MB a second; what
    ///     the recorder does not leave waiting costs no memory.
    public init(
        name: String = "media", realtime: Bool = true, tapCapacity: Int = 1 << 26
    ) throws(MediaThreadError) {
        self.name = name
        wantsRealtime = realtime
        taps = TapRing(capacity: tapCapacity)
        doorbell = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        wakeUp = eventfd(0, Int32(EFD_NONBLOCK) | Int32(EFD_CLOEXEC))
        guard doorbell >= 0, wakeUp >= 0 else { throw .system(errno) }
    }

    deinit {
        close(doorbell)
        close(wakeUp)
    }

    /// Starts the thread; once. It keeps this object alive until `stop`.
    public func start() throws(MediaThreadError) {
        var made = pthread_t()
        let result = pthread_create(&made, nil, runMediaThread, Unmanaged.passRetained(self).toOpaque())
        guard result == 0 else {
            // because the thread that would have released it does not exist
            Unmanaged.passUnretained(self).release()
            throw .system(result)
        }
        // 50 is what audio programs take: above everything of ours, below the kernel's own threads.
        var priority = sched_param(sched_priority: 50)
        let isRealtime = wantsRealtime && pthread_setschedparam(made, SCHED_FIFO, &priority) == 0
        var clock = clockid_t()
        pthread_getcpuclockid(made, &clock)
        running.withLock { $0 = Running(thread: made, isRealtime: isRealtime, clock: clock) }
    }

    /// Ends the thread and waits for it. Legs that are left come back as `.removed` events afterwards.
    public func stop() {
        let stopped = running.withLock { running in
            defer { running = nil }
            return running
        }
        guard let stopped else { return }
        while !send(.stop) { usleep(1_000) }
        pthread_join(stopped.thread, nil)
    }

    /// False when the ring is full: the thread stands still, or the caller never lets it breathe. Only from signalling.
    @discardableResult
    public func send(_ command: Command) -> Bool {
        guard commands.push(command) else { return false }
        MediaThread.ring(wakeUp)
        return true
    }

    /// The next event; nil when there is none. Only from signalling.
    public func nextEvent() -> MediaEvent? { events.pop() }

    /// Counts as of the last millisecond.
    public var counters: MediaCounters { board.snapshot }

    /// Whether the running thread goes before all others (SCHED_FIFO); false when it does not want to, or may not: tell
    /// the operator once.
    public var isRealtime: Bool { running.withLock { $0?.isRealtime ?? false } }

    /// CPU time that the running thread has spent, system calls included; zero when it does not run. From any thread.
    public var cpuTime: Duration {
        running.withLock { running in
            var time = timespec()
            guard let running, clock_gettime(running.clock, &time) == 0 else { return .zero }
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
    }

    static func ring(_ bell: Int32) {
        var one: UInt64 = 1
        _ = write(bell, &one, 8)
    }

    /// The thread's whole life.
    fileprivate func run() {
        name.withCString { clinux_become_timed_thread($0) }
        var loop = MediaLoop(thread: self)
        loop.run()
    }
}

/// The thread's entry point: file-scope, because C takes no closure with a captured object.
private func runMediaThread(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let raw else { return nil }
    // because `start` passed a retained reference
    Unmanaged<MediaThread>.fromOpaque(raw).takeRetainedValue().run()
    return nil
}

/// The counters as other threads see them: one writer, any number of readers.
final class CounterBoard: @unchecked Sendable {
    // @unchecked because the memory holds atomics only and never moves
    private let values: UnsafeMutablePointer<Atomic<Int>>

    init() {
        values = .allocate(capacity: Counter.count)
        for index in 0..<Counter.count { (values + index).initialize(to: Atomic(0)) }
    }

    deinit {
        values.deinitialize(count: Counter.count)
        values.deallocate()
    }

    func publish(_ counters: MediaCounters) {
        for index in 0..<Counter.count { values[index].store(counters.value(at: index), ordering: .relaxed) }
    }

    var snapshot: MediaCounters {
        var counters = MediaCounters()
        for index in 0..<Counter.count { counters.set(values[index].load(ordering: .relaxed), at: index) }
        return counters
    }
}
