// A leg's figures: every five seconds to signalling, and in VoIP metrics to a peer that asked (RFC 3611 §4.7).

import Timing

extension MediaEngine {
    /// What the peer said longer ago does not count: three reports would have come.
    private static var longestSilence: Int64 { 15_000_000_000 }

    /// Tells how the leg fared since the last time, if anything was to be heard. Without `emit`: nobody minds when such
    /// news is lost.
    mutating func tellQuality(_ leg: UnsafeMutablePointer<Leg>, now: Instant) {
        let quality = quality(of: leg, now: now)
        guard quality.received + quality.lost + quality.discarded > 0 || quality.hasRemoteReport else { return }
        tellIfRoom(.quality(leg.pointee.id, quality))
    }

    private func quality(of leg: UnsafeMutablePointer<Leg>, now: Instant) -> LegQuality {
        var quality = leg.pointee.meter.take(
            now, outcomes: leg.pointee.received.outcomes, concealed: leg.pointee.playout.concealed)
        quality.bufferDelay = UInt16(clamping: bufferDelay(of: leg) / 1_000_000)
        quality.jitterMicroseconds = MediaEngine.microseconds(
            leg.pointee.received.jitter, clockRate: quality.heardCodec.clockRate)
        if let roundTrip = leg.pointee.rtcp.roundTrip {
            quality.roundTripMicroseconds = Int32(clamping: roundTrip / 1_000)
        }
        if let at = leg.pointee.rtcp.remoteReportAt, isRecent(at, now: now) {
            quality.hasRemoteReport = true
            quality.remoteLoss = leg.pointee.rtcp.remoteFractionLost
            quality.remoteJitterMicroseconds = MediaEngine.microseconds(
                leg.pointee.rtcp.remoteJitter, clockRate: quality.sentCodec.clockRate)
        }
        if let remote = leg.pointee.rtcp.remoteMetrics, isRecent(remote.at, now: now) {
            quality.remoteR = remote.metrics.rFactor
            quality.remoteListening = remote.metrics.listeningQuality
            quality.remoteConversational = remote.metrics.conversationalQuality
            quality.remoteDiscard = remote.metrics.discardRate
        }
        return quality
    }

    private func isRecent(_ at: Instant, now: Instant) -> Bool {
        now.nanoseconds - at.nanoseconds < MediaEngine.longestSilence
    }

    /// Timestamp units as microseconds.
    private static func microseconds(_ units: UInt32, clockRate: Int) -> UInt32 {
        UInt32(clamping: Int64(units) * 1_000 / Int64(clockRate / 1_000))
    }

    /// Nanoseconds; 0 where no jitter buffer runs.
    private func bufferDelay(of leg: UnsafeMutablePointer<Leg>) -> Int64 {
        leg.pointee.isDecoded ? leg.pointee.playout.delay : 0
    }

    /// How we hear the peer since it began to send; nil while nothing is known.
    mutating func voipMetrics(of leg: UnsafeMutablePointer<Leg>) -> VoIPMetrics? {
        let outcomes = leg.pointee.received.runs.outcomes
        guard let source = leg.pointee.received.ssrc, outcomes.packets > 0 else { return nil }
        var metrics = VoIPMetrics(ssrc: source)
        metrics.lossRate = MediaEngine.share(Double(outcomes.lost) / Double(outcomes.packets))
        metrics.discardRate = MediaEngine.share(Double(outcomes.discarded) / Double(outcomes.packets))
        metrics.gMin = UInt8(LossRuns.gMin)
        let packetTime = Double(leg.pointee.meter.packetTime)
        let figures = leg.pointee.received.runs.figures(packetTime: packetTime)
        metrics.burstDensity = MediaEngine.share(figures.burstDensity)
        metrics.gapDensity = MediaEngine.share(figures.gapDensity)
        metrics.burstDuration = UInt16(clamping: Int64(figures.burstDuration))
        metrics.gapDuration = UInt16(clamping: Int64(figures.gapDuration))
        let buffer = Double(bufferDelay(of: leg)) / 1_000_000
        let roundTrip = Double(leg.pointee.rtcp.roundTrip ?? 0) / 1_000_000
        metrics.roundTripDelay = UInt16(clamping: Int64(roundTrip))
        metrics.endSystemDelay = UInt16(clamping: Int64(packetTime + buffer))
        let rating = CallRating(
            leg.pointee.meter.heardCodec, loss: outcomes.loss, burstRatio: outcomes.burstRatio,
            delay: roundTrip / 2 + packetTime + buffer)
        metrics.rFactor = UInt8(clamping: Int(rating.r.rounded()))
        metrics.listeningQuality = UInt8(clamping: Int((rating.listening * 10).rounded()))
        metrics.conversationalQuality = UInt8(clamping: Int((rating.conversational * 10).rounded()))
        if leg.pointee.isDecoded { addReceiver(to: &metrics, buffer: buffer, of: leg) }
        return metrics
    }

    /// What only an end that decodes can say.
    private func addReceiver(to metrics: inout VoIPMetrics, buffer: Double, of leg: UnsafeMutablePointer<Leg>) {
        let slack = Double(JitterBuffer.farTooLong) / 1_000_000
        metrics.receiver = .ours
        metrics.bufferNominal = UInt16(clamping: Int64(buffer))
        metrics.bufferMaximum = UInt16(clamping: Int64(buffer + slack))
        metrics.bufferAbsoluteMaximum = UInt16(
            clamping: Int64(Double(DelayEstimate.longestTarget) / 1_000_000 + slack))
        if let signal = leg.pointee.playout.level?.signal { metrics.signalLevel = UInt8(bitPattern: signal) }
        if let background = leg.pointee.playout.level?.background {
            metrics.noiseLevel = UInt8(bitPattern: background)
        }
        leg.pointee.playout.level?.restart()
    }

    /// 0…1 in 256ths.
    private static func share(_ value: Double) -> UInt8 { UInt8(clamping: Int(value * 256)) }
}
