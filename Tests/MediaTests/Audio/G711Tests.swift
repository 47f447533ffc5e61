// G.711 against the recommendation's tables.

import Testing

@testable import Media

@Suite("G.711")
struct G711Tests {
    @Test("the codes that the recommendation names decode to its values")
    func knownValues() {
        #expect(G711.decode(0xD5, law: .a) == 8)
        #expect(G711.decode(0x55, law: .a) == -8)
        #expect(G711.decode(0xAA, law: .a) == 32_256)
        #expect(G711.decode(0x2A, law: .a) == -32_256)
        #expect(G711.decode(0xFF, law: .mu) == 0)
        #expect(G711.decode(0x7F, law: .mu) == 0)
        #expect(G711.decode(0x80, law: .mu) == 32_124)
        #expect(G711.decode(0x00, law: .mu) == -32_124)
        #expect(G711.encode(0, law: .a) == 0xD5)
        #expect(G711.encode(-1, law: .a) == 0x55)
        #expect(G711.encode(.max, law: .a) == 0xAA)
        #expect(G711.encode(.min, law: .a) == 0x2A)
        #expect(G711.encode(0, law: .mu) == 0xFF)
        #expect(G711.encode(.max, law: .mu) == 0x80)
        #expect(G711.encode(.min, law: .mu) == 0x00)
        #expect(G711.encode(-1, law: .mu) == 0x7F)
    }

    @Test("the values of each law lie in eight segments whose steps double", arguments: G711.Law.allCases)
    func segments(law: G711.Law) {
        let values = (0x80...0xFF).map { Int(G711.decode(UInt8($0), law: law)) }.sorted()
        #expect(values.count == 128)
        #expect(values.first == (law == .a ? 8 : 0))
        for segment in 0..<8 {
            let inside = values[16 * segment..<16 * segment + 16]
            let step = law == .a ? 16 << max(segment - 1, 0) : 8 << segment
            #expect(zip(inside, inside.dropFirst()).allSatisfy { $1 - $0 == step })
        }
    }

    @Test("every code comes back from its sample, but the second zero of µ-law", arguments: G711.Law.allCases)
    func roundTrip(law: G711.Law) {
        for code in UInt8.min...UInt8.max {
            let again = G711.encode(G711.decode(code, law: law), law: law)
            if law == .mu, code == 0x7F {
                #expect(again == 0xFF)
            } else {
                #expect(again == code)
            }
        }
    }

    @Test("every sample decodes to the nearest value of its segment", arguments: G711.Law.allCases)
    func nearest(law: G711.Law) {
        for sample in stride(from: Int(Int16.min), through: Int(Int16.max), by: 7) {
            let decoded = Int(G711.decode(G711.encode(Int16(sample), law: law), law: law))
            // Half a step of the segment, which is a thirty-second of its beginning, and the bits below the table's.
            #expect(abs(decoded - sample) <= (abs(sample) + 132) / 32 + 4)
        }
    }

    @Test("whole buffers come out as sample by sample")
    func buffers() {
        let samples = Signals.noise(count: 160, amplitude: 30_000)
        for law in G711.Law.allCases {
            var codes = [UInt8](repeating: 0, count: 160)
            G711.encode(samples, count: 160, law: law, into: &codes)
            #expect(codes == samples.map { G711.encode($0, law: law) })
            var again = [Int16](repeating: 0, count: 160)
            G711.decode(codes, count: 160, law: law, into: &again)
            #expect(again == codes.map { G711.decode($0, law: law) })
        }
    }
}
