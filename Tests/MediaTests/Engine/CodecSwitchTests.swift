// Which codec goes to and comes from a browser's page, while it loses packets and while it does not.

import Glibc
import TestKit
import Testing
import Timing

@testable import Media

@Suite struct CodecSwitchTests {
    @Test func `on a clean network the caller's packets are relayed, whatever it speaks`() {
        for codec in [Codec.pcma, .pcmu, .g722, .opus] {
            let call = PageCall(codec)
            call.bridge()
            call.run(milliseconds: 30_000)
            #expect(call.page.heard.map(\.payload) == call.caller.said)
            #expect(call.rig.counters[.switchedToOpus] == 0)
        }
    }

    @Test(arguments: Array(stride(from: 0, to: 20, by: 3)))
    func `loss reported brings Opus with the next packet, thirty clean seconds bring relay back`(offset: Int) {
        let call = PageCall()
        call.bridge()
        call.run(milliseconds: 9_900 + offset)
        call.lost = 13
        call.report()
        call.run(milliseconds: 5_000)
        call.lost = 0
        call.run(milliseconds: 50_000)
        let runs = call.runs
        #expect(runs.map(\.type) == [8, 111, 8])
        #expect(runs[0].packets > 490 && runs[0].packets <= 497)
        #expect(runs[1].packets > 1_700 && runs[1].packets < 2_100)
        #expect(call.rig.counters[.switchedToOpus] == 1 && call.rig.counters[.switchedBack] == 1)
        #expect(call.page.heard.suffix(500).map(\.payload) == call.caller.said.suffix(500))
        #expect(Self.longestGap(call.page) <= 40, "at most one packet late")
        Self.expectOneStream(call.page)
    }

    @Test(arguments: Array(stride(from: 0, to: 20, by: 3)))
    func `the caller's tone goes on through both changes without a click`(offset: Int) {
        let call = PageCall()
        call.bridge()
        call.run(milliseconds: 9_900 + offset)
        call.lost = 13
        call.report()
        call.lost = 0
        call.run(milliseconds: 50_000)
        let samples = call.heard()
        // Nothing is left out: less than a packet a change.
        #expect(abs(samples.count - call.caller.said.count * 160) <= 320)
        let levels = stride(from: 400, to: samples.count - 240, by: 80).map {
            Tones.level(of: 440, in: Array(samples[$0..<$0 + 160]), rate: 8_000)
        }
        #expect((levels.min() ?? -120) > -19, "no 20 ms without the tone, said at -12 dBFS")
        #expect(samples.allSatisfy { abs(Int($0)) < 11_500 }, "nothing louder than the tone")
    }

    @Test func `Opus that has its own redundancy is relayed to a page that loses packets as well`() {
        let call = PageCall(.opus, page: [.pcma, .opus])
        call.pageSends(.opus)
        call.bridge()
        call.run(milliseconds: 5_100)
        call.lost = 20
        call.report()
        call.run(milliseconds: 5_000)
        #expect(call.page.heard.map(\.payload) == call.caller.said)
        #expect(call.rig.counters[.transcoded] == 0)
    }

    @Test func `loss of the caller's own network is not answered by Opus`() {
        let call = PageCall()
        call.rig.impair(call.callerLeg, Impairment(loss: 80))
        call.bridge()
        for _ in 0..<8 {
            let before = call.page.heard.count
            call.run(milliseconds: 4_990)
            // What a page reports that loses nothing itself.
            let numbers = Int(call.page.heard.last!.sequence &- call.page.heard[before].sequence) + 1
            call.lost = UInt8((numbers - (call.page.heard.count - before)) * 256 / numbers)
            call.run(milliseconds: 10)
        }
        #expect(call.lost > 10)
        #expect(call.runs.map(\.type) == [8])
        #expect(call.rig.counters[.switchedToOpus] == 0)
    }

    @Test func `hold music goes over to Opus and back where it is, with the same loudness`() throws {
        let call = PageCall()
        let music = Playlist(
            [try Prompt(samples16k: Tones.sine(600, rate: 16_000, from: 0, count: 96_000))], loops: true)
        call.rig.handle(.play(call.pageLeg, music.view, token: 1))
        call.run(milliseconds: 7_000)
        call.lost = 20
        call.report()
        call.lost = 0
        call.run(milliseconds: 45_000)
        #expect(call.runs.map(\.type) == [8, 111, 8])
        #expect(Self.longestGap(call.page) <= 20)
        let samples = call.heard()
        let levels = stride(from: 400, to: samples.count - 240, by: 80).map {
            Tones.level(of: 600, in: Array(samples[$0..<$0 + 160]), rate: 8_000)
        }
        #expect((levels.min() ?? -120) > -19)
        Self.expectOneStream(call.page)
        withExtendedLifetime(music) {}
    }

