// Ctrl-C and SIGTERM as something that can be awaited.

import Dispatch
@preconcurrency import Glibc

enum Signals {
    /// Returns at the first SIGINT or SIGTERM. A second one ends the process at once, as a person would expect.
    static func stopAsked() async {
        let (asked, told) = AsyncStream.makeStream(of: Void.self)
        let sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                signal(number, SIG_DFL)
                told.yield()
            }
            source.resume()
            return source
        }
        for await _ in asked { break }
        // Kept until here: a source that is let go of reports nothing.
        withExtendedLifetime(sources) {}
    }
}

/// What was printed is seen at once, even through a pipe.
func flush() { fflush(stdout) }
