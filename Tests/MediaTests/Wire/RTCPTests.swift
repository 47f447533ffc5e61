// Compound RTCP packets, written and read.

import Testing

@testable import Media

@Suite struct RTCPTests {
    private let report = SenderReport(
        ntpTime: 0xE000_0001_8000_0002, rtpTimestamp: 0xFFFF_FFF0, packetCount: 7, octetCount: 1_120)
    private let block = ReportBlock(
        ssrc: 0xCAFE_0001, fractionLost: 25, cumulativeLost: -3, highestSequence: 0x0002_FFFF, jitter: 40,
        lastSenderReport: 0x0001_8000, delaySinceLastSenderReport: 65_536)

    private func compound(_ write: (inout RTCPWriter) -> Void) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: RTCPWriter.capacity)
        let length = bytes.withUnsafeMutableBytes { buffer in
            var writer = RTCPWriter(buffer.baseAddress!)  // because the array is not empty
            write(&writer)
            return writer.length
        }
        return Array(bytes.prefix(length))
    }

    @Test func `A sender report with name and goodbye comes back whole`() {
        let bytes = compound {
            $0.senderReport(ssrc: 1, report, block: block)
            $0.sourceDescription(ssrc: 1, name: CanonicalName(random: (0x0123_4567_89AB_CDEF, 0x1234_5678)))
            $0.goodbye(ssrc: 1)
        }
        #expect(bytes.count == 52 + 28 + 8)
        bytes.withUnsafeBytes { buffer in
            var reader = RTCPReader(buffer)
            guard case .senderReport(ssrc: 1, report, let blocks) = reader.next() else {
                Issue.record("the sender report is gone")
                return
            }
            #expect(blocks.count == 1)
            #expect(blocks.block(at: 0) == block)
            guard case .sourceDescription = reader.next() else {
                Issue.record("the source description is gone")
                return
            }
            guard case .goodbye(ssrc: 1) = reader.next() else {
                Issue.record("the goodbye is gone")
                return
            }
            #expect(reader.next() == nil)
            #expect(!reader.isMalformed)
        }
    }

    @Test(arguments: [Int32.min, -0x80_0000, -1, 0, 1, 0x7F_FFFF, Int32.max])
    func `Losses are clamped to 24 bits and keep their sign`(lost: Int32) {
        var own = block
        own.cumulativeLost = lost
        let bytes = compound { $0.receiverReport(ssrc: 2, block: own) }
        bytes.withUnsafeBytes { buffer in
            var reader = RTCPReader(buffer)
            guard case .receiverReport(ssrc: 2, let blocks) = reader.next() else {
                Issue.record("the receiver report is gone")
                return
            }
            #expect(blocks.block(at: 0).cumulativeLost == max(-0x80_0000, min(0x7F_FFFF, lost)))
        }
    }

    @Test func `Every truncation ends the walk without a fault`() {
        let bytes = compound {
            $0.senderReport(ssrc: 1, report, block: block)
            $0.sourceDescription(ssrc: 1, name: CanonicalName(random: (1, 2)))
            $0.goodbye(ssrc: 1)
        }
        everyTruncation(of: bytes) { buffer in
            var reader = RTCPReader(buffer)
            while reader.next() != nil {}
            let isWholePackets = [0, 52, 80].contains(buffer.count)
            #expect(reader.isMalformed != isWholePackets)
        }
    }

    @Test func `Unknown packets are skipped by their length`() {
        let application: [UInt8] = [0x81, 204, 0, 2, 0, 0, 0, 1, 0x6E, 0x61, 0x6D, 0x65]
        let unheardOf: [UInt8] = [0x80, 199, 0, 0]
        let bytes = application + unheardOf + compound { $0.goodbye(ssrc: 9) }
        bytes.withUnsafeBytes { buffer in
            var reader = RTCPReader(buffer)
            guard case .other(type: 204) = reader.next(), case .other(type: 199) = reader.next(),
                case .goodbye(ssrc: 9) = reader.next(), reader.next() == nil, !reader.isMalformed
            else {
                Issue.record("the walk lost its place")
                return
            }
        }
    }

    @Test func `A count of blocks beyond the packet is malformed`() {
        let bytes: [UInt8] = [0x9F, 201, 0, 1, 0, 0, 0, 1]
        bytes.withUnsafeBytes { buffer in
            var reader = RTCPReader(buffer)
            #expect(reader.next() == nil)
            #expect(reader.isMalformed)
        }
    }

    @Test func `Padding is left out, and must be a multiple of four within the packet`() {
        let report: [UInt8] = [0xA0, 201, 0, 2, 0, 0, 0, 7, 0, 0, 0, 4]
        report.withUnsafeBytes { buffer in
            var reader = RTCPReader(buffer)
            guard case .receiverReport(ssrc: 7, let blocks) = reader.next() else {
                Issue.record("the padded report is gone")
                return
            }
            #expect(blocks.count == 0 && reader.next() == nil && !reader.isMalformed)
        }
        for padding: UInt8 in [0, 3, 12, 255] {
            (report.dropLast() + [padding]).withUnsafeBytes { buffer in
                var reader = RTCPReader(buffer)
                #expect(reader.next() == nil && reader.isMalformed, "\(padding) bytes")
            }
        }
        // As far as the header: nothing is left of the report.
        (report.dropLast() + [8]).withUnsafeBytes { buffer in
            var reader = RTCPReader(buffer)
            #expect(reader.next() == nil && reader.isMalformed)
        }
    }

    @Test func `A compound that begins with no report is of reduced size and read all the same`() {
        let whole = compound { $0.receiverReport(ssrc: 1, block: nil) }
        let alone = compound { $0.pictureLoss(sender: 1, media: 2) }
        whole.withUnsafeBytes { #expect(!RTCPReader($0).isReducedSize) }
        alone.withUnsafeBytes { buffer in
            var reader = RTCPReader(buffer)
            #expect(reader.isReducedSize)
            guard case .feedback(let feedback) = reader.next() else {
                Issue.record("the feedback is gone")
                return
            }
            #expect(feedback.sender == 1 && feedback.media == 2)
        }
        UnsafeRawBufferPointer(start: nil, count: 0).withMemoryRebound(to: UInt8.self) { empty in
            #expect(!RTCPReader(UnsafeRawBufferPointer(empty)).isReducedSize)
        }
    }
}
