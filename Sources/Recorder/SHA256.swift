// SHA-256 (FIPS 180-4) by OpenSSL, for the chain that ties a journal's segments together.

import COpenSSL

/// A digest being computed. Feed it bytes, then take the 32 bytes of the digest once.
struct SHA256: ~Copyable {
    // because it is found once and never changed: looking it up costs more than digesting a segment
    nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA2-256", nil)

    private let state: OpaquePointer

    init() {
        guard let made = EVP_MD_CTX_new(), EVP_DigestInit_ex(made, Self.algorithm, nil) == 1 else {
            fatalError("OpenSSL has no SHA-256, or there is no memory")
        }
        state = made
    }

    deinit { EVP_MD_CTX_free(state) }

    static func digest(_ parts: [UInt8]...) -> [UInt8] {
        let hash = SHA256()
        for part in parts { part.withUnsafeBytes { hash.update($0) } }
        return hash.finish()
    }

    func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(state, bytes.baseAddress, bytes.count) }

    /// The 32 bytes of the digest.
    consuming func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: 32)
        EVP_DigestFinal_ex(state, &digest, nil)
        return digest
    }
}
