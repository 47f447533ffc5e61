// The checksum of ITU-T V.42 (and of zip files), which STUN's FINGERPRINT uses.

/// CRC-32, bit by bit: a message of 100 bytes comes every few seconds, and a table would be a lazily made global.
enum CRC32 {
    static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var remainder: UInt32 = 0xFFFF_FFFF
        for index in 0..<bytes.count {
            remainder ^= UInt32(bytes[index])
            for _ in 0..<8 {
                remainder = remainder >> 1 ^ (remainder & 1 == 0 ? 0 : 0xEDB8_8320)
            }
        }
        return ~remainder
    }
}
