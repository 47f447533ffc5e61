// Slips of the fingers: hundreds of one-word mistakes in the example, each of which the checker should see where it is.

import Foundation
import TestTools
import Testing
import YAML

@testable import IVR

struct SlipTests {
    /// What the checker is told of the world around the example.
    private static let surroundings = Surroundings(
        unixMilliseconds: Fixture.tuesday, speaksTexts: true,
        consultants: [
            Surroundings.Consultant(groups: ["fbc"], skills: [:], languages: ["pl", "en"]),
            Surroundings.Consultant(groups: ["fbc-lider"], skills: [:], languages: ["pl", "en"]),
        ],
        complaint: { $0 == "moh/spokojna.wav" ? nil : "the file \(quoted($0)) is not in \("prompts")" })

    private static func findings(_ text: String) -> [Finding] {
        HotlineChecker.check(text: text, file: "infolinia.yaml", surroundings: surroundings).findings
    }

    @Test func theExampleItselfIsClean() throws {
        #expect(Self.findings(try Fixture.text(Fixture.path("infolinia.yaml"))) == [])
    }

    @Test func nearlyAllSlipsAreReportedWhereTheyAre() throws {
        let slips = try Slips(try Fixture.text(Fixture.path("infolinia.yaml"))).all
        var missed: [String] = []
        var elsewhere: [String] = []
        var kinds: [String: (seen: Int, all: Int)] = [:]
        for slip in slips {
            let findings = Self.findings(slip.text)
            let isSeen = findings.contains { slip.lines.contains($0.position.line) }
            kinds[slip.kind, default: (0, 0)].all += 1
            if isSeen {
                kinds[slip.kind, default: (0, 0)].seen += 1
            } else if findings.isEmpty {
                missed.append(slip.name)
            } else {
                elsewhere.append("\(slip.name) → \(findings.map { "\($0.position.line) \($0.code)" })")
            }
        }
        let seen = slips.count - missed.count - elsewhere.count
        print("slips: \(slips.count), at the right line: \(seen) (\(seen * 1_000 / slips.count) ‰)")
        for (kind, count) in kinds.sorted(by: { $0.key < $1.key }) { print("  \(kind): \(count.seen) of \(count.all)") }
        for name in missed { print("  not seen: \(name)") }
        for name in elsewhere { print("  seen elsewhere: \(name)") }
        #expect(slips.count >= 200)
        #expect(seen * 100 >= slips.count * 95)
    }
}

/// One mistake in a file, and the lines at which it may be reported: its own, or one that uses the name.
private struct Slip {
    let kind: String
    let name: String
    let text: String
    let lines: Set<Int>
}

private struct Slips {
    private let lines: [String]
    private var random = SeededGenerator(seed: 2_026)
    private(set) var all: [Slip] = []

    init(_ text: String) throws {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        addMisspelt()
        addMissing()
        addDoubled()
        addSwappedNumbers()
    }

    // MARK: Misspelt words

    private mutating func addMisspelt() {
        var section = ""
        for (index, line) in lines.enumerated() {
            if let first = line.first, first.isLetter { section = String(line.prefix { $0 != ":" }) }
            for word in words(line, section) {
                guard let typo = typo(String(line[word])) else { continue }
                var changed = lines
                changed[index] = line.replacingCharacters(in: word, with: typo)
                let uses = lines.indices.filter { isUsed(String(line[word]), in: lines[$0]) }.map { $0 + 1 }
                let isOption = line[word.upperBound...].first == ":" && section != "prompts" && line.hasPrefix("    ")
                add(
                    isOption ? "misspelt key" : "misspelt word", "line \(index + 1) '\(line[word])' as '\(typo)'",
                    changed,
                    isDefinition(word, in: line, section) ? Set(uses) : [index + 1])
            }
        }
    }

