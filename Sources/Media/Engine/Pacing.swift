// When, and by how much, sound is made longer or shorter, so that the delay becomes what the jitter buffer wants.

/// Waits for a pause of speech where it can.
struct Pacing: BitwiseCopyable {
    /// What is to be done to the samples of a frame; limits in samples, `likeness` as `TimeScale` takes it.
    enum Change: BitwiseCopyable {
        case none
        case shorten(limit: Int, likeness: Float)
        case lengthen(limit: Int, likeness: Float)
    }

    /// 5 s without a pause: music, or a noisy place.
    private static var patience: Int { 250 }
    /// How well sound must match to be laid over itself within speech; less with every frame in which it did not, so
    /// that noise, which never does, is not waited for longer than half a second.
    private static var likeness: Float { 0.7 }
    private static var resignation: Float { 0.03 }

    private var pauses = PauseWatch()
    /// Frames for which the delay should have changed and nobody paused.
    private var waited = 0
    /// Frames in which nothing was like enough.
    private var tries = 0

    /// A packet was decoded.
    @_noLocks @_noAllocation
    mutating func hear(_ samples: UnsafePointer<Int16>, count: Int, span: Int64) {
        pauses.note(samples, count: count, nanoseconds: span)
    }

    /// - Parameters:
    ///   - left: samples that were left over from the frame before.
    ///   - span: how long the packet's sound is, nanoseconds.
    @_noLocks @_noAllocation
    mutating func change(_ pace: JitterBuffer.Pace, left: Int, rate: MixRate, span: Int64) -> Change {
        switch pace {
        case .steady:
            (waited, tries) = (0, 0)
            // Sound that is left over is heard later than it has to be, and no packet may come later for it.
            guard pauses.isPause, left >= TimeScale.shortest(rate), fitsFrames(span) else { return .none }
            return .shorten(limit: min(left, TimeScale.longest(rate)), likeness: likeness)
        case .faster(let isUrgent):
            return isTime(isUrgent) ? .shorten(limit: TimeScale.longest(rate), likeness: likeness) : .none
        case .slower(let isUrgent):
            // Not beyond the frame, or the rest is left over.
            let limit = max(TimeScale.shortest(rate), min(rate.sampleCount - left, TimeScale.longest(rate)))
            return isTime(isUrgent) ? .lengthen(limit: limit, likeness: likeness) : .none
        }
    }

    /// - Parameter count: samples by which the sound was changed.
    @_noLocks @_noAllocation
    mutating func note(changed count: Int) { tries = count > 0 ? 0 : tries + 1 }

    /// Nobody speaks, or a pause is not to be waited for any longer.
    @_noLocks @_noAllocation
    private mutating func isTime(_ isUrgent: Bool) -> Bool {
        waited = pauses.isPause ? 0 : waited + 1
        return pauses.isPause || isUrgent || waited > Pacing.patience
    }

    private var likeness: Float {
        @_noLocks @_noAllocation get { pauses.isPause ? -1 : Pacing.likeness - Pacing.resignation * Float(tries) }
    }

    /// With other packet times (30 ms) something is left over in every other frame.
    @_noLocks @_noAllocation
    private func fitsFrames(_ span: Int64) -> Bool {
        span > 0 && (span % 20_000_000 == 0 || 20_000_000 % span == 0)
    }
}
