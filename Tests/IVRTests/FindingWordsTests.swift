// Findings in the language of whoever reads them.

import Foundation
import Testing
import YAML

@testable import IVR

struct FindingWordsTests {
    @Test func everyCodeHasWordsInBothLanguages() {
        for code in FindingCode.all {
            #expect(code.note.untranslated == [], "\(code.code)")
            #expect(code.note.text(in: .pl) != code.note.text(in: .en), "\(code.code)")
        }
    }

    /// The golden files provoke every code (ReportFormatTests).
    @Test(arguments: CheckerTests.files)
    func noFindingFallsBackToEnglish(file: String) throws {
        let surroundings = file.hasPrefix("staffed") ? Fixture.staffed : Fixture.surroundings
        let text = try Fixture.text(Fixture.path("findings/" + file))
        for finding in HotlineChecker.check(text: text, file: file, surroundings: surroundings).findings {
            #expect(finding.sentence.untranslated + (finding.advice?.untranslated ?? []) == [])
            #expect(finding.sentence.text(in: .pl) != finding.message)
            #expect(!finding.sentence.text(in: .pl).contains(#/\{\d\}/#), "\(finding.sentence.text(in: .pl))")
            #expect(finding.kind != nil)
        }
    }

    @Test func aReportIsWhollyInItsLanguage() throws {
        let report = CheckReport(Fixture.check("hotline: 1\nname: a\nlanguages: [pl\n").findings)
        let text = report.text(in: .pl)
        #expect(text.contains(": błąd E001: to nie jest YAML: w nawiasach [ ]: brakuje ',' albo ']'"), "\(text)")
        let unknown = Fixture.check(try Fixture.text(Fixture.path("findings/names.yaml"))).findings
        #expect(unknown.first?.text(in: .pl).hasSuffix("wskazówka: czy chodziło o 'powitanie'?") == true)
    }

    @Test func whatIsFilledInIsTakenAsItIs() {
        let name = "{2} \\(x) %@ ł"
        let text: FindingText = "\(name) has no option \("b")"
        #expect(text.text(in: .pl) == "{2} \\(x) %@ ł nie ma opcji b")
        #expect(text.text(in: .en) == "{2} \\(x) %@ ł has no option b")
    }

    /// What no test provokes is read from the source: each literal in a call that reports a finding.
    @Test(arguments: ["YAML", "IVR/Reading", "IVR/Checking", "Centrala"])
    func everySentenceOfTheSourceIsInTheCatalogue(folder: String) throws {
        let path = Fixture.path("../../../Sources/" + folder)
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(".swift") {
            for sentence in Self.sentences(in: try Fixture.text(path + "/" + name)) {
                count += 1
                #expect(FindingCatalogue.polish[sentence] != nil, "\(name): \(sentence)")
            }
        }
        #expect(count >= 5)
    }

    /// The literals of calls such as `log.error("E010", at: …, "…")`, with `{1}` for what is filled in.
    private static func sentences(in source: String) -> [String] {
        source.matches(of: #/(?:error|warning|stop)\(\s*"[EW]\d{3}",/#).flatMap { match -> [String] in
            var literals: [String] = []
            var rest = source[match.range.upperBound...]
            var depth = 1
            var joins = false
            while depth > 0, let character = rest.first {
                switch character {
                case "\"":
                    let literal = Self.literal(&rest, after: joins ? literals.popLast() ?? "" : "")
                    literals.append(literal)
                    joins = rest.drop(while: \.isWhitespace).first == "+"
                    continue
                case "(": depth += 1
                case ")": depth -= 1
                default: break
                }
                rest.removeFirst()
            }
            return literals.filter { $0.contains(" ") && $0.contains(where: \.isLowercase) }
        }
    }

    private static func literal(_ rest: inout Substring, after former: String) -> String {
        var text = former
        var number = former.count { $0 == "{" }
        rest.removeFirst()
        while let character = rest.first, character != "\"" {
            rest.removeFirst()
            guard character == "\\", let escaped = rest.popFirst() else {
                text.append(character)
                continue
            }
            guard escaped == "(" else {
                text.append(escaped)
                continue
            }
            number += 1
            text += "{\(number)}"
            var depth = 1
            while depth > 0, let inner = rest.popFirst() {
                if inner == "(" { depth += 1 }
                if inner == ")" { depth -= 1 }
            }
        }
        _ = rest.popFirst()
        return text
    }
}
