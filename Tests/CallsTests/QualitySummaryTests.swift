// The facts that a leg's figures become.

import Testing

@testable import Calls
@testable import Media

@Suite struct QualitySummaryTests {
    private func figures(lost: Int32 = 0, late: Int32 = 0, milliseconds: Int32 = 5_000) -> LegQuality {
        var quality = LegQuality()
        quality.milliseconds = milliseconds
        quality.received = 250 - lost - late
        quality.lost = lost
        quality.discarded = late
        quality.stretches = lost + late
        return quality
    }

    @Test func `five seconds are one short fact, without what is nought or unknown`() {
        var quality = figures()
        quality.jitterMicroseconds = 1_260
        #expect(
            QualitySummary.detail(quality, leg: "caller") == [
                "leg": "caller", "r": "92.5", "mosLQ": "4.41", "mosCQ": "4.40", "received": "250", "jitter": "1.3",
            ])
    }

    @Test func `what is lost, late, invented and told by the peer is in the fact`() {
        var quality = figures(lost: 5, late: 3)
        quality.concealed = 9
        quality.bufferDelay = 40
        quality.roundTripMicroseconds = 30_040
        quality.hasRemoteReport = true
        quality.remoteLoss = 13
        quality.remoteJitterMicroseconds = 2_000
        quality.remoteR = 81
        quality.remoteListening = 41
        let detail = QualitySummary.detail(quality, leg: "consultant")
        #expect(detail["lost"] == "5" && detail["late"] == "3" && detail["concealed"] == "9")
        #expect(detail["buffer"] == "40" && detail["roundTrip"] == "30.0")
        #expect(detail["rRemote"] == "81.0" && detail["mosLQRemote"] == "4.10" && detail["mosCQRemote"] != nil)
        #expect(detail["lossRemote"] == "5.1 %" && detail["jitterRemote"] == "2.0")
    }

    @Test func `a call is told by its median, its worst five seconds and its loss`() throws {
        var summary = QualitySummary()
        for lost: Int32 in [0, 0, 0, 5, 25] { summary.add(figures(lost: lost)) }
        summary.add(figures(lost: 10, late: 10, milliseconds: 300))
        let detail = try #require(summary.detail(leg: "caller"))
        #expect(detail["r"] == "93" && detail["rLowest"] == "65")
        #expect(detail["duration"] == "25300" && detail["loss"] == "3.3 %" && detail["late"] == "0.7 %")
        #expect(detail["mos"].flatMap(Double.init).map { $0 > 4 && $0 < 4.4 } ?? false)
        #expect(detail["rRemote"] == nil && detail["concealed"] == nil)
    }

    @Test func `a call tells the codecs of both directions in the order in which they changed, and not without end`()
        throws
    {
        var summary = QualitySummary()
        for codec: Codec in [.pcma, .pcma, .opus, .opus, .pcma] {
            var quality = figures()
            quality.sentCodec = codec
            quality.hasRemoteReport = true
            summary.add(quality)
        }
        // Nothing was heard: no codec either.
        var silent = LegQuality()
        silent.heardCodec = .g722
        summary.add(silent)
        let detail = try #require(summary.detail(leg: "consultant"))
        #expect(detail["codec"] == "PCMA" && detail["codecRemote"] == "PCMA → opus → PCMA")
        for _ in 0..<20 {
            for codec: Codec in [.opus, .pcma] {
                var quality = figures()
                quality.heardCodec = codec
                summary.add(quality)
            }
        }
        #expect(summary.detail(leg: "consultant")?["codec"] == "PCMA → opus → PCMA → opus → PCMA → opus → …")
    }

    @Test func `a call of a few packets is told by those, one of none not at all`() throws {
        var summary = QualitySummary()
        #expect(summary.detail(leg: "caller") == nil)
        summary.add(LegQuality())
        #expect(summary.detail(leg: "caller") == nil)
        summary.add(figures(milliseconds: 900))
        #expect(try #require(summary.detail(leg: "caller"))["r"] == "93")
    }
}
