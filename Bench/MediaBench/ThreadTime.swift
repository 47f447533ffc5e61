// CPU time of single threads, and the reader that a tap ring needs.

import Foundation
import Media
import Synchronization

enum ThreadTime {
    /// Nanoseconds that threads named `media…` of this process have spent on a CPU so far (/proc/self/task/*/schedstat).
    static func media() -> Int64 {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return tasks.reduce(0) { sum, task in
            let folder = "/proc/self/task/\(task)/"
            guard let name = try? String(contentsOfFile: folder + "comm", encoding: .utf8), name.hasPrefix("media"),
                let times = try? String(contentsOfFile: folder + "schedstat", encoding: .utf8),
                let spent = times.split(separator: " ").first.flatMap({ Int64($0) })
            else { return sum }
            return sum + spent
        }
    }
}

/// Empties a tap ring as the recorder would, without writing.
final class TapDrain: Sendable {
    private let running = Atomic<Bool>(true)

    init(_ taps: TapRing) {
        BenchThread.detach { [self] in
            while running.load(ordering: .acquiring) {
                _ = taps.read { _, _ in }
                usleep(20_000)
            }
        }
    }

    func stop() { running.store(false, ordering: .releasing) }
}
