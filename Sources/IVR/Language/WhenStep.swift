// `when`: the first condition that holds decides.

struct WhenStep: Sendable {
    var branches: [Branch]
    var otherwise: Exit?

    struct Branch: Sendable {
        let condition: Condition
        var then: Exit?
    }

    /// The queues whose load must be known to decide.
    var queues: [String] { Set(branches.compactMap(\.condition.queue)).sorted() }
}

/// One `if:`.
struct Condition: Sendable {
    enum Test: Sendable, Hashable {
        case value(name: String, ValueTest)
        /// The estimated wait of whoever enters the queue now.
        case wait(queue: String, Comparison, Duration)
        /// How many wait in the queue.
        case ahead(queue: String, Comparison, Int)
        case nobody(queue: String)
        case full(queue: String)
    }

    enum ValueTest: Sendable, Hashable {
        case known
        case unknown
        case equals(String)
        case differs(String)
        case begins(String)
        case compares(Comparison, Double)
    }

    enum Comparison: String, Sendable, Hashable {
        case above
        case below

        func holds<Value: Comparable>(_ value: Value, _ limit: Value) -> Bool {
            switch self {
            case .above: value > limit
            case .below: value < limit
            }
        }
    }

    let test: Test
    /// As it was written.
    let text: String
    let reference: Reference

    var queue: String? {
        switch test {
        case .value: nil
        case .wait(let queue, _, _), .ahead(let queue, _, _), .nobody(let queue), .full(let queue): queue
        }
    }

    /// The value that is surely known where the condition holds.
    var impliesKnown: String? {
        switch test {
        case .value(let name, .known), .value(let name, .equals), .value(let name, .begins),
            .value(let name, .compares):
            name
        case .value(_, .unknown), .value(_, .differs), .wait, .ahead, .nobody, .full: nil
        }
    }

    /// The value that is surely known where the condition does not hold.
    var refutesUnknown: String? {
        switch test {
        case .value(let name, .unknown), .value(let name, .differs): name
        case .value, .wait, .ahead, .nobody, .full: nil
        }
    }
}

extension Condition.ValueTest {
    /// A value that is not known is unknown and differs from everything; nothing else is true of it.
    func holds(_ value: String?) -> Bool {
        switch self {
        case .known: value != nil
        case .unknown: value == nil
        case .equals(let other): value == other
        case .differs(let other): value != other
        case .begins(let head): value?.hasPrefix(head) ?? false
        case .compares(let comparison, let limit):
            value.flatMap(Double.init(spoken:)).map { comparison.holds($0, limit) } ?? false
        }
    }
}

extension Double {
    /// `120.50` and `120,50`; nil for what is no plain number.
    init?(spoken text: String) {
        let plain = text.replacing(",", with: ".")
        guard plain.count <= 15, plain.allSatisfy({ $0.isASCIIDigit || $0 == "." || $0 == "-" }) else { return nil }
        self.init(plain)
    }
}
