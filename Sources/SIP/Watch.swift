// A file descriptor that wakes the signalling thread.

import CSofia

/// Made by `Signalling.watch`; goes on until `cancel()`, whether or not somebody holds it.
@Signalling
public final class Watch {
    private let ready: @Signalling () -> Void
    private let loop: OpaquePointer
    private var registration: OpaquePointer?

    init(fd: Int32, on thread: SignallingThread, _ ready: @escaping @Signalling () -> Void) {
        self.ready = ready
        loop = thread.loop.pointer
        // Because C holds the watch until `cancel` releases it.
        let arg = Unmanaged.passRetained(self).toOpaque()
        registration = sofia_loop_watch(loop, fd, onReady, arg)
        precondition(registration != nil, "The descriptor \(fd) cannot be watched.")
    }

    /// `ready` is not called any more. The descriptor stays open.
    public func cancel() {
        guard let registration else { return }
        self.registration = nil
        sofia_loop_unwatch(loop, registration)
        // Because `init` retained it for C, which has let go of it now.
        Unmanaged.passUnretained(self).release()
    }

    fileprivate func wake() { ready() }
}

private nonisolated func onReady(_ arg: UnsafeMutableRawPointer?) {
    guard let arg else { return }
    // Because the watch is retained for C as long as it is registered; retained here too, as `ready` may cancel it.
    let watch = Unmanaged<Watch>.fromOpaque(arg).takeUnretainedValue()
    Signalling.assumeIsolated { watch.wake() }
}
