// Telephone events and the sorting of datagrams.

import Testing

@testable import Media

@Suite struct TelephoneEventTests {
    @Test func `An event is read as it was written`() {
        let event = TelephoneEvent(event: 11, end: true, volume: 10, duration: 65_535)
        var bytes = [UInt8](repeating: 0, count: 4)
        bytes.withUnsafeMutableBytes { event.write(to: $0.baseAddress!) }  // because the array is not empty
        #expect(bytes == [11, 0x8A, 0xFF, 0xFF])
        #expect(bytes.withUnsafeBytes { TelephoneEvent(parsing: $0) } == event)
        everyTruncation(of: bytes) { #expect(TelephoneEvent(parsing: $0) == nil) }
    }

    @Test func `The first byte tells the protocol, the second RTCP`() {
        func kind(_ bytes: UInt8...) -> DatagramKind { bytes.withUnsafeBytes { DatagramKind(classifying: $0) } }
        for first in UInt8.min...UInt8.max {
            let expected: DatagramKind =
                switch first {
                case 0...3: .stun
                case 20...63: .dtls
                case 128...191: .rtp
                default: .unknown
                }
            #expect(kind(first, 0) == expected)
            #expect(kind(first) == .unknown)
        }
        for second in UInt8(192)...223 { #expect(kind(0x80, second) == .rtcp) }
        #expect(kind(0x80, 191) == .rtp)
        #expect(kind(0x80, 224) == .rtp)
        #expect([UInt8]().withUnsafeBytes { DatagramKind(classifying: $0) } == .unknown)
    }
}
