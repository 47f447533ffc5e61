// What a leg's figures say of a line that loses and delays.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct QualityTests {
    private static func figures(_ rig: Rig, _ leg: LegID) -> [LegQuality] {
        rig.events.compactMap { event in
            guard case .quality(leg, let quality) = event else { return nil }
            return quality
        }
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

    /// A caller heard by an agent in `listener`'s codec, over a line with `impairment`.
    private static func call(
        listener: Codec = .pcma, _ impairment: Impairment? = nil, seconds: Int
    ) -> (rig: Rig, caller: LegID, agent: LegID) {
        let rig = Rig()
        let legs = (
            rig.connect(Phone(port: 5_000, tone: 440)), rig.connect(Phone(port: 5_002, codec: listener, tone: 660))
        )
        if let impairment { rig.impair(legs.0, impairment) }
        rig.handle(.bridge(legs.0, legs.1))
        rig.run(milliseconds: seconds * 1_000)
        return (rig, legs.0, legs.1)
    }

    @Test func `a clean relayed call is as good as a telephone can be, every five seconds`() throws {
        let (rig, caller, _) = Self.call(seconds: 61)
        let figures = Self.figures(rig, caller)
        #expect(figures.count == 12)
        for quality in figures.dropFirst() {
            #expect(quality.milliseconds == 5_000 && quality.received == 250)
            #expect(quality.lost == 0 && quality.discarded == 0 && quality.concealed == 0)
            #expect(quality.bufferDelay == 0 && quality.roundTripMilliseconds == nil)
            let rating = try #require(quality.heard)
            #expect(rating.r > 92 && rating.listening > 4.4 && rating.conversational > 4.39)
            #expect(quality.remote == nil, "the phone reports nothing")
        }
    }

    @Test func `five per cent lost is heard as the E-model says`() throws {
        let (rig, caller, agent) = Self.call(Impairment(loss: 50, seed: 3), seconds: 121)
        let ratings = Self.figures(rig, caller).dropFirst().compactMap(\.heard)
        #expect(ratings.count >= 22)
        // 92.5 − 95 · 5 ÷ 30.1 is 76.7; five seconds have between 1 and 10 % of loss.
        let r = Self.mean(ratings.map(\.r))
        #expect(r > 72 && r < 81)
        #expect(ratings.allSatisfy { $0.r > 50 && $0.r < 93 })
        let opinion = Self.mean(ratings.map(\.listening))
        #expect(opinion > 3.6 && opinion < 4.1)
        #expect(Self.figures(rig, agent).compactMap(\.heard).dropFirst().allSatisfy { $0.r > 92 })
        let lost = Self.figures(rig, caller).reduce(0) { $0 + $1.lost }
        let received = Self.figures(rig, caller).reduce(0) { $0 + $1.received }
        #expect(abs(Double(lost) / Double(lost + received) - 0.05) < 0.012)
    }

    @Test func `a decoded leg adds its jitter buffer to the delay, and what comes too late to the loss`() throws {
        let calm = Self.call(listener: .pcmu, seconds: 31)
        let rough = Self.call(listener: .pcmu, Impairment(jitter: 120, seed: 9), seconds: 61)
        let calmFigures = Self.figures(calm.rig, calm.caller).dropFirst()
        let roughFigures = Self.figures(rough.rig, rough.caller)
        #expect(calmFigures.allSatisfy { $0.bufferDelay <= 40 && $0.discarded == 0 })
        #expect(roughFigures.last.map { $0.bufferDelay > 60 && $0.bufferDelay <= 400 } ?? false)
        let late = roughFigures.reduce(0) { $0 + Int($1.discarded) }
        let counted = rough.rig.counters[.bufferLate]
        #expect(late > 0 && late <= counted && counted - late <= 64, "late packets \(late), counted \(counted)")
        #expect(roughFigures.allSatisfy { $0.lost == 0 })
        #expect(roughFigures.reduce(0) { $0 + Int($1.concealed) } > 0)
        let best = try #require(calmFigures.last?.heard)
        let worst = try #require(roughFigures.last?.heard)
        #expect(worst.conversational < best.conversational)
    }

    @Test func `the last figures come with the leg's end and count every packet`() {
        let rig = Rig()
        let phone = Phone(port: 5_000, tone: 440)
        let leg = rig.connect(phone)
        rig.run(milliseconds: 7_010)
        let sent = phone.said.count
        rig.handle(.remove(leg))
        let events = rig.takeEvents()
        let figures = events.compactMap { event -> LegQuality? in
            guard case .quality(leg, let quality) = event else { return nil }
            return quality
        }
        #expect(figures.reduce(0) { $0 + Int($1.received) } == sent)
        #expect(abs(figures.reduce(0) { $0 + Int($1.milliseconds) } - 7_010) <= 10)
        guard case .removed(let pointer, leg) = events.last else {
            Issue.record("the leg comes back after its last figures")
            return
        }
        #expect(pointer.statistics.packetsReceived == sent && pointer.statistics.packetsLost == 0)
        rig.free(pointer)
    }

    @Test func `a leg that hears nothing and is told nothing has no figures`() {
        let rig = Rig()
        let leg = rig.connect(Phone(port: 5_000))
        rig.run(milliseconds: 20_000)
        #expect(Self.figures(rig, leg).isEmpty)
    }

    @Test func `losses in bursts look worse than as many one by one`() throws {
        func run(_ isLost: (Int) -> Bool) throws -> (metrics: VoIPMetrics, ratings: [Double]) {
            let rig = Rig()
            let phone = Phone(port: 5_000)
            var plan = Rig.plan([.pcma])
            plan.reports = .all
            let leg = rig.connect(phone, plan: plan)
            for packet in 0..<2_500 {
                let bytes = Phone.packet(
                    payloadType: 8, sequence: UInt16(packet), timestamp: UInt32(packet * 160), ssrc: 7,
                    payload: [UInt8](repeating: 0xD5, count: 160))
                if !isLost(packet) { rig.send(bytes, from: phone, to: leg) }
                rig.run(milliseconds: 20)
            }
            rig.handle(.remove(leg))
            rig.run(milliseconds: 1)
            let metrics = try #require(phone.reports.compactMap(XRSight.metrics).last)
            return (metrics, Self.figures(rig, leg).compactMap(\.heard?.r))
        }
        let even = try run { $0 % 20 == 10 }
        let bursts = try run { (10..<15).contains($0 % 100) }
        #expect(even.metrics.lossRate == 12 && bursts.metrics.lossRate == 12, "a twentieth of 256")
        #expect(even.metrics.burstDensity == 0 && even.metrics.burstDuration == 0 && even.metrics.gapDensity == 12)
        #expect(bursts.metrics.burstDensity == 255 && bursts.metrics.burstDuration == 100)
        #expect(bursts.metrics.gapDensity == 0 && bursts.metrics.gapDuration == 1_900)
        #expect(bursts.metrics.rFactor + 1 < even.metrics.rFactor)
        #expect(Self.mean(bursts.ratings) + 1 < Self.mean(even.ratings))
    }
}

/// The extended reports in compounds that a phone received.
enum XRSight {
    static func blocks(_ compound: [UInt8]) -> [ExtendedReportBlock] {
        compound.withUnsafeBytes { bytes in
            var reader = RTCPReader(bytes)
            var found: [ExtendedReportBlock] = []
            while let packet = reader.next() {
                guard case .extendedReport(_, var blocks) = packet else { continue }
                while let block = blocks.next() { found.append(block) }
            }
            return found
        }
    }

    static func metrics(_ compound: [UInt8]) -> VoIPMetrics? {
        for case .voipMetrics(let metrics) in blocks(compound) { return metrics }
        return nil
    }
}
