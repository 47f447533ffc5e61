// What agents can do, and what callers need: skills with levels.

/// Skills by name, and how well each is mastered: 1 (somewhat) to 9 (nobody better). A list of names means level 1.
public struct Skills: Sendable, Hashable, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    public private(set) var levels: [String: Int]

    public init(_ levels: [String: Int] = [:]) { self.levels = levels }

    public init(arrayLiteral names: String...) { levels = Dictionary(names.map { ($0, 1) }) { first, _ in first } }

    public init(dictionaryLiteral levels: (String, Int)...) { self.levels = Dictionary(levels) { max($0, $1) } }

    public var isEmpty: Bool { levels.isEmpty }

    /// Whether each of those skills is there, on that level at least.
    public func covers(_ needed: Skills) -> Bool {
        needed.isEmpty || needed.levels.allSatisfy { (levels[$0.key] ?? 0) >= $0.value }
    }

    /// The sum of the levels in the skills that `wanted` names. One who is below the level wanted counts for nothing.
    func points(in wanted: Skills) -> Int {
        guard !wanted.isEmpty else { return 0 }
        return wanted.levels.reduce(0) { sum, skill in
            let level = levels[skill.key] ?? 0
            return level >= skill.value ? sum + level : sum
        }
    }
}

/// What one caller needs of an agent.
public struct Needs: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// After some time in the queue agents with these skills may be asked as well.
    public struct Relaxation: Sendable, Hashable {
        public let after: Duration
        public let required: Skills

        public init(after: Duration, required: Skills) {
            self.after = after
            self.required = required
        }
    }

    /// Who lacks one of these is not asked, until a relaxation says otherwise.
    public let required: Skills
    /// Who has more of these is asked before the others, whatever the strategy.
    public let preferred: Skills
    /// In the order of their times.
    public let relaxed: [Relaxation]

    public init(required: Skills = [], preferred: Skills = [], relaxed: [Relaxation] = []) {
        self.required = required
        self.preferred = preferred
        self.relaxed = relaxed.sorted { $0.after < $1.after }
    }

    public init(arrayLiteral names: String...) {
        self.init(required: Skills(Dictionary(names.map { ($0, 1) }) { first, _ in first }))
    }

    /// How long after the caller came an agent with these skills may first be asked; nil: never.
    func wait(for skills: Skills) -> Duration? {
        if skills.covers(required) { return .zero }
        return relaxed.first { skills.covers($0.required) }?.after
    }
}
