// Integers in network byte order (RFC 791, appendix B), read and written at any alignment.

extension UnsafeRawBufferPointer {
    /// The 16-bit integer at `offset`. The caller has checked the length.
    @inline(__always) @_noLocks @_noAllocation
    func bigEndian16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset + 1])
    }

    /// `length` bytes from `offset`. The caller has checked the length. Unlike slicing and rebasing it needs no generic
    /// code, which the media thread's functions must not call.
    @inline(__always) @_noLocks @_noAllocation
    func part(from offset: Int, length: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: baseAddress?.advanced(by: offset), count: length)
    }

    /// The 32-bit integer at `offset`. The caller has checked the length.
    @inline(__always) @_noLocks @_noAllocation
    func bigEndian32(at offset: Int) -> UInt32 {
        UInt32(bigEndian16(at: offset)) << 16 | UInt32(bigEndian16(at: offset + 2))
    }
}

extension UnsafeMutableRawPointer {
    /// Writes one byte at `offset`.
    @inline(__always) @_noLocks @_noAllocation
    func store8(_ value: UInt8, at offset: Int) {
        storeBytes(of: value, toByteOffset: offset, as: UInt8.self)
    }

    /// Writes two bytes, most significant first.
    @inline(__always) @_noLocks @_noAllocation
    func storeBigEndian16(_ value: UInt16, at offset: Int) {
        store8(UInt8(truncatingIfNeeded: value >> 8), at: offset)
        store8(UInt8(truncatingIfNeeded: value), at: offset + 1)
    }

    /// Writes four bytes, most significant first.
    @inline(__always) @_noLocks @_noAllocation
    func storeBigEndian32(_ value: UInt32, at offset: Int) {
        storeBigEndian16(UInt16(truncatingIfNeeded: value >> 16), at: offset)
        storeBigEndian16(UInt16(truncatingIfNeeded: value), at: offset + 2)
    }
}
