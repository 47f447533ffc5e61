// Looks at the media threads twenty times a second and says aloud what it sees.

import Logging
import Media
import SIP
import Timing

/// The shell around each thread's `MediaLoad`.
@Signalling
final class MediaWatch {
    private static let interval = Duration.milliseconds(50)

    private let lanes: [MediaLane]
    private let log: Logger
    private var timer: TimerToken?

    init(lanes: [MediaLane], log: Logger) {
        self.lanes = lanes
        self.log = log
    }

    func start() {
        if lanes.contains(where: { $0.thread.wantsRealtime && !$0.thread.isRealtime }) {
            log.notice(
                "media.priority",
                metadata: ["what": "no real-time priority: CAP_SYS_NICE is missing, see packaging/centrala.service"])
        }
        look()
    }

    func stop() { timer?.cancel() }

    private func look() {
        let now = Clock.monotonic()
        for lane in lanes {
            note(lane.sample, of: lane, now: now)
            lane.catchUp()
        }
        timer = Signalling.timer(at: now + Self.interval) { [weak self] in self?.look() }
    }

    /// The lane judges what its thread has counted; what there is to say is said.
    func note(_ sample: MediaLoad.Sample, of lane: MediaLane, now: Instant) {
        for news in lane.note(sample, now: now) { tell(news, of: lane.thread.name) }
    }

    private func tell(_ news: MediaLoad.News, of thread: String) {
        var details: Logger.Metadata = ["thread": "\(thread)"]
        switch news {
        case .stalled(let length):
            details["milliseconds"] = "\(length.milliseconds)"
            log.error("media.stalled", metadata: details)
        case .recovered(let length):
            details["milliseconds"] = "\(length.milliseconds)"
            log.error("media.recovered", metadata: details)
        case .overloaded(let share):
            details["core"] = "\(Int(share * 100))%"
            details["what"] = "no new calls here; when all media threads are busy they get 503"
            log.warning("media.overloaded", metadata: details)
        case .relieved: log.notice("media.relieved", metadata: details)
        case .complexity(let complexity):
            details["opus"] = "\(complexity)"
            details["what"] = "how thoroughly Opus is encoded, 0 to 5, follows the load"
            log.notice("media.complexity", metadata: details)
        }
    }
}
