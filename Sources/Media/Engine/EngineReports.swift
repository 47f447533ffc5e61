// RTCP of one leg: what we report, and what the peer reports (RFC 3550 §6).

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

    mutating func receiveRTCP(_ compound: UnsafeRawBufferPointer, of leg: UnsafeMutablePointer<Leg>, now: Instant) {
        counters.count(.rtcpReceived)
        var reader = RTCPReader(compound)
        while let packet = reader.next() {
            switch packet {
            case .senderReport(let ssrc, let report, let blocks):
                if ssrc == leg.pointee.received.ssrc { leg.pointee.rtcp.noteSenderReport(report, now: now) }
                note(blocks, of: leg, now: now)
            case .receiverReport(_, let blocks): note(blocks, of: leg, now: now)
            case .goodbye: counters.count(.goodbyeReceived)
            case .sourceDescription, .extendedReport, .feedback, .malformedFeedback, .other: break
            }
        }
        if reader.isMalformed { counters.count(.rtcpMalformed) }
    }

    private func note(_ blocks: ReportBlocks, of leg: UnsafeMutablePointer<Leg>, now: Instant) {
        let compactNow = UInt32(truncatingIfNeeded: ntpTime(now) >> 16)
        for index in 0..<blocks.count {
            let block = blocks.block(at: index)
            guard block.ssrc == leg.pointee.narrow.ssrc || block.ssrc == leg.pointee.wide.ssrc else { continue }
            leg.pointee.rtcp.noteBlock(block, compactNow: compactNow)
        }
    }

    /// Sends a report, and a goodbye when the leg ends. Nothing while there is no path for it.
    mutating func report(
        _ leg: UnsafeMutablePointer<Leg>, goodbye: Bool, now: Instant, outbox: inout Outbox
    ) {
        guard leg.pointee.transport.isConnected, let destination = leg.pointee.transport.remoteRTCP else { return }
        let reported = leg.pointee.rtcp.reportedPackets
        leg.pointee.rtcp.reportedPackets = (leg.pointee.narrow.packets, leg.pointee.wide.packets)
        let hasNarrow = leg.pointee.narrow.packets != reported.narrow
        let hasWide = leg.pointee.wide.packets != reported.wide
        let stream =
            hasWide || leg.pointee.narrow.packets == 0 && leg.pointee.wide.packets > 0
            ? leg.pointee.wide : leg.pointee.narrow
        let echo = leg.pointee.rtcp.echo(now: now)
        let block = leg.pointee.received.report(lastSenderReport: echo.lastSenderReport, delay: echo.delay)
        var writer = RTCPWriter(scratch.packet)
        if hasNarrow || hasWide {
            let sent = SenderReport(
                ntpTime: ntpTime(now), rtpTimestamp: stream.reportTimestamp(at: now), packetCount: stream.packets,
                octetCount: stream.octets)
            writer.senderReport(ssrc: stream.ssrc, sent, block: block)
        } else {
            writer.receiverReport(ssrc: stream.ssrc, block: block)
        }
        writer.sourceDescription(ssrc: stream.ssrc, name: leg.pointee.rtcp.name)
        if goodbye { writer.goodbye(ssrc: stream.ssrc) }
        let length = leg.pointee.transport.protectRTCP(
            scratch.packet, length: writer.length, capacity: Scratch.packetCapacity)
        guard length > 0 else { return counters.count(.notProtected) }
        counters.count(.reportsSent)
        outbox.send(
            UnsafeRawBufferPointer(start: scratch.packet, count: length), to: destination,
            socket: leg.pointee.transport.rtcpSocket)
    }
}
