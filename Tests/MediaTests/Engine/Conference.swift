// Some phones with tones of their own and the bridges between them, for tests of who hears whom.

import TestKit
import Testing

@testable import Media

/// A rig whose phones say a tone each.
final class Conference {
    /// Far enough apart that windows of 50 ms tell them from one another.
    static let tones = [420.0, 660, 900, 1_140, 1_380, 1_620, 1_860, 2_100]

    let rig = Rig()
    let phones: [Phone]
    let legs: [LegID]
    private var numbers = BridgeNumbers(capacity: 16)

    /// One phone for each codec. `noise`: comfort noise is 19 for the phones and 13 for us.
    init(_ codecs: [Codec], packetTime: Int = 20, noise: Bool = false) {
        let rig = rig
        phones = codecs.enumerated().map { index, codec in
            Phone(
                port: UInt16(5_000 + index * 2), codec: codec, packetTime: packetTime, tone: Conference.tones[index])
        }
        legs = phones.map { phone in
            var plan = Rig.plan([phone.codec], packetTime: packetTime)
            if noise { plan.comfortNoise = ComfortNoiseBinding(payloadType: 19, receivePayloadType: 13) }
            return rig.connect(phone, plan: plan)
        }
    }

    /// Three A-law phones.
    convenience init(count: Int = 3, packetTime: Int = 20) {
        self.init([Codec](repeating: .pcma, count: count), packetTime: packetTime)
    }

    func bridge() -> BridgeID {
        // because tests never have 16 bridges
        numbers.take()!
    }

    func giveBack(_ bridge: BridgeID) { numbers.giveBack(bridge) }

    func join(_ party: Int, _ bridge: BridgeID, _ role: BridgeRole = .talk) {
        rig.handle(.join(legs[party], bridge, role))
    }

    func leave(_ party: Int) { rig.handle(.leave(legs[party])) }

    func forget() {
        for phone in phones { phone.forget() }
    }

    /// Lets `milliseconds` pass that count for nothing, then listens for as long.
    func listen(after milliseconds: Int = 200, for duration: Int = 300) {
        rig.run(milliseconds: milliseconds)
        forget()
        rig.run(milliseconds: duration)
    }

    /// The level of one party's tone at another's ear, dBFS.
    func level(of speaker: Int, at listener: Int) -> Double {
        phones[listener].level(of: Conference.tones[speaker], as: phones[listener].codec)
    }

    /// Whom each party hears: a string of their digits, parties apart by spaces; "-" is silence or nothing at all.
    var hearing: String {
        phones.indices.map { listener in
            let heard = phones.indices.filter { level(of: $0, at: listener) > -24 }
            return heard.isEmpty ? "-" : heard.map(String.init).joined()
        }.joined(separator: " ")
    }

    /// Sequence numbers and timestamps of what everybody heard since `forget` go on one by one.
    func expectUnbroken(sourceLocation: SourceLocation = #_sourceLocation) {
        for phone in phones {
            var last: [UInt32: Phone.Heard] = [:]
            for packet in phone.heard {
                if let before = last[packet.ssrc] {
                    #expect(packet.sequence == before.sequence &+ 1, sourceLocation: sourceLocation)
                    let step = Int32(bitPattern: packet.timestamp &- before.timestamp)
                    #expect(step >= 0, sourceLocation: sourceLocation)
                }
                last[packet.ssrc] = packet
            }
        }
    }
}