    @Test func `a telephone that negotiated Opus as well keeps its codec through loss`() {
        let call = PageCall(page: [.pcma, .opus], isPage: false)
        call.bridge()
        call.run(milliseconds: 5_000)
        call.lost = 50
        call.run(milliseconds: 20_000)
        #expect(call.runs.map(\.type) == [8])
        #expect(call.wishes() == [])
    }

    // MARK: What the page sends

    @Test func `a page is asked for its caller's codec when they are bridged, and then nothing is transcoded`() {
        let cases: [(Codec, [Codec])] = [(.pcma, []), (.pcmu, [.pcmu]), (.g722, [.g722]), (.opus, [.opus])]
        for (codec, wish) in cases {
            let call = PageCall(codec)
            call.run(milliseconds: 1_000)
            #expect(call.wishes() == [], "nobody to talk with yet")
            call.bridge()
            call.run(milliseconds: 40)
            #expect(call.wishes() == wish)
            call.pageSends(codec)
            call.run(milliseconds: 1_000)
            let transcoded = call.rig.counters[.transcoded]
            call.caller.forget()
            call.run(milliseconds: 10_000)
            #expect(call.rig.counters[.transcoded] == transcoded)
            #expect(call.caller.level(of: 1_000, as: codec) > -16)
            #expect(call.wishes() == [])
        }
    }

    @Test func `what a page says and its network loses it is asked to say in Opus, until it is clean`() {
        let call = PageCall()
        call.rig.impair(call.pageLeg, Impairment(loss: 60))
        call.bridge()
        call.run(milliseconds: 20_000)
        #expect(call.wishes() == [.opus])
        call.pageSends(.opus)
        call.rig.impair(call.pageLeg, Impairment())
        call.run(milliseconds: 60_000)
        #expect(call.wishes() == [.pcma])
        #expect(call.runs.map(\.type) == [8], "the other direction was clean")
    }

    @Test func `the page changes its codec in mid-sentence and the caller hears no break`() {
        let call = PageCall()
        call.bridge()
        call.run(milliseconds: 3_000)
        for codec in [Codec.opus, .pcma, .pcmu, .pcma] {
            call.pageSends(codec)
            call.caller.forget()
            call.run(milliseconds: 3_000)
            #expect(Self.longestGap(call.caller) <= 40)
            #expect(call.caller.level(of: 1_000) > -14)
            let samples = call.caller.sound(.pcma)
            #expect(samples.allSatisfy { abs(Int($0)) < 11_500 })
        }
    }

    // MARK: Load

    @Test func `a busy thread's encoders take less thought with their next packet, and more again when it is calm`() {
        let call = PageCall(page: [.opus], isPage: false)
        call.bridge()
        var cpu = Duration.zero
        func run(busy: Int, seconds: Int) {
            for _ in 0..<seconds * 4 {
                call.run(milliseconds: 250)
                cpu += .milliseconds(250 * busy / 100)
                call.rig.govern(cpu: cpu)
            }
        }
        func complexity() -> Int? {
            var complexity: Int?
            call.rig.with(call.pageLeg) { complexity = $0.pointee.speaker.opusEncoder?.complexity }
            return complexity
        }
        run(busy: 20, seconds: 2)
        #expect(complexity() == 5 && call.rig.counters[.opusComplexity] == 5)
        run(busy: 95, seconds: 2)
        call.run(milliseconds: 20)
        #expect(complexity() == 0 && call.rig.counters[.opusComplexity] == 0)
        run(busy: 20, seconds: 20)
        #expect(complexity() == 5 && call.rig.counters[.opusComplexity] == 5)
    }

    @Test func `the encoder's redundancy follows the loss reported`() {
        let call = PageCall()
        call.bridge()
        func expected() -> Int? {
            var loss: Int?
            call.rig.with(call.pageLeg) { loss = $0.pointee.speaker.opusEncoder?.expectedLoss }
            return loss
        }
        call.run(milliseconds: 5_000)
        #expect(expected() == 5)
        for (lost, percent) in [(26, 11), (64, 25), (200, 30), (0, 20), (0, 13), (0, 8), (0, 5), (0, 5)] {
            call.lost = UInt8(lost)
            call.run(milliseconds: 5_000)
            #expect(expected() == percent)
        }
    }

    /// The longest time between two packets, milliseconds.
    private static func longestGap(_ phone: Phone) -> Int {
        zip(phone.heard, phone.heard.dropFirst()).reduce(0) { max($0, $1.1.at - $1.0.at) }
    }

    /// One source whose numbers grow by one and whose timestamps never go back: Chromium plays only the newest of the
    /// sources of a track.
    private static func expectOneStream(_ phone: Phone) {
        #expect(Set(phone.heard.map(\.ssrc)).count == 1)
        for (a, b) in zip(phone.heard, phone.heard.dropFirst()) {
            #expect(b.sequence == a.sequence &+ 1)
            let step = b.timestamp &- a.timestamp
            #expect(step == (a.payloadType == 111 ? 960 : 160), "at \(b.at) ms from \(a.payloadType)")
        }
    }
}
