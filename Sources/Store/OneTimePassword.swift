// A password for the first log-in: to be read aloud, written down and typed once.

enum OneTimePassword {
    /// Without i, l, o, 0 and 1, which look or sound alike.
    static let letters = Array("abcdefghjkmnpqrstuvwxyz23456789")
    static let groups = 3
    static let groupLength = 5

    /// Such as `k7mqp-x3c9r-tw8hd`; 15 of 31 letters are 74 bits.
    static func make() throws -> String {
        var chosen: [Character] = []
        // Bytes from 248 on would favour the first letters: 248 is the largest multiple of 31 below 256.
        while chosen.count < groups * groupLength {
            for byte in try Random.bytes(32) where byte < 248 && chosen.count < groups * groupLength {
                chosen.append(letters[Int(byte) % letters.count])
            }
        }
        return stride(from: 0, to: chosen.count, by: groupLength)
            .map { String(chosen[$0..<$0 + groupLength]) }
            .joined(separator: "-")
    }
}
