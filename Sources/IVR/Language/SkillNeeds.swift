// What a caller needs of a consultant: skills, the better ones, and what is enough after some time.

import YAML

/// A skill and its lowest level, 1 to 9, as a file has it: `permits` (any level) or `permits 3`.
public struct SkillLevel: Sendable, Hashable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// In files: letters, digits, - and _, and a level after a space.
    static let form = #"^[\p{L}\p{N}_-]{1,60}( [1-9])?$"#

    public var name: String
    public var level: Int

    public init(_ name: String, level: Int = 1) {
        self.name = name
        self.level = level
    }

    public init(stringLiteral name: String) { self.init(name) }

    /// Nil for anything else than a name, and a level if there is one.
    public init?(words: String) {
        let words = words.split(separator: " ", omittingEmptySubsequences: false)
        guard let name = words.first, (1...60).contains(name.count), words.count <= 2,
            name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
        else { return nil }
        self.init(String(name))
        guard words.count == 2 else { return }
        guard let level = Int(words[1]), (1...9).contains(level), words[1].count == 1 else { return nil }
        self.level = level
    }

    public var description: String { level > 1 ? "\(name) \(level)" : name }
}

/// Where a file names it.
struct SkillReference: Sendable, Hashable {
    let skill: SkillLevel
    let position: Position
}

/// What one caller needs, `language` replaced by the caller's language.
public struct SkillNeeds: Sendable, Hashable, ExpressibleByArrayLiteral {
    public struct Relaxation: Sendable, Hashable {
        /// Since the caller came into the queue.
        public var after: Duration
        public var required: [SkillLevel]
    }

    /// Who lacks one of these is not asked, until a relaxation says otherwise.
    public var required: [SkillLevel]
    /// Who has more of these is asked first.
    public var preferred: [SkillLevel] = []
    public var relaxed: [Relaxation] = []

    public init(arrayLiteral required: SkillLevel...) { self.required = required }

    init(required: [SkillLevel], preferred: [SkillLevel], relaxed: [Relaxation]) {
        self.required = required
        self.preferred = preferred
        self.relaxed = relaxed
    }
}

extension SkillNeeds {
    /// A queue's needs; those of a step come beside them and are never relaxed.
    init(_ queue: QueueSettings, beside step: [SkillReference] = [], language: String) {
        func spoken(_ skills: [SkillReference]) -> [SkillLevel] {
            var levels: [SkillLevel] = []
            for reference in skills + step {
                var skill = reference.skill
                if skill.name == "language" { skill.name = language }
                if let index = levels.firstIndex(where: { $0.name == skill.name }) {
                    levels[index].level = max(levels[index].level, skill.level)
                } else {
                    levels.append(skill)
                }
            }
            return levels
        }
        required = spoken(queue.skills)
        relaxed = queue.relaxations.map { Relaxation(after: $0.after, required: spoken($0.skills)) }
        preferred = queue.preferred.map(\.skill)
    }
}
