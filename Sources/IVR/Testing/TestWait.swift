// The queue in an in-file test: `given` says how long it takes and how it ends.

import Timing
import YAML

extension TestRun {
    /// An announcement comes before the answer, or the answer before it.
    mutating func wait(_ wait: Wait) {
        if wait.load.isFull { return refuse(.full) }
        if wait.load.hasNobody { return refuse(.nobody) }
        if now.instant == wait.since, let limit = wait.busyAbove, let told = wait.load.wait, told > limit {
            return refuse(.busy)
        }
        if case .hangUp? = script.first {
            script.removeFirst()
            return callerHangsUp()
        }
        if case .press(let keys)? = script.first, keys.count == 1, accepts(keys) {
            script.removeFirst()
            pass(.seconds(1))
            return press(keys)
        }
        let limit = wait.settings.maxWait ?? .seconds(14_400)
        let wanted = wait.load.wait ?? .seconds(2)
        let end = wait.since + min(wanted, limit)
        let heard = playing.map { now.instant + $0 }
        if let next = heard ?? machine.deadline, next < end {
            return announce(at: next, wait, wasPlaying: heard != nil)
        }
        if end > now.instant { pass(end - now.instant) }
        if wanted > limit { return refuse(.timeout) }
        answer()
    }

    /// A key does something now.
    private func accepts(_ keys: String) -> Bool {
        guard case .waiting(let turn) = machine.state, let key = keys.first else { return false }
        return turn.key(key) != nil
    }

    private mutating func refuse(_ news: IVRMachine.QueueNews) {
        playing = nil
        outside = .nothing
        feed(.queue(news))
    }

    private mutating func announce(at next: Instant, _ wait: Wait, wasPlaying: Bool) {
        if next > now.instant { pass(next - now.instant) }
        if case .silence? = script.first { script.removeFirst() }
        if wasPlaying {
            playing = nil
            return feed(.played)
        }
        let left = wait.load.wait.map { $0 - (now.instant - wait.since) }
        feed(.queue(.position(ahead: wait.load.ahead, wait: left)))
        feed(.deadline)
    }

    private mutating func answer() {
        remark("(a consultant answers)")
        noteRecording(.answer)
        playing = nil
        outside = .talking
        feed(.queue(.answered))
    }

    /// Noted where the hotline says that recording begins.
    mutating func noteRecording(_ place: RecordingPolicy.Start) {
        guard hotline.recording.from == place else { return }
        note("recording \(machine.isRecordingOn ? "on" : "off")")
    }
}
