// All timers of the signalling thread: a heap of deadlines and one timerfd.

import CSofia
import Timing

/// Made by `Signalling.timer`. Dropping it does not stop the timer, `cancel()` does.
@Signalling
public final class TimerToken {
    fileprivate var fire: (@Signalling () -> Void)?

    fileprivate init(_ fire: @escaping @Signalling () -> Void) { self.fire = fire }

    /// The timer does not fire any more. Harmless when it has.
    public func cancel() {
        guard fire != nil else { return }
        fire = nil
        Deadlines.shared.noteCancelled()
    }
}

/// The shell that asks the clock; on the monotonic clock, so that a changed date moves no timer.
@Signalling
final class Deadlines {
    static let shared = Deadlines()

    private var heap = DeadlineHeap<TimerToken>()
    private let descriptor: Int32
    private var armed: Instant?
    /// Timers in the heap that do not fire any more.
    private var cancelled = 0

    private init() {
        descriptor = sofia_timer_open()
        precondition(descriptor >= 0, "No file descriptor for timers.")
        _ = Signalling.watch(fd: descriptor) { Deadlines.shared.expired() }
    }

    func add(_ deadline: Instant, _ fire: @escaping @Signalling () -> Void) -> TimerToken {
        let token = TimerToken(fire)
        heap.insert(token, at: deadline)
        arm()
        return token
    }

    var count: Int { heap.count }

    /// Calls set timers hours ahead and may come by the thousand a second: what was cancelled does not stay until its time.
    fileprivate func noteCancelled() {
        cancelled += 1
        guard cancelled > 64, cancelled > heap.count / 2 else { return }
        heap.removeAll { $0.fire == nil }
        cancelled = 0
    }

    private func expired() {
        sofia_timer_clear(descriptor)
        armed = nil
        let now = Clock.monotonic()
        while let token = heap.popFirst(notAfter: now) {
            let fire = token.fire
            token.fire = nil
            if let fire { fire() } else { cancelled -= 1 }
        }
        arm()
    }

    private func arm() {
        let before = heap.count
        heap.removeFirst(while: { $0.fire == nil })
        cancelled -= before - heap.count
        guard let first = heap.first, first != armed else { return }
        armed = first
        sofia_timer_set(descriptor, first.nanoseconds)
    }
}
