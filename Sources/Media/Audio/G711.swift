// G.711 A-law and µ-law, both ways, by tables (ITU-T G.711; the arithmetic is that of G.191's reference).

/// The two companding laws. Every 8-bit code is valid; nothing here can fail.
public enum G711 {
    public enum Law: UInt8, Sendable, BitwiseCopyable, CaseIterable {
        /// North America and Japan; RTP payload type 0.
        case mu
        /// The rest of the world; RTP payload type 8.
        case a
    }

    /// Turns `count` codes into `count` samples at 8 kHz.
    @_noLocks @_noAllocation
    public static func decode(
        _ codes: UnsafePointer<UInt8>, count: Int, law: Law, into samples: UnsafeMutablePointer<Int16>
    ) {
        let table = decodeTable(law)
        for index in 0..<count { samples[index] = table[Int(codes[index])] }
    }

    /// Turns `count` samples at 8 kHz into `count` codes.
    @_noLocks @_noAllocation
    public static func encode(
        _ samples: UnsafePointer<Int16>, count: Int, law: Law, into codes: UnsafeMutablePointer<UInt8>
    ) {
        let table = encodeTable(law)
        let shift = law == .a ? Int16(3) : 2
        let bias = law == .a ? 4_096 : 8_192
        for index in 0..<count { codes[index] = table[Int(samples[index] >> shift) + bias] }
    }

    /// The code for silence: what fills a packet of which nothing is known.
    @_noLocks @_noAllocation
    public static func silence(_ law: Law) -> UInt8 { law == .a ? 0xD5 : 0xFF }

    /// The one sample behind a code.
    @_noLocks @_noAllocation
    public static func decode(_ code: UInt8, law: Law) -> Int16 { decodeTable(law)[Int(code)] }

    /// The one code for a sample.
    @_noLocks @_noAllocation
    public static func encode(_ sample: Int16, law: Law) -> UInt8 {
        law == .a ? encodeTable(law)[Int(sample >> 3) + 4_096] : encodeTable(law)[Int(sample >> 2) + 8_192]
    }

    // The tables are made at first use and live as long as the process: reading them later takes no lock worth the name.
    @_semantics("no_performance_analysis") @inline(never)
    private static func decodeTable(_ law: Law) -> UnsafePointer<Int16> {
        law == .a ? Tables.decodeA : Tables.decodeMu
    }

    @_semantics("no_performance_analysis") @inline(never)
    private static func encodeTable(_ law: Law) -> UnsafePointer<UInt8> {
        law == .a ? Tables.encodeA : Tables.encodeMu
    }
}

/// A-law has 13 significant bits and µ-law 14, so tables over `sample >> 3` and `sample >> 2` are exact.
private enum Tables {
    // because each is written once, before anybody can see it, and never freed
    nonisolated(unsafe) static let decodeA = table(256) { G711Arithmetic.decodeA(UInt8($0)) }
    nonisolated(unsafe) static let decodeMu = table(256) { G711Arithmetic.decodeMu(UInt8($0)) }
    nonisolated(unsafe) static let encodeA = table(8_192) { G711Arithmetic.encodeA($0 - 4_096) }
    nonisolated(unsafe) static let encodeMu = table(16_384) { G711Arithmetic.encodeMu($0 - 8_192) }

    private static func table<Value>(_ count: Int, _ value: (Int) -> Value) -> UnsafePointer<Value> {
        let memory = UnsafeMutablePointer<Value>.allocate(capacity: count)
        for index in 0..<count { (memory + index).initialize(to: value(index)) }
        return UnsafePointer(memory)
    }
}

/// The laws as arithmetic, used once to fill the tables.
enum G711Arithmetic {
    static func decodeA(_ code: UInt8) -> Int16 {
        let bits = code ^ 0x55
        let mantissa = Int(bits & 0x0F) << 4
        let segment = Int(bits & 0x70) >> 4
        let magnitude = segment == 0 ? mantissa + 8 : (mantissa + 0x108) << (segment - 1)
        return Int16(bits & 0x80 != 0 ? magnitude : -magnitude)
    }

    static func decodeMu(_ code: UInt8) -> Int16 {
        let bits = ~code
        let magnitude = ((Int(bits & 0x0F) << 3) + 0x84) << (Int(bits & 0x70) >> 4)
        return Int16(bits & 0x80 != 0 ? 0x84 - magnitude : magnitude - 0x84)
    }

    /// `value` is the sample divided by 8, rounded down: -4,096…4,095.
    static func encodeA(_ value: Int) -> UInt8 {
        let mask: Int = value >= 0 ? 0xD5 : 0x55
        let magnitude = value >= 0 ? value : -value - 1
        let segment = segment(of: magnitude, first: 0x20)
        let mantissa = magnitude >> max(segment, 1) & 0x0F
        return UInt8((segment << 4 | mantissa) ^ mask)
    }

    /// `value` is the sample divided by 4, rounded down: -8,192…8,191.
    static func encodeMu(_ value: Int) -> UInt8 {
        let mask: Int = value < 0 ? 0x7F : 0xFF
        let magnitude = min(value >= 0 ? value : -value - 1, 8_158) + 0x21
        let segment = segment(of: magnitude, first: 0x40)
        let mantissa = magnitude >> (segment + 1) & 0x0F
        return UInt8((segment << 4 | mantissa) ^ mask)
    }

    /// Segments double in width: 0 ends below `first`, 1 below twice that, and so on to 7.
    private static func segment(of magnitude: Int, first: Int) -> Int {
        var segment = 0
        while segment < 7, magnitude >= first << segment { segment += 1 }
        return segment
    }
}
