// CRC-32 (IEEE 802.3, reflected, 0xEDB88320): tells a torn or worn segment at once.

/// A checksum being computed, eight bytes at a time ("slicing by 8"): a recorder sums everything that it keeps.
struct CRC32 {
    private var register: UInt32 = .max

    static func checksum(_ parts: UnsafeRawBufferPointer...) -> UInt32 {
        var crc = CRC32()
        for part in parts { crc.update(part) }
        return crc.value
    }

    var value: UInt32 { ~register }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var register = register
        Self.tables.withUnsafeBufferPointer { tables in
            var place = 0
            while place + 8 <= bytes.count {
                let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                let mixed = word ^ UInt64(register)
                register = 0
                for byte in 0..<8 { register ^= tables[(7 - byte) << 8 | Int(mixed >> (8 * UInt64(byte)) & 0xFF)] }
                place += 8
            }
            for byte in bytes[place...] { register = register >> 8 ^ tables[Int((register ^ UInt32(byte)) & 0xFF)] }
        }
        self.register = register
    }

    /// Table n: what a byte does to the register when n more bytes of zero follow it.
    private static let tables: [UInt32] = {
        var tables = (0..<256).map { start in
            (0..<8).reduce(UInt32(start)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
        }
        for index in 256..<2_048 {
            let before = tables[index - 256]
            tables.append(before >> 8 ^ tables[Int(before & 0xFF)])
        }
        return tables
    }()
}
