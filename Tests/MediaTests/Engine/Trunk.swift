// Two media engines joined by one line: what a leg of the one sends, a leg of the other receives.

import TestKit

@testable import Media

/// A line between two rigs, with a delay each way. Each rig has a leg and a phone on it that is the other rig.
final class Trunk {
    struct End {
        let rig: Rig
        let phone: Phone
        let leg: LegID
        var heard = 0
        var reported = 0
    }

    private struct Flight {
        let at: Int
        let toFirst: Bool
        let bytes: [UInt8]
        let isRTCP: Bool
    }

    private(set) var first: End
    private(set) var second: End
    private let delay: Int
    private var flights: [Flight] = []
    private var time = 0
    /// Every nth packet of sound is lost on the way to the first end; 0: none.
    var lossTowardsFirst = 0
    private var sound = 0

    init(_ codec: Codec = .pcma, delay: Int, reports: ExtendedReportTerms) {
        func end(port: UInt16) -> End {
            let rig = Rig()
            let phone = Phone(port: port, codec: codec)
            var plan = Rig.plan([codec])
            plan.reports = reports
            return End(rig: rig, phone: phone, leg: rig.connect(phone, plan: plan))
        }
        self.delay = delay
        first = end(port: 5_000)
        second = end(port: 6_000)
    }

    func run(milliseconds: Int) {
        for _ in 0..<milliseconds {
            time += 1
            first.rig.run(milliseconds: 1)
            second.rig.run(milliseconds: 1)
            collect(&first, toFirst: false)
            collect(&second, toFirst: true)
            for flight in flights where flight.at <= time { deliver(flight) }
            flights.removeAll { $0.at <= time }
        }
    }

    /// What the engine sent to the phone goes on to the other engine.
    private func collect(_ end: inout End, toFirst: Bool) {
        for packet in end.phone.heard[end.heard...] {
            if toFirst, lossTowardsFirst > 0 {
                sound += 1
                if sound % lossTowardsFirst == 0 { continue }
            }
            let bytes = Phone.packet(
                marker: packet.marker, payloadType: packet.payloadType, sequence: packet.sequence,
                timestamp: packet.timestamp, ssrc: packet.ssrc, payload: packet.payload)
            flights.append(Flight(at: time + delay, toFirst: toFirst, bytes: bytes, isRTCP: false))
        }
        for report in end.phone.reports[end.reported...] {
            flights.append(Flight(at: time + delay, toFirst: toFirst, bytes: report, isRTCP: true))
        }
        end.heard = end.phone.heard.count
        end.reported = end.phone.reports.count
    }

    private func deliver(_ flight: Flight) {
        let end = flight.toFirst ? first : second
        // because the addresses are literals
        let source =
            flight.isRTCP
            ? SocketAddress(ip: end.phone.address.ip, port: end.phone.address.port + 1)! : end.phone.address
        end.rig.inject(flight.bytes, to: end.leg, from: source, isRTCP: flight.isRTCP)
    }
}

extension Trunk.End {
    /// The figures of this end's leg, in their order.
    func figures() -> [LegQuality] {
        rig.events.compactMap { event in
            guard case .quality(leg, let quality) = event else { return nil }
            return quality
        }
    }
}
