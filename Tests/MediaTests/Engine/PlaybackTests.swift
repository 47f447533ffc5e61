// Prompts: copied payloads, unbroken streams, one answer to each token.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct PlaybackTests {
    private static func prompt(_ frequency: Double, milliseconds: Int) throws -> Prompt {
        try Prompt(samples16k: Tones.sine(frequency, rate: 16_000, from: 0, count: milliseconds * 16))
    }

    @Test(arguments: [10, 20, 30, 60])
    func `a prompt's G.711 payload arrives byte for byte at every packet time`(packetTime: Int) throws {
        let rig = Rig()
        let phone = Phone(port: 5_000, packetTime: packetTime)
        let leg = rig.connect(phone, plan: Rig.plan([.pcma], packetTime: packetTime))
        let prompts = [try Self.prompt(440, milliseconds: 340), try Self.prompt(700, milliseconds: 260)]
        let playlist = Playlist(prompts)
        rig.handle(.play(leg, playlist.view, token: 9))
        rig.run(milliseconds: 800)
        let wanted = prompts.flatMap { prompt in
            (0..<Int(prompt.view.frames) * 160).map { prompt.view.pcma[$0] }
        }
        let heard = phone.heard.flatMap(\.payload)
        #expect(Array(heard[..<wanted.count]) == wanted)
        #expect(heard[wanted.count...].allSatisfy { $0 == 0xD5 })
        #expect(heard.count - wanted.count < packetTime * 8)
        #expect(phone.heard.allSatisfy { $0.payload.count == packetTime * 8 })
        for (a, b) in zip(phone.heard, phone.heard.dropFirst()) {
            #expect(b.sequence == a.sequence &+ 1)
            #expect(b.timestamp == a.timestamp &+ UInt32(packetTime * 8))
            #expect(b.at - a.at == packetTime)
        }
        #expect(rig.takeEvents().contains { if case .played(leg, token: 9) = $0 { true } else { false } })
        withExtendedLifetime(playlist) {}
    }

    @Test func `an Opus prompt's packets arrive byte for byte`() throws {
        let rig = Rig()
        let phone = Phone(port: 5_000, codec: .opus)
        let leg = rig.connect(phone)
        let prompt = try Self.prompt(440, milliseconds: 200)
        let playlist = Playlist([prompt])
        rig.handle(.play(leg, playlist.view, token: 1))
        rig.run(milliseconds: 300)
        let view = prompt.view
        let wanted = (0..<Int(view.frames)).map { frame in
            (view.opusOffsets[frame]..<view.opusOffsets[frame + 1]).map { view.opusBytes[Int($0)] }
        }
        #expect(phone.heard.map(\.payload) == wanted)
        for (a, b) in zip(phone.heard, phone.heard.dropFirst()) { #expect(b.timestamp == a.timestamp &+ 960) }
        withExtendedLifetime(playlist) {}
    }

    @Test(arguments: BridgeTests.starts)
    func `prompt, bridge, prompt: one stream without a break`(start: UInt16) throws {
        let rig = Rig()
        let caller = Phone(port: 5_000)
        let agent = Phone(port: 5_002, tone: 1_000)
        let legs = (rig.connect(caller), rig.connect(agent))
        rig.with(legs.0) { leg in
            leg.pointee.sent = SendStream(clockRate: 8_000, ssrc: 5, sequence: start, timestamp: .max - 500)
        }
        let playlist = Playlist([try Self.prompt(440, milliseconds: 10_000)])
        rig.handle(.play(legs.0, playlist.view, token: 1))
        rig.run(milliseconds: 205)
        rig.handle(.stopPlaying(legs.0))
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: 213)
        rig.handle(.play(legs.0, playlist.view, token: 2))
        rig.run(milliseconds: 210)
        #expect(caller.heard.first?.sequence == start)
        #expect(Set(caller.heard.map(\.ssrc)) == [5])
        for (a, b) in zip(caller.heard, caller.heard.dropFirst()) {
            #expect(b.sequence == a.sequence &+ 1)
            #expect(b.timestamp == a.timestamp &+ 160)
        }
        #expect(caller.level(of: 440) > -20 && caller.level(of: 1_000) > -24)
        withExtendedLifetime(playlist) {}
    }

    @Test func `a loop goes on until it is replaced, and every token is answered once`() throws {
        let rig = Rig()
        let phone = Phone(port: 5_000)
        let leg = rig.connect(phone)
        let music = Playlist([try Self.prompt(440, milliseconds: 60)], loops: true)
        let speech = Playlist([try Self.prompt(700, milliseconds: 60)])
        rig.handle(.play(leg, music.view, token: 1))
        rig.run(milliseconds: 1_000)
        #expect(phone.heard.count >= 49)
        rig.handle(.play(leg, speech.view, token: 2))
        rig.run(milliseconds: 100)
        rig.handle(.play(leg, music.view, token: 3))
        rig.handle(.stopPlaying(leg))
        rig.handle(.stopPlaying(leg))
        rig.handle(.play(leg, music.view, token: 4))
        rig.handle(.remove(leg))
        var answers: [String] = []
        for event in rig.takeEvents() {
            switch event {
            case .played(_, let token): answers.append("played \(token)")
            case .stopped(_, let token): answers.append("stopped \(token)")
            case .removed(let pointer, _): rig.free(pointer)
            case .detached, .updated, .digit, .connected, .lost, .firstPacket, .silent, .heardAgain, .quality,
                .overflow, .wantsCodec, .cleaning:
                break
            }
        }
        #expect(answers == ["stopped 1", "played 2", "stopped 3", "stopped 4"])
        withExtendedLifetime((music, speech)) {}
    }

    @Test func `an empty playlist is over at once`() {
        let rig = Rig()
        let phone = Phone(port: 5_000)
        let leg = rig.connect(phone)
        let playlist = Playlist([], loops: true)
        rig.handle(.play(leg, playlist.view, token: 5))
        rig.run(milliseconds: 30)
        #expect(phone.heard.isEmpty)
        #expect(rig.takeEvents().contains { if case .played(_, token: 5) = $0 { true } else { false } })
        withExtendedLifetime(playlist) {}
    }

    @Test func `while something plays to a bridged leg the other is not heard, afterwards at once`() throws {
        let rig = Rig()
        let caller = Phone(port: 5_000)
        let agent = Phone(port: 5_002, tone: 1_000)
        let legs = (rig.connect(caller), rig.connect(agent))
        let playlist = Playlist([try Self.prompt(440, milliseconds: 400)])
        rig.handle(.bridge(legs.0, legs.1))
        rig.handle(.play(legs.0, playlist.view, token: 1))
        rig.run(milliseconds: 390)
        #expect(caller.level(of: 1_000) < -50)
        caller.forget()
        rig.run(milliseconds: 500)
        #expect(caller.level(of: 1_000) > -16)
        withExtendedLifetime(playlist) {}
    }

    @Test func `on hold by the peer a prompt passes unheard`() throws {
        let rig = Rig()
        let phone = Phone(port: 5_000)
        var plan = Rig.plan([.pcma])
        plan.sends = false
        let leg = rig.connect(phone, plan: plan)
        let playlist = Playlist([try Self.prompt(440, milliseconds: 100)])
        rig.handle(.play(leg, playlist.view, token: 1))
        rig.run(milliseconds: 150)
        #expect(phone.heard.isEmpty)
        #expect(rig.takeEvents().contains { if case .played = $0 { true } else { false } })
        withExtendedLifetime(playlist) {}
    }
}
