// Extended reports between two engines, and with peers that want none.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct ExtendedReportingTests {
    private func music() throws -> Playlist {
        Playlist([try Prompt(samples16k: Tones.sine(440, rate: 16_000, from: 0, count: 16_000))], loops: true)
    }

    @Test func `two engines tell each other how they hear`() throws {
        let trunk = Trunk(delay: 40, reports: .all)
        let music = try music()
        trunk.first.rig.handle(.play(trunk.first.leg, music.view, token: 1))
        trunk.second.rig.handle(.play(trunk.second.leg, music.view, token: 1))
        trunk.lossTowardsFirst = 20
        trunk.run(milliseconds: 60_000)
        let heard = try #require(trunk.first.figures().last?.heard)
        let told = try #require(trunk.second.figures().last)
        let remote = try #require(told.remote)
        // 93.2 less 15.8 for five per cent, less 1 for the echo at 60 ms.
        #expect(heard.r > 74 && heard.r < 78)
        #expect(told.remoteR <= 100, "by its own word")
        #expect(abs(remote.r - heard.r) < 1 && abs(remote.listening - heard.listening) < 0.1)
        let clean = try #require(trunk.first.figures().last?.remote)
        #expect(clean.r > 90)
        for end in [trunk.first, trunk.second] {
            let roundTrip = try #require(end.figures().last?.roundTripMilliseconds)
            #expect(roundTrip > 78 && roundTrip < 85)
            #expect(end.rig.counters[.extendedMalformed] == 0 && end.rig.counters[.rtcpMalformed] == 0)
            #expect(end.rig.counters[.extendedReceived] >= 8)
        }
        let metrics = try #require(trunk.first.phone.reports.compactMap(XRSight.metrics).last)
        #expect(metrics.roundTripDelay > 78 && metrics.roundTripDelay < 85)
        #expect(metrics.gMin == 16 && metrics.echoReturnLoss == 127 && metrics.externalRFactor == 127)
        #expect(metrics.signalLevel == 127 && metrics.noiseLevel == 127, "nobody decodes")
        #expect(metrics.receiver == .unknown && metrics.bufferNominal == 0 && metrics.endSystemDelay == 20)
        withExtendedLifetime(music) {}
    }

    @Test func `who only listens learns the round trip by its reference time`() throws {
        let trunk = Trunk(delay: 100, reports: .all)
        let music = try music()
        trunk.first.rig.handle(.play(trunk.first.leg, music.view, token: 1))
        trunk.run(milliseconds: 30_000)
        let listener = try #require(trunk.second.figures().last)
        let roundTrip = try #require(listener.roundTripMilliseconds)
        #expect(roundTrip > 195 && roundTrip < 206)
        let blocks = trunk.second.phone.reports.map(XRSight.blocks)
        #expect(
            blocks.allSatisfy { report in
                report.contains { if case .receiverReferenceTime = $0 { true } else { false } }
            })
        let answers = trunk.first.phone.reports.flatMap(XRSight.blocks)
        #expect(answers.contains { if case .echoes = $0 { true } else { false } })
        #expect(!answers.contains { if case .receiverReferenceTime = $0 { true } else { false } })
        withExtendedLifetime(music) {}
    }

    @Test func `without an agreement there are no extended reports, and the listener knows no round trip`() throws {
        let trunk = Trunk(delay: 100, reports: ExtendedReportTerms())
        let music = try music()
        trunk.first.rig.handle(.play(trunk.first.leg, music.view, token: 1))
        trunk.run(milliseconds: 30_000)
        for end in [trunk.first, trunk.second] {
            #expect(end.phone.reports.count > 3 && end.phone.reports.flatMap(XRSight.blocks).isEmpty)
            #expect(end.rig.counters[.extendedSent] == 0)
        }
        #expect(trunk.second.figures().last?.roundTripMilliseconds == nil)
        #expect(trunk.first.figures().last?.roundTripMilliseconds != nil)
        withExtendedLifetime(music) {}
    }

    @Test func `where only senders answer, a listener does not`() throws {
        let trunk = Trunk(delay: 10, reports: ExtendedReportTerms(receiverRoundTrip: .senders))
        trunk.run(milliseconds: 20_000)
        let blocks = (trunk.first.phone.reports + trunk.second.phone.reports).flatMap(XRSight.blocks)
        #expect(!blocks.isEmpty)
        #expect(blocks.allSatisfy { if case .receiverReferenceTime = $0 { true } else { false } })
    }

    @Test func `a leg that decodes tells its buffer and levels`() throws {
        let rig = Rig()
        let caller = Phone(port: 5_000, tone: 440)
        var plan = Rig.plan([.pcma])
        plan.reports = ExtendedReportTerms(voipMetrics: true)
        let legs = (rig.connect(caller, plan: plan), rig.connect(Phone(port: 5_002, codec: .pcmu)))
        rig.handle(.bridge(legs.0, legs.1))
        // Words of half a second: a tone without pauses would be noise.
        for word in 0..<20 {
            caller.tone = word % 2 == 0 ? 440 : nil
            rig.run(milliseconds: 500)
        }
        let metrics = try #require(caller.reports.compactMap(XRSight.metrics).last)
        #expect(metrics.receiver == .ours)
        #expect(metrics.bufferNominal <= 40)
        #expect(metrics.bufferMaximum > metrics.bufferNominal)
        #expect(metrics.bufferAbsoluteMaximum >= metrics.bufferMaximum)
        #expect(metrics.endSystemDelay == 20 + metrics.bufferNominal)
        #expect(metrics.rFactor >= 91 && metrics.rFactor <= 93 && metrics.listeningQuality == 44)
        #expect(metrics.discardRate == 0 && metrics.lossRate == 0)
        // A tone at −12 dB of full scale, which is 3 dBm0.
        #expect(Int8(bitPattern: metrics.signalLevel) == -9)
        #expect(Int8(bitPattern: metrics.noiseLevel) < -80)
    }

    @Test func `feedback and unknown packets are counted and change nothing`() throws {
        let rig = Rig()
        let phone = Phone(port: 5_000, tone: 440)
        let leg = rig.connect(phone)
        rig.run(milliseconds: 100)
        let address = try #require(SocketAddress(ip: phone.address.ip, port: phone.address.port + 1))
        var bytes = [UInt8](repeating: 0, count: RTCPWriter.capacity)
        let length = bytes.withUnsafeMutableBytes { buffer -> Int in
            guard let start = buffer.baseAddress else { return 0 }
            var writer = RTCPWriter(start)
            writer.nack(sender: 1, media: 2, GenericNACK(packet: 3))
            writer.pictureLoss(sender: 1, media: 2)
            return writer.length
        }
        let others: [UInt8] = [
            0x81, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2,  // a NACK of nothing
            0x80, 204, 0, 2, 0, 0, 0, 1, 0x6E, 0x61, 0x6D, 0x65,  // APP
            0x80, 207, 0, 2, 0, 0, 0, 1, 7, 0, 0, 9,  // a block beyond its report
        ]
        rig.inject(Array(bytes[..<length]) + others, to: leg, from: address, isRTCP: true)
        let counters = rig.counters
        #expect(counters[.rtcpReceived] == 1 && counters[.rtcpReducedSize] == 1 && counters[.rtcpMalformed] == 0)
        #expect(counters[.nackReceived] == 1 && counters[.pictureLossReceived] == 1)
        #expect(counters[.feedbackMalformed] == 1 && counters[.rtcpUnknown] == 1)
        #expect(counters[.extendedReceived] == 1 && counters[.extendedMalformed] == 1)
    }
}
