// Feedback messages (RFC 4585), written and read.

import Testing

@testable import Media

@Suite struct FeedbackTests {
    private func packet(_ write: (inout RTCPWriter) -> Void) -> [UInt8] {
        var bytes = [UInt8](repeating: 0xEE, count: RTCPWriter.capacity)
        let length = bytes.withUnsafeMutableBytes { buffer in
            var writer = RTCPWriter(buffer.baseAddress!)  // because the array is not empty
            write(&writer)
            return writer.length
        }
        return Array(bytes.prefix(length))
    }

    private func first(_ bytes: [UInt8], _ body: (RTCPPacket?) -> Void) {
        bytes.withUnsafeBytes { buffer in
            var reader = RTCPReader(buffer)
            body(reader.next())
        }
    }

    @Test func `A generic NACK lies on the wire as the RFC draws it and comes back`() {
        let bytes = packet { $0.nack(sender: 1, media: 2, GenericNACK(packet: 0x1234, following: 0x8001)) }
        #expect(bytes == [0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0x12, 0x34, 0x80, 0x01])
        first(bytes) { packet in
            guard case .feedback(let feedback) = packet, case .nack(let entries) = feedback.message else {
                Issue.record("the NACK is gone")
                return
            }
            #expect(feedback.sender == 1 && feedback.media == 2 && entries.count == 1)
            #expect(entries.entry(at: 0) == GenericNACK(packet: 0x1234, following: 0x8001))
        }
    }

    @Test(arguments: sequenceStarts)
    func `A NACK names its packet and those of its mask, also across the wrap`(start: UInt16) {
        let nack = GenericNACK(packet: start, following: 0b1000_0000_0000_0101)
        let named = (-3...20).filter { nack.contains(start &+ UInt16(truncatingIfNeeded: $0)) }
        #expect(named == [0, 1, 3, 16])
    }

    @Test func `A picture loss indication has no more than its two sources`() {
        let bytes = packet { $0.pictureLoss(sender: 7, media: 8) }
        #expect(bytes == [0x81, 206, 0, 2, 0, 0, 0, 7, 0, 0, 0, 8])
        first(bytes) { packet in
            guard case .feedback(let feedback) = packet, case .pictureLoss = feedback.message else {
                Issue.record("the indication is gone")
                return
            }
        }
    }

    @Test func `A message without room for what it says is malformed, another format is skipped`() {
        for bytes: [UInt8] in [
            [0x81, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2], [0x81, 205, 0, 1, 0, 0, 0, 1], [0x81, 206, 0, 0],
        ] {
            first(bytes) { packet in
                guard case .malformedFeedback = packet else {
                    Issue.record("\(bytes) was taken")
                    return
                }
            }
        }
        first([0x8F, 205, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2]) { packet in
            guard case .feedback(let feedback) = packet, case .other(type: 205, format: 15) = feedback.message else {
                Issue.record("transport-wide congestion control is somebody else's")
                return
            }
        }
    }

    @Test func `Every truncation of a compound with feedback ends the walk without a fault`() {
        let bytes = packet {
            $0.nack(sender: 1, media: 2, GenericNACK(packet: 3))
            $0.pictureLoss(sender: 1, media: 2)
        }
        everyTruncation(of: bytes) { buffer in
            var reader = RTCPReader(buffer)
            while reader.next() != nil {}
            #expect(reader.isMalformed != [0, 16].contains(buffer.count))
        }
    }

    @Test func `What a peer takes is read by number or star, and written as it is read`() throws {
        let text = """
            v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\nm=video 4000 RTP/AVPF 96 97\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r
            a=rtcp-fb:97 ccm fir\r\na=rtcp-fb:* nack pli\r\na=rtcp-fb:x nack\r\na=rtcp-fb:\r\na=rtcp-fb\r\n
            """
        let section = try #require(SessionDescription(parsing: text).media.first)
        #expect(section.feedback(payloadType: 96) == [.nack, .pictureLoss])
        #expect(section.feedback(payloadType: 97) == .pictureLoss)
        #expect(section.feedback(payloadType: 98) == .pictureLoss)
        let terms: FeedbackTerms = [.nack, .pictureLoss]
        #expect(terms.attributes(payloadType: 96).map(\.text) == ["rtcp-fb:96 nack", "rtcp-fb:96 nack pli"])
    }
}
