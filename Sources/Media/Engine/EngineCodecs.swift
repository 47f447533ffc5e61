// What reports of loss and the load of the thread mean for codecs: what is sent, what the peer is asked to send, and how
// Opus is encoded.

import Timing

extension MediaEngine {
    /// The peer lost so many 256ths of what was sent since its last report.
    mutating func noteSentLoss(_ share: UInt8, of leg: UnsafeMutablePointer<Leg>, now: Instant) {
        let interval = leg.pointee.sent.takeInterval()
        switch leg.pointee.choice.noteSent(lost: Int(share), of: interval, now: now) {
        case .lossy: counters.count(.switchedToOpus)
        case .clean: counters.count(.switchedBack)
        case nil: break
        }
        leg.pointee.speaker.opusEncoder?.expect(loss: leg.pointee.choice.expectedLoss)
    }

    /// We lost so many 256ths of what came from the peer since our last report.
    mutating func noteHeardLoss(_ share: UInt8, of leg: UnsafeMutablePointer<Leg>, now: Instant) {
        leg.pointee.choice.noteHeard(lost: Int(share), of: leg.pointee.received.lastInterval, now: now)
    }

    /// Asks for the codec that the peer should send, when it is another one than before.
    mutating func askForCodec(_ leg: UnsafeMutablePointer<Leg>) {
        guard leg.pointee.choice.isFree, let listener = self.leg(at: leg.pointee.seat.audience),
            let wish = leg.pointee.choice.takeWish(towards: listener.pointee.choice)
        else { return }
        counters.count(.codecsWanted)
        emit(.wantsCodec(leg.pointee.id, wish), about: leg)
    }

    /// The thread has spent so many nanoseconds of CPU time.
    mutating func govern(cpu: Int64, now: Instant) {
        governor.note(
            ComplexityGovernor.Sample(
                cpu: cpu, ticks: counters[.ticks], lateMicroseconds: counters[.lateMicroseconds],
                opusFrames: counters[.opusFrames]),
            now: now)
        counters[.opusComplexity] = governor.complexity
    }

    /// One packet of 20 ms, of which `heard` samples were heard already, into the scratch memory.
    /// - Returns: its bytes.
    mutating func encodeOpus(
        _ frame: UnsafePointer<Int16>, heard: Int, rate: MixRate, on leg: UnsafeMutablePointer<Leg>
    ) -> Int {
        counters.count(.opusFrames)
        return leg.pointee.speaker.encodeOpus(
            frame, heard: heard, rate: rate, complexity: governor.complexity, into: scratch.payload)
    }

    /// Cleans a frame of what the leg says, if that is wanted.
    mutating func clean(_ frame: UnsafeMutablePointer<Int16>, rate: MixRate, of leg: UnsafeMutablePointer<Leg>) {
        if leg.pointee.cleaner?.clean(frame, count: rate.sampleCount, rate: rate) == true { counters.count(.clipped) }
    }
}
