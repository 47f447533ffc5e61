// Checksums against published values.

import Testing

@testable import Recorder

@Suite("Checksums")
struct DigestTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test("SHA-256 gives the digests of FIPS 180-4's examples")
    func sha256() {
        #expect(
            hex(SHA256.digest([])) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            hex(SHA256.digest(Array("abc".utf8)))
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let two = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"
        #expect(
            hex(SHA256.digest(Array(two.utf8)))
                == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
        let million = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000)
        #expect(
            hex(SHA256.digest(million, million, million, million, million, million, million, million, million, million))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test("SHA-256 does not care how the bytes are cut")
    func cuts() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let whole = SHA256.digest(bytes)
        for cut in 0...300 { #expect(SHA256.digest(Array(bytes[..<cut]), Array(bytes[cut...])) == whole) }
    }

    @Test("CRC-32 gives the check value of its catalogue")
    func crc32() {
        let bytes = Array("123456789".utf8)
        #expect(bytes.withUnsafeBytes { CRC32.checksum($0) } == 0xCBF4_3926)
    }

    @Test("CRC-32 is that of the definition, bit by bit, whatever the length and however the bytes are cut")
    func crc32OfAnyLength() {
        let bytes = (0..<67).map { UInt8(truncatingIfNeeded: $0 &* 73 &+ 5) }
        for length in 0...bytes.count {
            let defined = ~bytes[..<length].reduce(UInt32.max) { register, byte in
                (0..<8).reduce(register ^ UInt32(byte)) { value, _ in value >> 1 ^ (value & 1) * 0xEDB8_8320 }
            }
            for cut in [0, length / 3, length] {
                let parts = (Array(bytes[..<cut]), Array(bytes[cut..<length]))
                let sum = parts.0.withUnsafeBytes { first in
                    parts.1.withUnsafeBytes { CRC32.checksum(first, $0) }
                }
                #expect(sum == defined)
            }
        }
    }
}