    /// Words that mean something: not those of texts, titles, names of tests and remarks.
    private func words(_ line: String, _ section: String) -> [Range<String.Index>] {
        var end = line.firstIndex(of: "#") ?? line.endIndex
        for free in [
            "title: ", "why: ", "- test: ", "pl: ", "en: ", "any: ", "zero: ", "one: ", "few: ", "many: ", "other: ",
        ] {
            let isText = !["pl: ", "en: "].contains(free) || section == "prompts"
            if isText, let range = line.firstRange(of: free) {
                end = min(end, line.index(range.upperBound, offsetBy: -2))
            }
        }
        if section == "prompts", line.hasPrefix("      "), !line.contains(": ") { return [] }
        if section == "prompts", line.hasPrefix("      "), line.contains(where: { "ąćęłńóśźż;".contains($0) }),
            !line.contains("{")
        {
            let key = line.drop { $0 == " " }.prefix { $0.isLetter }
            if !["zero", "one", "few", "many", "other", "count"].contains(String(key)) { return [] }
        }
        return line[..<end].ranges(of: #/[\p{L}_][\p{L}\d_\/.-]*|\d+[smhd%]/#).map { $0 }
    }

    /// Drops, doubles, swaps or changes a letter; digits are not letters.
    private mutating func typo(_ word: String) -> String? {
        let letters = word.indices.filter { word[$0].isLetter || word[$0] == "%" }
        guard let at = letters.randomElement(using: &random) else { return nil }
        var typo = word
        switch random.roll(4) {
        case 0 where word.count > 1: typo.remove(at: at)
        case 1: typo.insert(word[at], at: at)
        case 2 where word.index(after: at) < word.endIndex && word[at] != word[word.index(after: at)]:
            let next = word.index(after: at)
            typo.replaceSubrange(at...next, with: [word[next], word[at]])
        default: typo.replaceSubrange(at...at, with: word[at] == "x" ? "z" : "x")
        }
        return typo == word ? nil : typo
    }

    /// The name of a prompt, a step … or a tag, a question: reported where it is used and now missing.
    private func isDefinition(_ word: Range<String.Index>, in line: String, _ section: String) -> Bool {
        let isName = line.prefix { $0 == " " }.count == 2 && line[word.upperBound...].first == ":"
        let before = line[..<word.lowerBound]
        return isName && section != "recording" || before.hasSuffix("tag: ") || before.hasSuffix("name: ")
    }

    private func isUsed(_ word: String, in line: String) -> Bool {
        line.split { !$0.isLetter && !$0.isNumber && $0 != "-" && $0 != "_" }.contains { $0 == word }
    }

    // MARK: Missing, doubled

    /// Exits, languages of prompts, notices, required options; reported at what lacks them.
    private mutating func addMissing() {
        let needed = [
            "otherwise:", "nobody:", "timeout:", "full:", "closed:", "open:", "then:", "no_number:", "max_wait:",
            "agents:",
            "week:", "pl:", "en:", "count:", "one:", "few:", "many:", "other:", "start:", "languages:", "timezone:",
            "numbers:", "hotline:", "name:", "notice:", "keys:", "questions:", "expect:",
        ]
        for (index, line) in lines.enumerated() {
            let key = line.trimmingPrefix { $0 == " " }.prefix { $0 != " " }
            guard needed.contains(String(key)), !isBegun(line) else { continue }
            var changed = lines
            changed.remove(at: index)
            while index < changed.count, key == "keys:" || key == "questions:" || key == "week:",
                changed[index].hasPrefix(String(line.prefix { $0 == " " }) + "  ")
            {
                changed.remove(at: index)
            }
            let place = key == "notice:" ? recorded(in: changed) : [owner(of: index)]
            let isTimeout = key == "timeout:" && !line.contains("poczta")
            if !isTimeout {
                add(
                    "missing \(key)", "line \(index + 1) without '\(line.trimmingPrefix { $0 == " " })'", changed,
                    Set(place))
            }
        }
    }

    /// Of a text over several lines only the first would go.
    private func isBegun(_ line: String) -> Bool {
        line.hasSuffix(">-") || line.hasSuffix("pl:") || line.hasSuffix("en:")
    }

    /// The line above with less indentation; the file's first line for the sections.
    private func owner(of index: Int) -> Int {
        let indent = lines[index].prefix { $0 == " " }.count
        guard indent > 0 else { return 2 }  // because the first line is a remark
        let above = lines[..<index].lastIndex { line in
            let own = line.prefix { $0 == " " }.count
            return own < indent && !line.isEmpty && line.contains(where: { $0 != " " })
        }
        return (above ?? 0) + 1
    }

    /// Where callers are recorded: E060 speaks of these steps.
    private func recorded(in lines: [String]) -> Set<Int> {
        Set(lines.indices.filter { ["  rozmowa:", "  czekam:", "  poczta:"].contains(lines[$0]) }.map { $0 + 1 })
    }

    private mutating func addDoubled() {
        for (index, line) in lines.enumerated() {
            let isEntry = line.contains(": ") && !line.contains("- ") && !line.hasPrefix("#") && !isBegun(line)
            guard isEntry, !line.hasPrefix("      "), random.roll(2) == 0 else { continue }
            var changed = lines
            changed.insert(line, at: index + 1)
            add("doubled line", "line \(index + 1) twice", changed, [index + 2])
        }
    }

    // MARK: Numbers

    private mutating func addSwappedNumbers() {
        let swaps = [
            ("naciśnij 1", "naciśnij 7"), ("naciśnij 2", "naciśnij 1"), ("press 1", "press 6"), ("press 0", "press 8"),
            ("      1: ", "      9: "), ("      0: ", "      1: "), ("keys: { 1:", "keys: { 3:"),
            ("08:00-17:00", "17:00-08:00"),
            ("2026-12-31:", "2026-13-31:"), ("2026-06-05:", "2026-06-31:"), ("2026-", "206-"),
            ("90 dniach", "30 dniach"),
            ("90 days", "60 days"), ("30 dniach", "3 dniach"), ("keep: 90d", "keep: 30d"), ("keep: 30d", "keep: 90d"),
            ("22 250 01 00", "22 250 01 0"), ("keys: 1-2", "keys: 2-1"), ("keys: 1-5", "keys: 1-4"),
            ("hotline: 1", "hotline: 2"),
            ("ring: 15s", "ring: 51s"), ("80% in 20s", "80% in 2s"), ("tries: 2", "tries: 22"), ("10:15", "25:15"),
        ]
        for (old, new) in swaps {
            for (index, line) in lines.enumerated() where line.contains(old) && isMeant(line, at: index, old) {
                var changed = lines
                changed[index] = line.replacing(old, with: new, maxReplacements: 1)
                add("swapped number", "line \(index + 1) '\(old)' as '\(new)'", changed, near(index, old))
            }
        }
    }

    /// What a test presses is not for the checker to say: the test fails.
    private func isMeant(_ line: String, at index: Int, _ old: String) -> Bool {
        let tests = lines.firstIndex(of: "tests:") ?? lines.endIndex
        return !line.hasPrefix("#") && (index < tests || !old.hasPrefix("press"))
    }

    /// A text and its keys, a notice and its time contradict each other: either line is right.
    private func near(_ index: Int, _ old: String) -> Set<Int> {
        switch old {
        case "naciśnij 1", "naciśnij 2", "press 1", "press 0": lines(with: "keys:").union(keyLines).union([index + 1])
        case "80% in 20s": lines(with: "ring: 15s").union([index + 1])
        case "keys: 1-5": lines(with: "od 1 do 5").union([index + 1])
        case "keep: 90d": lines(with: "zgoda-nagranie:").union([index + 1]).union(texts("90 "))
        case "keep: 30d": texts("30 ").union([index + 1])
        default: [index + 1]
        }
    }

    private var keyLines: Set<Int> {
        Set(
            lines.indices.filter {
                lines[$0].hasPrefix("      ") && lines[$0].contains("then:") || lines[$0].contains(#/^ +\d: /#)
            }.map { $0 + 1 })
    }

    private func lines(with part: String) -> Set<Int> {
        Set(lines.indices.filter { lines[$0].contains(part) }.map { $0 + 1 })
    }

    private func texts(_ part: String) -> Set<Int> {
        let all = lines.indices.filter { lines[$0].contains(part) }
        // The text of a folded scalar begins some lines above.
        return Set(all.flatMap { ($0 - 2)...($0 + 1) })
    }

    private mutating func add(_ kind: String, _ name: String, _ lines: [String], _ at: Set<Int>) {
        all.append(Slip(kind: kind, name: name, text: lines.joined(separator: "\n"), lines: at))
    }
}
