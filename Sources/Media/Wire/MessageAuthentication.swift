// HMAC-SHA1 and comparison in constant time, from OpenSSL.

import COpenSSL

/// HMAC-SHA1 (RFC 2104), which STUN's MESSAGE-INTEGRITY uses.
enum MessageAuthentication {
    static let length = 20

    /// Writes 20 bytes to `code`.
    @_semantics("no_performance_analysis") @inline(never)
    static func write(
        key: UnsafeRawBufferPointer, message: UnsafeRawBufferPointer, to code: UnsafeMutableRawPointer
    ) {
        var length: UInt32 = 0
        let result = HMAC(
            EVP_sha1(), key.baseAddress, Int32(key.count), message.baseAddress?.assumingMemoryBound(to: UInt8.self),
            message.count, code.assumingMemoryBound(to: UInt8.self), &length)
        precondition(result != nil && length == 20, "OpenSSL computes no HMAC-SHA1")
    }

    /// Takes the same time wherever the difference is.
    @_semantics("no_performance_analysis") @inline(never)
    static func isEqual(_ a: UnsafeRawPointer, _ b: UnsafeRawPointer, count: Int) -> Bool {
        CRYPTO_memcmp(a, b, count) == 0
    }
}
