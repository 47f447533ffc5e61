// RTP headers, written and read.

import Testing

@testable import Media

@Suite struct RTPHeaderTests {
    @Test(arguments: sequenceStarts)
    func `A written header is read back`(sequence: UInt16) {
        let header = RTPHeader(
            marker: true, payloadType: 111, sequence: sequence, timestamp: 0xFFFF_FF00, ssrc: 0xDEAD_BEEF,
            payloadLength: 2)
        var packet = [UInt8](repeating: 7, count: 14)
        packet.withUnsafeMutableBytes { header.write(to: $0.baseAddress!) }  // because the array is not empty
        let parsed = packet.withUnsafeBytes { RTPHeader(parsing: $0) }
        #expect(parsed == header)
    }

    @Test func `Contributing sources, extension and padding are not payload`() throws {
        // Two CSRCs, an extension of one word, three bytes of payload, padding of five.
        let packet: [UInt8] =
            [0xB2, 0x08, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3] + [1, 1, 1, 1, 2, 2, 2, 2]
            + [0xBE, 0xDE, 0, 1, 9, 9, 9, 9] + [0xA, 0xB, 0xC] + [0, 0, 0, 0, 5]
        let header = try #require(packet.withUnsafeBytes { RTPHeader(parsing: $0) })
        #expect(header.payloadOffset == 28)
        #expect(header.payloadLength == 3)
        #expect(header.payloadType == 8)
        #expect(!header.marker)
    }

    @Test func `Every truncation of the fixed part, the sources and the extension fails`() {
        let packet: [UInt8] =
            [0x92, 0x08, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3] + [1, 1, 1, 1, 2, 2, 2, 2] + [0xBE, 0xDE, 0, 1, 9, 9, 9, 9]
        everyTruncation(of: packet) { #expect(RTPHeader(parsing: $0) == nil) }
        #expect(packet.withUnsafeBytes { RTPHeader(parsing: $0) } != nil)
    }

    @Test(arguments: [UInt8(0), 2, 255])
    func `Padding that is zero or longer than the payload fails`(padding: UInt8) {
        let packet: [UInt8] = [0xA0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, padding]
        #expect(packet.withUnsafeBytes { RTPHeader(parsing: $0) } == nil)
    }

    @Test(arguments: [UInt8(0x00), 0x40, 0xC0])
    func `Other versions fail`(first: UInt8) {
        let packet: [UInt8] = [first, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3]
        #expect(packet.withUnsafeBytes { RTPHeader(parsing: $0) } == nil)
    }
}
