// What a supervisor says of a consultant's work: groups in order, languages, skills with levels.

import ACD
import IVR
public import Store

/// As typed: names with commas between them, `permits 3` for a skill and its level.
public struct StaffChange: Sendable, Equatable {
    public var groups: String
    public var languages: String
    public var skills: String

    public enum Problem: Error, Equatable {
        /// What was typed where a group, a language or a skill is expected.
        case noGroup(String), noLanguage(String), noSkill(String)
    }

    /// More than anybody needs.
    private static let most = 50

    public init(groups: String, languages: String, skills: String) {
        self.groups = groups
        self.languages = languages
        self.skills = skills
    }

    public init(_ account: Account) {
        groups = account.groups.joined(separator: ", ")
        languages = account.languages.joined(separator: ", ")
        skills = account.skills.sorted { $0.key < $1.key }
            .map { SkillLevel($0.key, level: $0.value).description }.joined(separator: ", ")
    }

    /// Throws `Problem`.
    public func changing(_ account: Account) throws -> Account {
        var account = account
        account.groups = try Self.names(groups) { .noGroup($0) }
        account.languages = try Self.names(languages) { .noLanguage($0) }
        if let unknown = account.languages.first(where: { PageLanguage(rawValue: $0) == nil }) {
            throw Problem.noLanguage(unknown)
        }
        account.skills = [:]
        for words in Self.items(skills) {
            guard let skill = SkillLevel(words: words) else { throw Problem.noSkill(words) }
            account.skills[skill.name] = skill.level
        }
        return account
    }

    private static func names(_ text: String, _ problem: (String) -> Problem) throws -> [String] {
        var names: [String] = []
        for name in items(text) {
            guard let skill = SkillLevel(words: name), skill.name == name else { throw problem(name) }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    private static func items(_ text: String) -> [String] {
        text.split(separator: ",").prefix(most)
            .map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }.filter { !$0.isEmpty }
    }
}

extension Skills {
    /// Those of an account; a language is a skill that one either has or not.
    init(_ account: Account) {
        self.init(account.skills.merging(account.languages.map { ($0, 1) }) { max($0, $1) })
    }

    init(_ skills: [SkillLevel]) { self.init(Dictionary(skills.map { ($0.name, $0.level) }) { max($0, $1) }) }
}

extension Needs {
    init(_ skills: SkillNeeds) {
        self.init(
            required: Skills(skills.required), preferred: Skills(skills.preferred),
            relaxed: skills.relaxed.map { Relaxation(after: $0.after, required: Skills($0.required)) })
    }
}
