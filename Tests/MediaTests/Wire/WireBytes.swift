// Bytes for tests of the wire.

/// Where sequence numbers go wrong, if they do.
let sequenceStarts: [UInt16] = [0, 1, 127, 32_767, 32_768, 65_407, 65_534, 65_535]

/// Every proper prefix of `bytes`, in memory of exactly its length, so that a read beyond the end is a fault under
/// AddressSanitizer.
func everyTruncation(of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) -> Void) {
    for length in 0..<bytes.count {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: length, alignment: 1)
        defer { copy.deallocate() }
        copy.copyBytes(from: bytes.prefix(length))
        body(UnsafeRawBufferPointer(copy))
    }
}
