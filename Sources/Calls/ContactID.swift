// A contact's id: one from the first packet to the last survey answer.

enum ContactID {
    /// 128 bits from the system's random source in lower-case hexadecimal: nobody can guess a neighbour's.
    static func make() -> String {
        (0..<16).map { _ in
            let byte = UInt8.random(in: .min ... .max)
            return String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}
