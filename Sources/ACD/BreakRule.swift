// Breaks by reason, and how many may be away for one at once.

/// A break that agents may choose.
public struct BreakRule: Sendable, Equatable {
    public let reason: String
    /// Nil: any number.
    public let atOnce: Int?

    public init(reason: String, atOnce: Int? = nil) {
        self.reason = reason
        self.atOnce = atOnce
    }
}

extension Distributor {
    /// Whether as many as may be are away for this reason, or will be after their talks, this agent left out.
    func isFull(_ reason: String?, besides id: AgentID) -> Bool {
        guard let reason, let limit = breaks[reason]?.atOnce else { return false }
        return agents.values.count { $0.id != id && $0.isAway(for: reason) } >= limit
    }

    /// Sentences about reasons for which more are away than may be.
    func breakViolations() -> [String] {
        breaks.values.compactMap { rule in
            guard let limit = rule.atOnce else { return nil }
            let away = agents.values.count { $0.isAway(for: rule.reason) }
            return away > limit ? "\(away) are on the break \(rule.reason), which \(limit) may" : nil
        }
    }
}

extension Agent {
    fileprivate func isAway(for reason: String) -> Bool {
        if afterTalk?.reason == reason { return true }
        return switch state {
        case .onBreak(reason, _), .lost(.onBreak(reason, _), _): true
        case .ready, .offered, .talking, .wrapUp, .onBreak, .lost: false
        }
    }
}
