// Thousands of random orders to bridges: whoever should be heard is heard, and nothing breaks or is left over.

import TestKit
import Testing
import Timing

@testable import Media

/// Eight phones, three bridges with numbers, and what ought to be true of them.
private final class Crowd {
    private enum Place: Equatable, CustomStringConvertible {
        case nowhere
        case numbered(Int)
        /// Made by `.bridge`, and kept by the engine under the slot of its first leg.
        case pair(Int)

        var description: String {
            switch self {
            case .nowhere: "-"
            case .numbered(let bridge): "\(bridge)"
            case .pair(let slot): "pair \(slot)"
            }
        }
    }

    private let rig = Rig()
    private let phones: [Phone]
    private var legs: [LegID]
    private var numbers: BridgeNumbers
    private var bridges: [BridgeID]
    private let music: Playlist
    private var random: UInt64

    // What ought to be.
    private var places: [Place]
    private var roles: [BridgeRole]
    private var muted: [Bool]
    private var playing: [Bool]
    private var tokens: Set<UInt32> = []
    private var nextToken: UInt32 = 0

    private var last: [[UInt32: Phone.Heard]]
    private(set) var packets = 0

    init(seed: UInt64) throws {
        let codecs: [Codec] = [.pcma, .pcma, .pcmu, .pcma, .opus, .g722, .opus, .pcma]
        let rig = rig
        phones = codecs.enumerated().map { Phone(port: UInt16(5_000 + $0 * 2), codec: $1, tone: Conference.tones[$0]) }
        legs = phones.map { rig.connect($0) }
        var numbers = BridgeNumbers(capacity: 3)
        // because there are three
        bridges = (0..<3).map { _ in numbers.take()! }
        self.numbers = numbers
        music = Playlist([try Prompt(samples16k: Tones.sine(2_800, rate: 16_000, from: 0, count: 16_000))], loops: true)
        random = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        places = [Place](repeating: .nowhere, count: codecs.count)
        roles = [BridgeRole](repeating: .talk, count: codecs.count)
        muted = [Bool](repeating: false, count: codecs.count)
        playing = muted
        last = [[UInt32: Phone.Heard]](repeating: [:], count: codecs.count)
    }

    private func pick(_ bound: Int) -> Int {
        random ^= random << 13
        random ^= random >> 7
        random ^= random << 17
        return Int(random >> 33) % bound
    }

    // MARK: Orders

