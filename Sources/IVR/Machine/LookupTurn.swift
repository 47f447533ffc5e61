// A caller for whom an outside system is asked.

import Timing

struct LookupTurn: Sendable {
    let lookup: LookupStep
    let ticket: Ticket
}

extension IVRMachine {
    /// What an outside system says is spoken to callers: it must not be able to talk for minutes.
    private static let longestField = 200

    mutating func enter(_ lookup: LookupStep, _ now: Moment, _ actions: inout [Action]) {
        let address = lookup.address?.joined { value in
            self.values[value.name]?.isSecret == true ? nil : self.value(value.name).map(Self.percentEncoded)
        }
        guard let address else { return go(to: lookup.failed, now, &actions) }
        var body: [String: CallValue] = [:]
        for name in lookup.send.map(\.name) { body[name] = values[name] ?? value(name).map { CallValue($0) } }
        let turn = LookupTurn(lookup: lookup, ticket: nextTicket())
        state = .lookingUp(turn)
        deadline = now.instant + lookup.within
        actions.append(
            .lookup(
                LookupRequest(
                    ticket: turn.ticket, address: address, body: body, fields: lookup.into, within: lookup.within)))
    }

    /// Without all the fields that were asked for the lookup failed.
    mutating func lookedUp(
        _ ticket: Ticket, _ fields: [String: String]?, _ now: Moment, _ actions: inout [Action]
    ) {
        guard case .lookingUp(let turn) = state, turn.ticket == ticket else { return }
        let found = turn.lookup.into.compactMap { name in
            fields?[name].flatMap(Self.speakable).map { (name, CallValue($0)) }
        }
        guard fields != nil, found.count == turn.lookup.into.count else {
            return go(to: turn.lookup.failed, now, &actions)
        }
        for (name, value) in found { values[name] = value }
        go(to: turn.lookup.then, now, &actions)
    }

    /// One line, not too long; nil for nothing.
    private static func speakable(_ text: String) -> String? {
        let plain = text.unicodeScalars.prefix(longestField).map { scalar in
            scalar.properties.generalCategory == .control ? " " : String(scalar)
        }.joined()
        let trimmed = plain.drop { $0 == " " }
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    /// RFC 3986 §2.3: all but the unreserved characters.
    private static func percentEncoded(_ text: String) -> String {
        text.utf8.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
            if isPlain || "-._~".unicodeScalars.contains(scalar) { return String(Character(scalar)) }
            let hex = String(byte, radix: 16, uppercase: true)
            return "%" + (hex.count == 1 ? "0" : "") + hex
        }.joined()
    }
}
