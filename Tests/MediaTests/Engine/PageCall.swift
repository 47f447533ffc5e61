// A caller and a consultant's page in one bridge, with the page's reports.

import TestKit
import Timing

@testable import Media

/// The caller's tone is 440 Hz, the page's 1,000.
final class PageCall {
    let rig = Rig()
    let caller: Phone
    let page: Phone
    let callerLeg: LegID
    let pageLeg: LegID
    /// 256ths of what we send that the page reports as lost.
    var lost: UInt8 = 0
    private var sinceReport = 0

    init(_ codec: Codec = .pcma, page codecs: [Codec] = [.pcma, .pcmu, .g722, .opus], isPage: Bool = true) {
        caller = Phone(port: 5_000, codec: codec, tone: 440)
        page = Phone(port: 5_002, codec: codecs[0], tone: 1_000)
        callerLeg = rig.connect(caller, plan: Rig.plan([codec], events: [codec.clockRate]))
        var plan = Rig.plan(codecs)
        plan.peerFollows = isPage
        pageLeg = rig.connect(page, plan: plan)
    }

    func bridge() { rig.handle(.bridge(callerLeg, pageLeg)) }

    /// Time passes; the page reports every five seconds, as browsers do.
    func run(milliseconds: Int) {
        for _ in 0..<milliseconds {
            rig.run(milliseconds: 1)
            sinceReport += 1
            if sinceReport == 5_000 { report() }
        }
    }

    /// The page's report on the stream that it heard last.
    func report() {
        sinceReport = 0
        guard let ssrc = page.heard.last?.ssrc else { return }
        var bytes = [UInt8](repeating: 0, count: RTCPWriter.capacity)
        let length = bytes.withUnsafeMutableBytes { memory -> Int in
            guard let start = memory.baseAddress else { return 0 }
            var writer = RTCPWriter(start)
            writer.receiverReport(
                ssrc: page.ssrc,
                block: ReportBlock(
                    ssrc: ssrc, fractionLost: lost, cumulativeLost: 0, highestSequence: 0, jitter: 0,
                    lastSenderReport: 0, delaySinceLastSenderReport: 0))
            return writer.length
        }
        // because the address is a literal with another port
        let control = SocketAddress(ip: page.address.ip, port: page.address.port + 1)!
        rig.inject(Array(bytes[..<length]), to: pageLeg, from: control, isRTCP: true)
    }

    /// What the page was asked to send, in order, since the last call.
    func wishes() -> [Codec] {
        rig.takeEvents().compactMap { event in
            guard case .wantsCodec(pageLeg, let codec) = event else { return nil }
            return codec
        }
    }

    /// The page sends another codec from now on, as one source with another clock: so do browsers.
    func pageSends(_ codec: Codec) {
        page.codec = codec
        page.payloadType = codec.defaultPayloadType
    }

    /// What the page heard as samples at 8 kHz, whatever the codec, packet after packet.
    func heard() -> [Int16] {
        var samples: [Int16] = []
        var decoder = try? OpusDecoder(sampleRate: 8_000)
        for packet in page.heard {
            var decoded = [Int16](repeating: 0, count: 960)
            switch packet.payloadType {
            case Codec.pcma.defaultPayloadType, Codec.pcmu.defaultPayloadType:
                let law: G711.Law = packet.payloadType == Codec.pcma.defaultPayloadType ? .a : .mu
                G711.decode(packet.payload, count: packet.payload.count, law: law, into: &decoded)
                samples += decoded[..<packet.payload.count]
                decoder?.reset()
            default:
                let count =
                    decoder?.decode(packet.payload, length: packet.payload.count, into: &decoded, capacity: 960) ?? 0
                samples += decoded[..<count]
            }
        }
        return samples
    }

    /// Packets that came, by payload type, in the order in which the types changed.
    var runs: [(type: UInt8, packets: Int)] {
        page.heard.reduce(into: []) { runs, packet in
            if runs.last?.type == packet.payloadType {
                runs[runs.count - 1].packets += 1
            } else {
                runs.append((packet.payloadType, 1))
            }
        }
    }
}
