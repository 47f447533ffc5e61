// Looks at the media thread twenty times a second and says aloud what it sees.

import Foundation
import Glibc
import Logging
import Media
import SIP
import Timing

/// The shell around `MediaLoad`.
@Signalling
final class MediaWatch {
    private static let interval = Duration.milliseconds(50)

    private let thread: MediaThread
    private let log: Logger
    private var load = MediaLoad()
    private var timer: TimerToken?
    /// `/proc/self/task/N/schedstat` of the thread, once it is known.
    private var statistics: String?

    init(thread: MediaThread, log: Logger) {
        self.thread = thread
        self.log = log
    }

    var isOverloaded: Bool { load.isOverloaded }

    func start() {
        if !thread.isRealtime {
            log.notice("media.priority", metadata: ["what": "no real-time priority: CAP_SYS_NICE is missing"])
        }
        look()
    }

    private func look() {
        let counters = thread.counters
        let sample = MediaLoad.Sample(
            ticks: counters[.ticks], lateMicroseconds: counters[.lateMicroseconds], legs: counters[.legs], cpu: cpu())
        for news in load.note(sample, now: Clock.monotonic()) { tell(news) }
        timer = Signalling.timer(at: Clock.monotonic() + Self.interval) { [weak self] in self?.look() }
    }

    private func tell(_ news: MediaLoad.News) {
        switch news {
        case .stalled(let length):
            log.error("media.stalled", metadata: ["milliseconds": "\(length.milliseconds)"])
        case .recovered(let length):
            log.error("media.recovered", metadata: ["milliseconds": "\(length.milliseconds)"])
        case .overloaded(let share):
            log.warning("media.overloaded", metadata: ["core": "\(Int(share * 100))%", "what": "new calls get 503"])
        case .relieved: log.notice("media.relieved")
        }
    }

    /// CPU time of the media thread in nanoseconds; 0 where the kernel does not tell.
    private func cpu() -> Int64 {
        if statistics == nil { statistics = find() }
        guard let statistics, let text = Self.read(statistics) else { return 0 }
        return text.split(separator: " ").first.flatMap { Int64($0) } ?? 0
    }

    private func find() -> String? {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        let named = tasks.first { task in
            Self.read("/proc/self/task/\(task)/comm")?.hasPrefix(thread.name) == true
        }
        return named.map { "/proc/self/task/\($0)/schedstat" }
    }

    /// A short file of /proc. Read by hand: Foundation takes its size of 0 for the truth.
    private static func read(_ path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = Glibc.read(file, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
