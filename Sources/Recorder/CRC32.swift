// CRC-32 (IEEE 802.3, reflected, 0xEDB88320): tells a torn or worn segment at once.

/// A checksum being computed.
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
        Self.table.withUnsafeBufferPointer { table in
            for byte in bytes { register = register >> 8 ^ table[Int((register ^ UInt32(byte)) & 0xFF)] }
        }
        self.register = register
    }

    private static let table: [UInt32] = (0..<256).map { start in
        (0..<8).reduce(UInt32(start)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
}
