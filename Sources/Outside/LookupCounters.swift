// What became of all lookups, by name, since the start.

/// `asked` is the sum of all others once no lookup is under way.
public enum LookupCounter: String, Hashable, Sendable, CaseIterable {
    case asked, answered
    case busy, closed, cancelled, resolverBusy, unknownName, addressRefused, unreachable, misdirected, untrusted
    case tooSlow, broken, redirected, badStatus, notJSON, tooLarge, malformed, unfitValue
}

public struct LookupCounters: Hashable, Sendable {
    private var values: [LookupCounter: Int] = [:]

    public subscript(counter: LookupCounter) -> Int { values[counter, default: 0] }

    mutating func count(_ counter: LookupCounter) { values[counter, default: 0] += 1 }

    mutating func count(_ answer: LookupAnswer) {
        switch answer {
        case .answered: count(.answered)
        case .failed(let error): count(error.counter)
        }
    }
}
