// Sequence numbers and timestamps across their wraps.

import Testing

@testable import Media

@Suite struct ExtendedSequenceTests {
    @Test(arguments: sequenceStarts)
    func `A stream of 200,000 packets counts up by one`(start: UInt16) {
        var extended = ExtendedSequence()
        let first = extended.extend(start)
        for step in 1...200_000 {
            #expect(extended.extend(start &+ UInt16(truncatingIfNeeded: step)) == first + Int64(step))
        }
    }

    @Test(arguments: sequenceStarts)
    func `A late packet gets its own number and does not move the highest`(start: UInt16) {
        var extended = ExtendedSequence()
        let first = extended.extend(start)
        #expect(extended.extend(start &- 1) == first - 1)
        #expect(extended.extend(start &- 300) == first - 300)
        #expect(extended.highest == first)
        #expect(first - 300 > 0)
        #expect(extended.extend(start &+ 2) == first + 2)
        #expect(extended.extend(start &+ 1) == first + 1)
        #expect(extended.highest == first + 2)
    }

    @Test(arguments: [UInt32(0), 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FF5F, 0xFFFF_FFFF])
    func `Timestamps count on across the wrap, forwards and backwards`(start: UInt32) {
        var extended = ExtendedTimestamp()
        let first = extended.extend(start)
        #expect(extended.extend(start &+ 160) == first + 160)
        #expect(extended.extend(start &+ 80) == first + 80)
        #expect(extended.extend(start &- 160) == first - 160)
        #expect(extended.extend(start &+ 0x7000_0000) == first + 0x7000_0000)
        #expect(extended.extend(start &+ 0xE000_0000) == first + 0xE000_0000)
    }
}
