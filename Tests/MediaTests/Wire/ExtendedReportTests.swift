// Extended reports (RFC 3611), written and read.

import TestTools
import Testing

@testable import Media

@Suite struct ExtendedReportTests {
    private var metrics: VoIPMetrics {
        var metrics = VoIPMetrics(ssrc: 0xCAFE_0001)
        metrics.lossRate = 1
        metrics.discardRate = 2
        metrics.burstDensity = 3
        metrics.gapDensity = 4
        metrics.burstDuration = 0x0506
        metrics.gapDuration = 0x0708
        metrics.roundTripDelay = 0x090A
        metrics.endSystemDelay = 0x0B0C
        metrics.signalLevel = UInt8(bitPattern: -18)
        metrics.noiseLevel = UInt8(bitPattern: -60)
        metrics.rFactor = 92
        metrics.listeningQuality = 44
        metrics.conversationalQuality = 43
        metrics.receiver = .ours
        metrics.bufferNominal = 0x0D0E
        metrics.bufferMaximum = 0x0F10
        metrics.bufferAbsoluteMaximum = 0x1112
        return metrics
    }
    private let echo = ReferenceTimeEcho(ssrc: 5, lastReference: 0x8000_0001, delay: 65_536)

    private func compound(_ write: (inout RTCPWriter) -> Void) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: RTCPWriter.capacity)
        let length = bytes.withUnsafeMutableBytes { buffer in
            var writer = RTCPWriter(buffer.baseAddress!)  // because the array is not empty
            write(&writer)
            return writer.length
        }
        return Array(bytes.prefix(length))
    }

    private var whole: [UInt8] {
        compound {
            $0.receiverReport(ssrc: 9, block: nil)
            $0.beginExtendedReport(ssrc: 9)
            $0.add(ReceiverReferenceTime(ntpTime: 0x0123_4567_89AB_CDEF))
            $0.add(echo)
            $0.add(metrics)
        }
    }

    /// All blocks of all extended reports, and whether the compound and each report were sound.
    private func walk(_ buffer: UnsafeRawBufferPointer) -> (blocks: [ExtendedReportBlock], isSound: Bool) {
        var reader = RTCPReader(buffer)
        var found: [ExtendedReportBlock] = []
        var isSound = true
        while let packet = reader.next() {
            guard case .extendedReport(_, var blocks) = packet else { continue }
            while let block = blocks.next() { found.append(block) }
            if blocks.isMalformed { isSound = false }
        }
        return (found, isSound && !reader.isMalformed)
    }

    @Test func `A VoIP metrics block lies on the wire as the RFC draws it`() {
        let bytes = compound {
            $0.beginExtendedReport(ssrc: 9)
            $0.add(metrics)
        }
        let drawn: [UInt8] = [
            0x80, 207, 0, 10, 0, 0, 0, 9,
            7, 0, 0, 8, 0xCA, 0xFE, 0, 1,
            1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
            0xEE, 0xC4, 127, 16, 92, 127, 44, 43,
            0b1011_0000, 0, 13, 14, 15, 16, 17, 18,
        ]
        #expect(bytes == drawn)
    }

    @Test func `Three blocks come back whole, each by its length`() {
        whole.withUnsafeBytes { buffer in
            let (blocks, isSound) = walk(buffer)
            guard isSound, blocks.count == 3, case .receiverReferenceTime(let reference) = blocks[0],
                case .echoes(let echoes) = blocks[1], case .voipMetrics(let read) = blocks[2]
            else {
                Issue.record("three blocks in their order")
                return
            }
            #expect(reference == ReceiverReferenceTime(ntpTime: 0x0123_4567_89AB_CDEF))
            #expect(echoes.count == 1 && echoes.echo(at: 0) == echo)
            #expect(read == metrics)
        }
        #expect(whole.count % 4 == 0 && whole.count <= RTCPWriter.capacity)
    }

    @Test func `Every truncation ends the walk without a fault`() {
        everyTruncation(of: whole) { buffer in
            let (blocks, isSound) = walk(buffer)
            // The receiver report alone is a compound of its own.
            #expect(isSound == [0, 8].contains(buffer.count))
            #expect(blocks.isEmpty)
        }
    }

    @Test func `Every truncation of the blocks alone ends their walk without a fault`() {
        everyTruncation(of: Array(whole.dropFirst(16))) { buffer in
            var blocks = ExtendedReportBlocks(buffer)
            var count = 0
            while blocks.next() != nil { count += 1 }
            let ends = [0, 12, 28]
            #expect(blocks.isMalformed != ends.contains(buffer.count))
            #expect(count == ends.filter { $0 > 0 && $0 <= buffer.count }.count)
        }
    }

    @Test func `Blocks that we do not know and blocks of impossible length are skipped`() {
        let blocks: [UInt8] = [
            1, 0, 0, 1, 1, 2, 3, 4,  // loss run lengths
            4, 0, 0, 1, 0, 0, 0, 0,  // half a reference time
            5, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0,  // two thirds of an echo
            7, 0, 0, 0,  // metrics of nothing
            5, 0, 0, 0,  // echoes for nobody
            255, 9, 0, 0,
        ]
        let bytes: [UInt8] = [0x80, 207, 0, UInt8(1 + blocks.count / 4), 0, 0, 0, 9] + blocks
        bytes.withUnsafeBytes { buffer in
            let (found, isSound) = walk(buffer)
            #expect(isSound)
            let told = found.map { block in
                switch block {
                case .other(let type): "other \(type)"
                case .malformed(let type): "malformed \(type)"
                case .echoes(let echoes): "\(echoes.count) echoes"
                case .receiverReferenceTime, .voipMetrics: "known"
                }
            }
            #expect(told == ["other 1", "malformed 4", "malformed 5", "malformed 7", "0 echoes", "other 255"])
        }
    }

    @Test func `A block answers several receivers`() {
        var bytes: [UInt8] = [5, 0, 0, 6]
        for index: UInt8 in 1...2 { bytes += [0, 0, 0, index, 0, 0, 0, index &+ 10, 0, 0, 0, index &+ 20] }
        bytes.withUnsafeBytes { buffer in
            var blocks = ExtendedReportBlocks(buffer)
            guard case .echoes(let echoes) = blocks.next() else {
                Issue.record("the echoes are gone")
                return
            }
            #expect(echoes.count == 2)
            #expect(echoes.echo(at: 1) == ReferenceTimeEcho(ssrc: 2, lastReference: 12, delay: 22))
        }
    }

    @Test func `Whatever bytes come, the walk ends within them`() {
        var random = SeededGenerator(seed: 3_611)
        for _ in 0..<20_000 {
            var bytes = [UInt8](repeating: 0, count: Int.random(in: 0...96, using: &random))
            for index in bytes.indices { bytes[index] = UInt8.random(in: 0...255, using: &random) }
            // Half of them look like a compound of short packets, so that the walk gets somewhere.
            if Bool.random(using: &random) {
                for index in stride(from: 0, to: bytes.count - 3, by: 8) {
                    bytes[index] = 0x80 | bytes[index] & 0x3F
                    bytes[index + 1] = 200 + bytes[index + 1] % 8
                    bytes[index + 2] = 0
                    bytes[index + 3] %= 12
                }
            }
            bytes.withUnsafeBytes { #expect(walk($0).blocks.count <= bytes.count / 4) }
        }
    }
}
