// The signalling thread as a global actor: sofia's callbacks enter it without a hop, its objects call one another
// plainly.

public import Timing

/// Everything that signals (dialogs, calls, queues, consultants) lives on this actor. It is one thread, sofia's
/// `su_root` loop, and lasts as long as the process: an actor cannot lose its executor while tasks may still await it.
@globalActor
public actor Signalling {
    public static let shared = Signalling()
    nonisolated let thread = SignallingThread()

    public nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

    /// Starts the thread; does nothing when it runs already. Whoever awaits the actor first starts it too, but learns
    /// of a failure only by a trap.
    public static func start() throws(SignallingError) {
        _ = try shared.thread.start()
    }

    /// Enters the actor from a C callback that is already on its thread; traps elsewhere.
    public nonisolated static func assumeIsolated<T>(_ body: @Signalling () throws -> T) rethrows -> T {
        shared.preconditionIsolated()
        return try withoutActuallyEscaping(body) {
            // Because a global actor has no `assumeIsolated` of its own: the isolation was checked on the line above,
            // and an isolated synchronous function has the same calling convention as one without isolation.
            try unsafeBitCast($0, to: (() throws -> T).self)()
        }
    }

    /// Calls `ready` on the actor whenever `fd` is readable, until `cancel()`. `ready` must read what is there,
    /// otherwise it is called again at once.
    @Signalling
    public static func watch(fd: Int32, _ ready: @escaping @Signalling () -> Void) -> Watch {
        Watch(fd: fd, on: shared.thread, ready)
    }

    /// Calls `fire` on the actor once, not before `at`; soon, when `at` has passed.
    @Signalling
    @discardableResult
    public static func timer(at deadline: Instant, _ fire: @escaping @Signalling () -> Void) -> TimerToken {
        Deadlines.shared.add(deadline, fire)
    }
}

/// Why signalling could not begin.
public enum SignallingError: Error, Sendable {
    /// The thread or its loop could not be made: out of memory, threads or file descriptors.
    case threadNotStarted
}
