// A digit in the body of SIP INFO: application/dtmf-relay and application/dtmf, as gateways send them (never
// standardised).

struct InfoDigit: Hashable, Sendable {
    /// 0–9, *, #, A–D.
    let digit: Character
    /// 40 to 10,000; 160 when the peer does not say.
    let milliseconds: Int

    enum Problem: Error {
        /// Not one of the two kinds: 415.
        case unknownType
        /// One of the two kinds, but no digit in it: 400.
        case noDigit
        /// A hook flash: accepted, means nothing to us.
        case flash
    }

    init(type: String, text: String) throws(Problem) {
        switch type {
        case "application/dtmf-relay": try self.init(relay: text)
        case "application/dtmf":
            // Some send the lines of dtmf-relay under this name.
            if text.contains("=") { try self.init(relay: text) } else { try self.init(signal: text, duration: nil) }
        default: throw .unknownType
        }
    }

    private init(relay text: String) throws(Problem) {
        var signal: String?
        var duration: Int?
        for line in text.split(maxSplits: 16, whereSeparator: { $0 == "\r\n" || $0 == "\n" || $0 == "\r" }) {
            let parts = line.split(separator: "=", maxSplits: 1).map(\.trimmed)
            guard parts.count == 2 else { continue }
            switch parts[0].lowercased() {
            case "signal": signal = parts[1]
            case "duration": duration = Int(parts[1])
            default: continue
            }
        }
        guard let signal else { throw .noDigit }
        try self.init(signal: signal, duration: duration)
    }

    private init(signal: String, duration: Int?) throws(Problem) {
        switch signal.trimmed.uppercased() {
        case "10": digit = "*"
        case "11": digit = "#"
        case "16", "!", "FLASH": throw .flash
        case let one where one.count == 1:
            guard let character = one.first, "0123456789*#ABCD".contains(character) else { throw .noDigit }
            digit = character
        default: throw .noDigit
        }
        milliseconds = min(max(duration ?? 160, 40), 10_000)
    }
}