    /// One random order.
    func step() throws {
        let party = pick(phones.count)
        switch pick(100) {
        case ..<45: join(party, pick(3))
        case ..<55: leave(party)
        case ..<62: pair(party, (party + 1 + pick(phones.count - 1)) % phones.count)
        case ..<65: unbridge(party)
        case ..<73: mute(party)
        case ..<81: play(party)
        case ..<86: try renegotiate(party)
        case ..<90: replace(party)
        case ..<93: rig.handle(.sendDigits(legs[party], try #require(DigitString("5"))))
        case ..<96: renumber(pick(3))
        default:
            phones[party].ssrc &+= 1
            phones[party].sequence &+= 9_999
            phones[party].timestamp &+= 123_456_789
        }
    }

    private func join(_ party: Int, _ bridge: Int) {
        // Six tones of −12 dBFS would clip, and clipping is heard.
        guard places.indices.count(where: { places[$0] == .numbered(bridge) && $0 != party }) < 5 else { return }
        let kind = pick(10)
        let role: BridgeRole = kind < 6 ? .talk : kind < 8 ? .listen : .coach(legs[pick(legs.count)])
        rig.handle(.join(legs[party], bridges[bridge], role))
        places[party] = .numbered(bridge)
        roles[party] = role
    }

    private func leave(_ party: Int) {
        rig.handle(.leave(legs[party]))
        places[party] = .nowhere
    }

    private func pair(_ a: Int, _ b: Int) {
        rig.handle(.bridge(legs[a], legs[b]))
        let place = Place.pair(legs[a].slot)
        for party in places.indices where places[party] == place { places[party] = .nowhere }
        for party in [a, b] {
            places[party] = place
            roles[party] = .talk
        }
    }

    private func unbridge(_ party: Int) {
        rig.handle(.unbridge(legs[party]))
        let place = places[party]
        for other in places.indices where places[other] == place { places[other] = .nowhere }
    }

    /// The number is given back while legs are still there; its slot is used again at once.
    private func renumber(_ bridge: Int) {
        guard let party = places.firstIndex(of: .nowhere) else { return }
        numbers.giveBack(bridges[bridge])
        // because one was given back
        bridges[bridge] = numbers.take()!
        for other in places.indices where places[other] == .numbered(bridge) { places[other] = .nowhere }
        rig.handle(.join(legs[party], bridges[bridge], .talk))
        places[party] = .numbered(bridge)
        roles[party] = .talk
    }

    private func mute(_ party: Int) {
        muted[party].toggle()
        rig.handle(.mute(legs[party], muted[party]))
    }

    private func play(_ party: Int) {
        playing[party].toggle()
        guard playing[party] else { return rig.handle(.stopPlaying(legs[party])) }
        nextToken += 1
        tokens.insert(nextToken)
        rig.handle(.play(legs[party], music.view, token: nextToken))
    }

    private func renegotiate(_ party: Int) throws {
        let phone = phones[party]
        switch phone.codec {
        case .pcma: phone.codec = .pcmu
        case .pcmu: phone.codec = .pcma
        case .opus, .g722, .g729: break
        }
        phone.payloadType = phone.codec.defaultPayloadType
        var plan = Rig.plan([phone.codec])
        plan.remoteRTP = phone.address
        rig.handle(.update(legs[party], try LegUpdatePointer.make(plan: plan)))
    }

    /// Hangs up and calls again.
    private func replace(_ party: Int) {
        rig.handle(.remove(legs[party]))
        collect()
        legs[party] = rig.connect(phones[party])
        places[party] = .nowhere
        muted[party] = false
        playing[party] = false
        last[party] = [:]
    }

    func collect() {
        for event in rig.takeEvents() {
            switch event {
            case .removed(let pointer, _): rig.free(pointer)
            case .updated(_, let pointer): pointer.free()
            case .stopped(_, let token): #expect(tokens.remove(token) != nil, "a token is answered once")
            case .played, .detached, .digit, .connected, .lost, .firstPacket, .silent, .heardAgain, .quality, .overflow,
                .wantsCodec, .cleaning:
                break
            }
        }
    }

    // MARK: What ought to be

    private func shouldHear(_ listener: Int, _ speaker: Int) -> Bool {
        guard listener != speaker, places[listener] != .nowhere, places[listener] == places[speaker],
            !muted[speaker], !playing[listener]
        else { return false }
        switch roles[speaker] {
        case .talk: return true
        case .listen: return false
        case .coach(let consultant): return consultant == legs[listener]
        }
    }

    /// Lets everything settle, then compares who hears whom.
    func check(_ step: Int) {
        rig.run(milliseconds: 400)
        expectUnbroken()
        rig.run(milliseconds: 200)
        for listener in phones.indices {
            let phone = phones[listener]
            for speaker in phones.indices {
                let level = phone.level(of: Conference.tones[speaker], as: phone.codec)
                #expect(
                    shouldHear(listener, speaker) == (level > -24),
                    "step \(step): \(listener) and \(speaker), \(level) dBFS, \(places), \(roles[speaker])")
            }
            #expect(playing[listener] == (phone.level(of: 2_800, as: phone.codec) > -40), "step \(step): music")
        }
        expectUnbroken()
        collect()
    }

    /// Everybody's streams go on by one packet each time, over everything that happened.
    private func expectUnbroken() {
        var breaks = 0
        for party in phones.indices {
            for packet in phones[party].heard {
                packets += 1
                if let before = last[party][packet.ssrc] {
                    let hasGone = Int32(bitPattern: packet.timestamp &- before.timestamp) >= 0
                    if packet.sequence != before.sequence &+ 1 || !hasGone { breaks += 1 }
                }
                last[party][packet.ssrc] = packet
            }
            phones[party].forget()
        }
        #expect(breaks == 0)
    }

    /// All hang up: nothing may be left.
    func end() {
        for leg in legs { rig.handle(.remove(leg)) }
        collect()
        #expect(rig.bridges == (0, 0, 0))
        #expect(tokens.isEmpty)
        #expect(rig.counters[.legs] == 0)
        withExtendedLifetime(music) {}
    }
}

@Suite struct BridgeOperationsTests {
    @Test(arguments: 1...8)
    func `after any orders everybody hears exactly whom he should, on unbroken streams`(seed: UInt64) throws {
        let crowd = try Crowd(seed: seed)
        for step in 0..<400 {
            try crowd.step()
            if step % 4 == 3 { crowd.check(step) }
        }
        #expect(crowd.packets > 5_000)
        crowd.end()
    }
}
