// RTCP of one leg: what we report, and what the peer reports (RFC 3550 §6, RFC 3611, RFC 4585).

import Timing

extension MediaEngine {
    /// Seconds between 1900 (NTP) and 1970 (Unix).
    private static var ntpToUnix: Int64 { 2_208_988_800 }

    /// NTP time, 32.32 fixed point.
    private func ntpTime(_ now: Instant) -> UInt64 {
        let unix = now.nanoseconds + wallClockOffset
        let seconds = unix / 1_000_000_000 + MediaEngine.ntpToUnix
        let fraction = UInt64(unix % 1_000_000_000) << 32 / 1_000_000_000
        return UInt64(truncatingIfNeeded: seconds) << 32 | fraction
    }

    private func compactTime(_ now: Instant) -> UInt32 { UInt32(truncatingIfNeeded: ntpTime(now) >> 16) }

    mutating func receiveRTCP(_ compound: UnsafeRawBufferPointer, of leg: UnsafeMutablePointer<Leg>, now: Instant) {
        counters.count(.rtcpReceived)
        var reader = RTCPReader(compound)
        if reader.isReducedSize { counters.count(.rtcpReducedSize) }
        while let packet = reader.next() {
            switch packet {
            case .senderReport(let ssrc, let report, let blocks):
                if ssrc == leg.pointee.received.ssrc { leg.pointee.rtcp.noteSenderReport(report, now: now) }
                note(blocks, of: leg, now: now)
            case .receiverReport(_, let blocks): note(blocks, of: leg, now: now)
            case .goodbye: counters.count(.goodbyeReceived)
            case .extendedReport(let ssrc, let blocks): note(blocks, from: ssrc, of: leg, now: now)
            case .feedback(let feedback): note(feedback)
            case .malformedFeedback: counters.count(.feedbackMalformed)
            case .sourceDescription: break
            case .other: counters.count(.rtcpUnknown)
            }
        }
        if reader.isMalformed { counters.count(.rtcpMalformed) }
    }

    private func isOurs(_ ssrc: UInt32, _ leg: UnsafeMutablePointer<Leg>) -> Bool {
        ssrc == leg.pointee.sent.ssrc
    }

    private mutating func note(_ blocks: ReportBlocks, of leg: UnsafeMutablePointer<Leg>, now: Instant) {
        for index in 0..<blocks.count {
            let block = blocks.block(at: index)
            guard isOurs(block.ssrc, leg) else { continue }
            leg.pointee.rtcp.noteBlock(block, compactNow: compactTime(now), now: now)
            noteSentLoss(block.fractionLost, of: leg, now: now)
        }
    }

    private mutating func note(
        _ blocks: ExtendedReportBlocks, from ssrc: UInt32, of leg: UnsafeMutablePointer<Leg>, now: Instant
    ) {
        counters.count(.extendedReceived)
        var blocks = blocks
        while let block = blocks.next() {
            switch block {
            case .receiverReferenceTime(let reference):
                leg.pointee.rtcp.noteReference(reference, from: ssrc, now: now)
            case .echoes(let echoes):
                for index in 0..<echoes.count where isOurs(echoes.echo(at: index).ssrc, leg) {
                    leg.pointee.rtcp.noteEcho(echoes.echo(at: index), compactNow: compactTime(now))
                }
            case .voipMetrics(let metrics):
                if isOurs(metrics.ssrc, leg) { leg.pointee.rtcp.noteMetrics(metrics, now: now) }
            case .other: break
            case .malformed: counters.count(.extendedMalformed)
            }
        }
        if blocks.isMalformed { counters.count(.extendedMalformed) }
    }

    /// Sound is not sent again, and there is no picture: only counted.
    private mutating func note(_ feedback: RTCPFeedback) {
        switch feedback.message {
        case .nack: counters.count(.nackReceived)
        case .pictureLoss: counters.count(.pictureLossReceived)
        case .other: counters.count(.rtcpUnknown)
        }
    }

    /// Sends a report, and a goodbye when the leg ends. Nothing while there is no path for it.
    mutating func report(
        _ leg: UnsafeMutablePointer<Leg>, goodbye: Bool, now: Instant, outbox: inout Outbox
    ) {
        guard leg.pointee.transport.isConnected, let destination = leg.pointee.transport.remoteRTCP else { return }
        let stream = leg.pointee.sent
        let isSender = stream.packets != leg.pointee.rtcp.reportedPackets
        leg.pointee.rtcp.reportedPackets = stream.packets
        let echo = leg.pointee.rtcp.echo(now: now)
        let block = leg.pointee.received.report(lastSenderReport: echo.lastSenderReport, delay: echo.delay)
        if let block { noteHeardLoss(block.fractionLost, of: leg, now: now) }
        var writer = RTCPWriter(scratch.packet)
        if isSender {
            let sent = SenderReport(
                ntpTime: ntpTime(now), rtpTimestamp: stream.reportTimestamp(at: now), packetCount: stream.packets,
                octetCount: stream.octets)
            writer.senderReport(ssrc: stream.ssrc, sent, block: block)
        } else {
            writer.receiverReport(ssrc: stream.ssrc, block: block)
        }
        writer.sourceDescription(ssrc: stream.ssrc, name: leg.pointee.rtcp.name)
        extend(&writer, ssrc: stream.ssrc, isSender: isSender, of: leg, now: now)
        if goodbye { writer.goodbye(ssrc: stream.ssrc) }
        let length = leg.pointee.transport.protectRTCP(
            scratch.packet, length: writer.length, capacity: Scratch.packetCapacity)
        guard length > 0 else { return counters.count(.notProtected) }
        counters.count(.reportsSent)
        outbox.send(
            UnsafeRawBufferPointer(start: scratch.packet, count: length), to: destination,
            socket: leg.pointee.transport.rtcpSocket)
    }

    /// What the peer asked for beyond that (RFC 3611).
    private mutating func extend(
        _ writer: inout RTCPWriter, ssrc: UInt32, isSender: Bool, of leg: UnsafeMutablePointer<Leg>, now: Instant
    ) {
        let terms = leg.pointee.reports
        // A sender learns the round trip from the blocks on its sender reports.
        let asks = terms.receiverRoundTrip != .nobody && !isSender
        let answers = terms.receiverRoundTrip == .everybody || terms.receiverRoundTrip == .senders && isSender
        let echo = answers ? leg.pointee.rtcp.referenceEcho(now: now) : nil
        let metrics = terms.voipMetrics ? voipMetrics(of: leg) : nil
        guard asks || echo != nil || metrics != nil else { return }
        writer.beginExtendedReport(ssrc: ssrc)
        if asks { writer.add(ReceiverReferenceTime(ntpTime: ntpTime(now))) }
        if let echo { writer.add(echo) }
        if let metrics { writer.add(metrics) }
        counters.count(.extendedSent)
    }
}
