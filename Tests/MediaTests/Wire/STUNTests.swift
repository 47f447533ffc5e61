// STUN against the vectors of RFC 5769.

import TestTools
import Testing

@testable import Media

/// RFC 5769 §2.1, §2.2, §2.3.
enum STUNVectors {
    static let password = "VOkJxbRl1RmTxUk/WvJxBt"

    static let request = bytes(
        """
        000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74002400046e0001ff
        80290008932ff9b151263b36000600096576746a3a68367659202020000800149aeaa70cbfd8cb56781ef2b5b2d3f249
        c1b571a280280004e57a3bcf
        """)

    static let response4 = bytes(
        """
        0101003c2112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000080001a147e112a643
        000800142b91f599fd9e90c38c7489f92af9ba53f06be7d780280004c07d4c96
        """)

    static let response6 = bytes(
        """
        010100482112a442b7e7a701bc34d686fa87dfae8022000b7465737420766563746f7220002000140002a147
        0113a9faa5d3f179bc25f4b5bed2b9d900080014a382954e4be67bf11784c97c8292c275bfe3ed4180280004c8fb0b4c
        """)

    private static func bytes(_ hex: String) -> [UInt8] {
        let digits = hex.filter { !$0.isWhitespace }.map { UInt8($0.hexDigitValue ?? 0) }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}

@Suite struct STUNTests {
    private func isAuthentic(_ bytes: [UInt8], password: String) -> Bool {
        bytes.withUnsafeBytes { buffer in
            guard let message = STUNMessage(parsing: buffer) else { return false }
            return Array(password.utf8).withUnsafeBytes { message.isAuthentic(key: $0) }
        }
    }

    private func hasFingerprint(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { STUNMessage(parsing: $0)?.hasValidFingerprint ?? false }
    }

    @Test(arguments: [STUNVectors.request, STUNVectors.response4, STUNVectors.response6])
    func `Integrity and fingerprint of RFC 5769 hold`(vector: [UInt8]) {
        #expect(isAuthentic(vector, password: STUNVectors.password))
        #expect(!isAuthentic(vector, password: "VOkJxbRl1RmTxUk/WvJxBT"))
        #expect(!isAuthentic(vector, password: ""))
        #expect(hasFingerprint(vector))
    }

    @Test func `The request of RFC 5769 is read`() throws {
        try STUNVectors.request.withUnsafeBytes { buffer in
            let message = try #require(STUNMessage(parsing: buffer))
            #expect(message.kind == .bindingRequest)
            #expect(message.username.map { String(decoding: $0, as: UTF8.self) } == "evtj:h6vY")
            #expect(message.isFromControlledAgent)
            #expect(!message.nominates)
            #expect(message.unknownAttribute == 0)
        }
    }

    @Test func `Every changed bit of a message is noticed`() {
        for index in STUNVectors.request.indices {
            for bit in 0..<8 {
                var bytes = STUNVectors.request
                bytes[index] ^= 1 << UInt8(bit)
                #expect(!(isAuthentic(bytes, password: STUNVectors.password) && hasFingerprint(bytes)))
            }
        }
    }

    @Test(arguments: [STUNVectors.request, STUNVectors.response4, STUNVectors.response6])
    func `Every truncation fails`(vector: [UInt8]) {
        everyTruncation(of: vector) { #expect(STUNMessage(parsing: $0) == nil) }
    }

    @Test func `Our response carries the address as RFC 5769 does`() throws {
        for (vector, ip) in [
            (STUNVectors.response4, "192.0.2.1"), (STUNVectors.response6, "2001:db8:1234:5678:11:2233:4455:6677"),
        ] {
            let source = try #require(SocketAddress(ip: ip, port: 32_853))
            let response = try answer { request, key, buffer in
                STUNWriter.success(answering: request, from: source, key: key, into: buffer)
            }
            #expect(isAuthentic(response, password: STUNVectors.password))
            #expect(hasFingerprint(response))
            // The vector's XOR-MAPPED-ADDRESS stands behind its SOFTWARE; ours stands first.
            let length = ip.contains(":") ? 24 : 12
            #expect(Array(response[20..<(20 + length)]) == Array(vector[36..<(36 + length)]))
        }
    }

    @Test func `An error names its code and the attribute not understood`() throws {
        let response = try answer { request, key, buffer in
            STUNWriter.error(420, unknown: 0x7FFF, answering: request, key: key, into: buffer)
        }
        #expect(response[0..<2] == [0x01, 0x11])
        #expect(response[20..<28] == [0, 9, 0, 4, 0, 0, 4, 20])
        #expect(response[28..<36] == [0, 0x0A, 0, 2, 0x7F, 0xFF, 0, 0])
        #expect(isAuthentic(response, password: STUNVectors.password))
        #expect(hasFingerprint(response))
    }

    private func answer(
        _ write: (STUNMessage, UnsafeRawBufferPointer, UnsafeMutableRawPointer) -> Int
    ) throws -> [UInt8] {
        var reply = [UInt8](repeating: 0, count: STUNWriter.capacity)
        let length = try STUNVectors.request.withUnsafeBytes { buffer in
            let request = try #require(STUNMessage(parsing: buffer))
            return Array(STUNVectors.password.utf8).withUnsafeBytes { key in
                // because the array is not empty
                reply.withUnsafeMutableBytes { write(request, key, $0.baseAddress!) }
            }
        }
        return Array(reply.prefix(length))
    }

    @Test func `Random messages with a good header never fault`() {
        var generator = SeededGenerator(seed: 5_769)
        for _ in 0..<20_000 {
            var bytes = STUNVectors.request
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let index = Int.random(in: 20..<bytes.count, using: &generator)
                bytes[index] = UInt8.random(in: 0...255, using: &generator)
            }
            _ = isAuthentic(bytes, password: STUNVectors.password)
            _ = hasFingerprint(bytes)
        }
    }
}
