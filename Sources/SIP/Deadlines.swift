// All timers of the signalling thread: a heap of deadlines and one timerfd.

import CSofia
import Timing

/// Made by `Signalling.timer`. Dropping it does not stop the timer, `cancel()` does.
@Signalling
public final class TimerToken {
    fileprivate var fire: (@Signalling () -> Void)?

    fileprivate init(_ fire: @escaping @Signalling () -> Void) { self.fire = fire }

    /// The timer does not fire any more. Harmless when it has.
    public func cancel() { fire = nil }
}

/// The shell that asks the clock; on the monotonic clock, so that a changed date moves no timer.
@Signalling
final class Deadlines {
    static let shared = Deadlines()

    private var heap = DeadlineHeap<TimerToken>()
    private let descriptor: Int32
    private var armed: Instant?

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

    private func expired() {
        sofia_timer_clear(descriptor)
        armed = nil
        let now = Clock.monotonic()
        while let token = heap.popFirst(notAfter: now) {
            let fire = token.fire
            token.fire = nil
            fire?()
        }
        arm()
    }

    private func arm() {
        heap.removeFirst(while: { $0.fire == nil })
        guard let first = heap.first, first != armed else { return }
        armed = first
        sofia_timer_set(descriptor, first.nanoseconds)
    }
}
