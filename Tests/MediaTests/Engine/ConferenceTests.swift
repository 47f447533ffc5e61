// Bridges of more than two: who hears whom, what plays to one of them, keys, recordings, and the end.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct ConferenceTests {
    @Test(arguments: [[Codec.pcma, .pcma, .pcma], [.pcma, .pcmu, .opus], [.opus, .opus, .opus]])
    func `three who talk hear the two others and not themselves`(codecs: [Codec]) {
        let room = Conference(codecs)
        let bridge = room.bridge()
        for party in 0..<3 { room.join(party, bridge) }
        room.listen()
        #expect(room.hearing == "12 02 01")
        room.rig.run(milliseconds: 2_000)
        room.expectUnbroken()
        #expect(room.rig.counters[.framesConcealed] == 0)
        for phone in room.phones { #expect(phone.heard.count >= 114 && phone.heard.count <= 116) }
    }

    @Test func `a supervisor who listens hears both, and the two are relayed as before`() {
        let room = Conference()
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.rig.run(milliseconds: 300)
        room.join(2, bridge, .listen)
        room.rig.run(milliseconds: 700)
        room.leave(2)
        room.rig.run(milliseconds: 300)
        #expect(room.phones[0].heard.map(\.payload) == room.phones[1].said)
        #expect(room.phones[1].heard.map(\.payload) == room.phones[0].said)
        #expect(room.phones[2].heard.count >= 33 && room.phones[2].heard.count <= 35)
        #expect(room.level(of: 0, at: 2) > -17 && room.level(of: 1, at: 2) > -17)
        #expect(room.level(of: 2, at: 2) < -50)
        #expect(room.rig.counters[.cutsToMix] == 0)
        room.expectUnbroken()
    }

    @Test func `a coach is heard by the consultant only, and only the consultant is mixed`() {
        let room = Conference()
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.rig.run(milliseconds: 200)
        room.join(2, bridge, .coach(room.legs[1]))
        room.listen()
        #expect(room.hearing == "1 02 01")
        #expect(room.phones[0].heard.map(\.payload) == room.phones[1].said)
        room.join(2, bridge, .talk)
        room.listen()
        #expect(room.hearing == "12 02 01")
        room.join(2, bridge, .listen)
        room.listen()
        #expect(room.hearing == "1 0 01")
    }

    @Test func `a coach whose consultant is not there is heard by nobody`() {
        let room = Conference(count: 4)
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(2, bridge, .coach(room.legs[1]))
        room.join(3, bridge)
        room.listen()
        #expect(room.hearing == "3 - 03 0")
        room.join(1, bridge)
        room.listen()
        #expect(room.hearing == "13 023 013 01")
        room.leave(1)
        room.listen()
        #expect(room.hearing == "3 - 03 0")
        room.join(2, bridge, .coach(room.legs[2]))
        room.listen()
        #expect(room.hearing == "3 - 03 0", "nobody hears himself")
    }

    @Test func `two coaches speak each to his own and do not hear one another`() {
        let room = Conference(count: 4)
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.join(2, bridge, .coach(room.legs[0]))
        room.join(3, bridge, .coach(room.legs[1]))
        room.listen()
        #expect(room.hearing == "12 03 01 01")
    }

    @Test func `one who talks to many who only listen is relayed to each of them`() {
        let room = Conference([.pcma, .pcma, .pcma, .pcmu])
        let bridge = room.bridge()
        for party in 0..<4 { room.join(party, bridge, party == 0 ? .talk : .listen) }
        room.listen()
        #expect(room.hearing == "- 0 0 0")
        #expect(room.phones[0].heard.isEmpty)
        #expect(room.phones[1].heard.map(\.payload) == room.phones[0].said)
        #expect(room.phones[2].heard.map(\.payload) == room.phones[0].said)
        #expect(room.phones[3].heard.count == 15)
        room.expectUnbroken()
    }

    @Test func `two bridges at once and legs that change between them`() {
        let room = Conference(count: 6)
        let bridges = [room.bridge(), room.bridge()]
        for party in 0..<6 { room.join(party, bridges[party % 2]) }
        room.listen()
        #expect(room.hearing == "24 35 04 15 02 13")
        room.join(0, bridges[1])
        room.listen()
        #expect(room.hearing == "135 035 4 015 2 013")
        room.rig.handle(.bridge(room.legs[1], room.legs[2]))
        room.listen()
        #expect(room.hearing == "35 2 1 05 - 03")
        room.rig.handle(.unbridge(room.legs[3]))
        room.listen()
        #expect(room.hearing == "- 2 1 - - -")
    }

    @Test func `one who is left alone hears nothing, and the reports go on`() {
        let room = Conference()
        let bridge = room.bridge()
        for party in 0..<3 { room.join(party, bridge) }
        room.rig.run(milliseconds: 300)
        room.rig.handle(.remove(room.legs[0]))
        for case .removed(let pointer, _) in room.rig.takeEvents() { room.rig.free(pointer) }
        room.listen()
        #expect(room.hearing == "- 2 1")
        room.leave(2)
        room.listen(after: 30, for: 10_000)
        #expect(room.phones[1].heard.isEmpty && room.phones[2].heard.isEmpty)
        #expect(!room.phones[1].reports.isEmpty)
        room.join(2, bridge)
        room.listen()
        #expect(room.hearing == "- 2 1")
    }

    @Test func `a number that is used again names a new bridge`() {
        let room = Conference(count: 4)
        let first = room.bridge()
        room.join(0, first)
        room.join(1, first)
        room.giveBack(first)
        let second = room.bridge()
        #expect(second != first && second.slot == first.slot)
        room.join(2, second)
        room.join(3, second)
        room.listen()
        #expect(room.hearing == "- - 3 2")
    }

    @Test func `a bridge of no number takes the place of an older one of the same leg`() {
        let room = Conference()
        room.rig.handle(.bridge(room.legs[0], room.legs[1]))
        room.leave(0)
        room.rig.handle(.bridge(room.legs[0], room.legs[2]))
        room.listen()
        #expect(room.hearing == "2 - 0")
    }

    // MARK: In a conference

    @Test func `the muted are heard by nobody and hear the others`() {
        let room = Conference()
        let bridge = room.bridge()
        for party in 0..<3 { room.join(party, bridge) }
        room.rig.handle(.mute(room.legs[0], true))
        room.listen()
        #expect(room.hearing == "12 2 1")
        room.rig.handle(.mute(room.legs[1], true))
        room.rig.handle(.mute(room.legs[2], true))
        room.listen()
        #expect(room.hearing == "- - -")
        for phone in room.phones { #expect(phone.heard.count == 15) }
        for party in 0..<3 { room.rig.handle(.mute(room.legs[party], false)) }
        room.listen()
        #expect(room.hearing == "12 02 01")
        room.expectUnbroken()
    }

    @Test func `music plays to one and hides the others, who still hear one another and the one`() throws {
        let room = Conference()
        let bridge = room.bridge()
        for party in 0..<3 { room.join(party, bridge) }
        room.rig.run(milliseconds: 300)
        let prompt = try Prompt(samples16k: Tones.sine(2_500, rate: 16_000, from: 0, count: 32_000))
        let music = Playlist([prompt], loops: true)
        room.rig.handle(.play(room.legs[0], music.view, token: 1))
        room.listen()
        #expect(room.hearing == "- 02 01")
        #expect(room.phones[0].level(of: 2_500) > -30)
        room.rig.handle(.stopPlaying(room.legs[0]))
        room.listen(after: 60)
        #expect(room.hearing == "12 02 01")
        #expect(room.phones[0].level(of: 2_500) < -50)
        room.expectUnbroken()
        withExtendedLifetime(music) {}
    }

    @Test func `a prompt to one of a relayed pair with a supervisor is heard by that one only`() throws {
        let room = Conference()
        let bridge = room.bridge()
        for party in 0..<3 { room.join(party, bridge, party == 2 ? .listen : .talk) }
        room.rig.run(milliseconds: 300)
        let prompt = try Prompt(samples16k: Tones.sine(2_500, rate: 16_000, from: 0, count: 16 * 600))
        let speech = Playlist([prompt])
        room.rig.handle(.play(room.legs[1], speech.view, token: 1))
        room.listen()
        #expect(room.hearing == "1 - 01")
        #expect(room.phones[1].level(of: 2_500) > -30)
        room.listen(after: 200)
        #expect(room.hearing == "1 0 01")
        withExtendedLifetime(speech) {}
    }

    @Test(arguments: [(BridgeRole.listen, 1), (.talk, 0)])
    func `a key goes to the other one who talks, and among three to nobody`(role: BridgeRole, receivers: Int) {
        let room = Conference()
        let bridge = room.bridge()
        room.join(0, bridge)
        room.join(1, bridge)
        room.join(2, bridge, role)
        room.rig.run(milliseconds: 300)
        let phone = room.phones[0]
        for update in 1...7 {
            let duration = UInt8(min(update, 5))
            room.rig.send(
                Phone.packet(
                    marker: update == 1, payloadType: 101, sequence: phone.sequence, timestamp: phone.timestamp,
                    ssrc: phone.ssrc, payload: [7, update >= 5 ? 0x8A : 0x0A, duration, 0]),
                from: phone, to: room.legs[0])
            phone.sequence &+= 1
            room.rig.run(milliseconds: 1)
        }
        room.rig.run(milliseconds: 300)
        let told = room.rig.takeEvents().filter { if case .digit(room.legs[0], _, _) = $0 { true } else { false } }
        #expect(told.count == 1)
        let keys = room.phones.map { Set($0.heard.filter { $0.payloadType == 101 }.map(\.timestamp)).count }
        #expect(keys == [0, receivers, 0])
        room.listen()
        #expect(room.hearing == (role == .talk ? "12 02 01" : "1 0 01"))
    }

    @Test func `keys to one pause what that one hears, and nobody else misses anything`() throws {
        let room = Conference()
        let bridge = room.bridge()
        for party in 0..<3 { room.join(party, bridge) }
        room.rig.run(milliseconds: 300)
        room.forget()
        room.rig.handle(.sendDigits(room.legs[0], try #require(DigitString("12"))))
        room.rig.run(milliseconds: 400)
        #expect(room.phones[0].heard.filter { $0.payloadType == 101 }.count == 14)
        #expect(room.hearing == "- 02 01")
        room.rig.run(milliseconds: 100)
        room.expectUnbroken()
        room.listen()
        #expect(room.hearing == "12 02 01")
    }

    @Test func `a recording holds what a leg says and what it is sent`() {
        let room = Conference()
        let bridge = room.bridge()
        for party in 0..<3 { room.join(party, bridge) }
        room.rig.run(milliseconds: 300)
        room.forget()
        room.rig.handle(.record(room.legs[1], recording: 9))
        room.rig.run(milliseconds: 1_000)
        var left: [[UInt8]] = []
        var right: [[UInt8]] = []
        room.rig.taps.read { block, payload in
            if block.side == .left { left.append(Array(payload)) } else { right.append(Array(payload)) }
        }
        #expect(left == room.phones[1].said)
        #expect(right == room.phones[1].heard.map(\.payload))
        #expect(right.count == 50)
    }

    @Test func `what is too loud for a sample is cut off and counted once a frame`() {
        let room = Conference(count: 6)
        let bridge = room.bridge()
        for party in 0..<6 { room.join(party, bridge) }
        room.rig.run(milliseconds: 500)
        // Five times −12 dBFS may reach 125 % of full scale.
        let clipped = room.rig.counters[.clipped]
        let mixed = room.rig.counters[.mixedPackets]
        #expect(clipped > 0 && clipped <= mixed)
        let calm = Conference()
        let pair = calm.bridge()
        for party in 0..<3 { calm.join(party, pair) }
        calm.rig.run(milliseconds: 500)
        #expect(calm.rig.counters[.clipped] == 0)
    }

    @Test(arguments: [10, 30, 60])
    func `packets of every length leave evenly`(packetTime: Int) {
        let room = Conference()
        let odd = Phone(port: 6_000, packetTime: packetTime, tone: 2_500)
        let leg = room.rig.connect(odd, plan: Rig.plan([.pcma], packetTime: packetTime))
        let bridge = room.bridge()
        for party in 0..<3 { room.join(party, bridge) }
        room.rig.handle(.join(leg, bridge, .talk))
        room.listen()
        odd.forget()
        room.rig.run(milliseconds: 1_200)
        #expect(odd.heard.count == 1_200 / packetTime)
        for (a, b) in zip(odd.heard, odd.heard.dropFirst()) {
            #expect(b.at - a.at == packetTime && b.timestamp == a.timestamp &+ UInt32(packetTime * 8))
        }
        #expect(room.phones[0].level(of: 2_500) > -17)
        for party in 0..<3 { #expect(odd.level(of: Conference.tones[party]) > -17) }
        #expect(room.rig.counters[.framesConcealed] == 0)
    }
}
