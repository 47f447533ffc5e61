// Ctrl-C, SIGTERM and SIGHUP as something that can be awaited.

import Dispatch
@preconcurrency import Glibc

enum Signals {
    /// Returns at the first SIGINT or SIGTERM; a second one ends the process at once, as a person would expect. Each SIGHUP
    /// until then asks for `reload`.
    static func stopAsked(reload: @escaping @Sendable () async -> Void) async {
        let (asked, told) = AsyncStream.makeStream(of: Bool.self)
        let sources = [SIGINT, SIGTERM, SIGHUP].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                if number != SIGHUP { signal(number, SIG_DFL) }
                told.yield(number == SIGHUP)
            }
            source.resume()
            return source
        }
        for await isReload in asked {
            guard isReload else { break }
            Task { await reload() }
        }
        // Kept until here: a source that is let go of reports nothing.
        withExtendedLifetime(sources) {}
    }
}

/// What was printed is seen at once, even through a pipe.
func flush() { fflush(stdout) }
