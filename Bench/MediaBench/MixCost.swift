// What it costs to mix a conference, beside its codecs: CPU time of this thread, no sound card, no network.

import Glibc
import Media

/// Everybody talks and everybody hears the others, as a media thread does it every 20 ms: all frames added up once, then
/// each listener's own taken away again.
enum MixCost {
    private static let rounds = 5
    private static let ticks = 5_000

    static func measure() {
        for rate in MixRate.allCases {
            for parties in [3, 16, 64] {
                let times = (0..<rounds).map { _ in microsecondsPerTick(parties: parties, rate: rate) }.sorted()
                let median = (times[rounds / 2] * 100).rounded() / 100
                print(
                    "{\"case\":\"mix\",\"parties\":\(parties),\"sample_rate\":\(rate.sampleRate),"
                        + "\"microseconds_per_tick\":\(median)}")
            }
        }
    }

    private static func microsecondsPerTick(parties: Int, rate: MixRate) -> Double {
        let count = rate.sampleCount
        // One frame behind the other, as in a media engine.
        let voices = UnsafeMutablePointer<Int16>.allocate(capacity: parties * MixRate.wide.sampleCount)
        for index in 0..<parties * MixRate.wide.sampleCount { voices[index] = Int16(index % 601 - 300) }
        let sum = UnsafeMutablePointer<Int32>.allocate(capacity: count)
        let heard = UnsafeMutablePointer<Int16>.allocate(capacity: count)
        var clipped = 0
        let began = cpuTime()
        for _ in 0..<ticks {
            Mixer.clear(sum, count: count)
            for party in 0..<parties { Mixer.add(voices + party * MixRate.wide.sampleCount, to: sum, count: count) }
            for party in 0..<parties {
                let own = voices + party * MixRate.wide.sampleCount
                if Mixer.mix(sum, without: own, into: heard, count: count) { clipped += 1 }
            }
        }
        let spent = cpuTime() - began
        precondition(clipped < parties * ticks, "the frames are quiet, and what is heard is used")
        voices.deallocate()
        sum.deallocate()
        heard.deallocate()
        return spent / Double(ticks) * 1e6
    }

    /// Seconds that this thread has spent on a CPU.
    private static func cpuTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
