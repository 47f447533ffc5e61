// A thread that belongs to nobody's pool.

import CLinux
import Glibc

/// Starts the recorder's thread: a pool's thread could be taken away by other work for longer than the taps last.
enum RecorderThread {
    static func start(_ body: @escaping @Sendable () -> Void) {
        // because the thread takes the box over and releases it when it begins
        let box = Unmanaged.passRetained(Body(run: body)).toOpaque()
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, enter, box)
        precondition(code == 0, "the recorder's thread could not be started: \(String(cString: strerror(code)))")
        pthread_detach(thread)
    }

    fileprivate final class Body: Sendable {
        let run: @Sendable () -> Void
        init(run: @escaping @Sendable () -> Void) { self.run = run }
    }
}

private nonisolated func enter(_ box: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    "recorder".withCString { clinux_name_thread($0) }
    // because `start` retained exactly this object for us and passes nothing else
    Unmanaged<RecorderThread.Body>.fromOpaque(box!).takeRetainedValue().run()
    return nil
}
