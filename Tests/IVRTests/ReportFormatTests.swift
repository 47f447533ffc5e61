// Reports for machines: JSON, SARIF, JUnit; and the list of codes.

import Foundation
import Testing
import YAML

@testable import IVR

struct ReportFormatTests {
    private func report() throws -> CheckReport {
        let text = try Fixture.text(Fixture.path("findings/names.yaml"))
        return CheckReport(
            HotlineChecker.check(text: text, file: "ż x/names.yaml", surroundings: Fixture.surroundings).findings)
    }

    private func object(_ json: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    }

    @Test func findingsAreWrittenAsJSON() throws {
        let report = try report()
        let object = try object(report.json(in: .en))
        #expect(object["files"] as? Int == 1)
        #expect(object["errors"] as? Int == report.errorCount)
        #expect(object["warnings"] as? Int == 0)
        let findings = try #require(object["findings"] as? [[String: Any]])
        #expect(findings.count == report.findings.count)
        let first = try #require(findings.first)
        #expect(first["file"] as? String == "ż x/names.yaml")
        #expect(first["line"] as? Int == 6)
        #expect(first["column"] as? Int == 8)
        #expect(first["severity"] as? String == "error")
        #expect(first["code"] as? String == "E010")
        #expect(first["message"] as? String == "the start leads to 'powitanei', which is not a step")
        #expect(first["hint"] as? String == "did you mean 'powitanie'?")
        #expect(first["source"] as? String == "start: powitanei")
        let polish = try #require((try self.object(report.json(in: .pl))["findings"] as? [[String: Any]])?.first)
        #expect(polish["code"] as? String == "E010")
        #expect(polish["severity"] as? String == "error")
        #expect(polish["message"] as? String == "początek prowadzi do 'powitanei', a takiego kroku nie ma")
        #expect(polish["hint"] as? String == "czy chodziło o 'powitanie'?")
    }

    @Test func findingsAreWrittenAsSARIF() throws {
        let object = try object(try report().sarif(in: .en))
        #expect(object["version"] as? String == "2.1.0")
        let run = try #require((object["runs"] as? [[String: Any]])?.first)
        let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
        let rules = try #require(driver["rules"] as? [[String: Any]]).compactMap { $0["id"] as? String }
        let results = try #require(run["results"] as? [[String: Any]])
        #expect(results.allSatisfy { rules.contains($0["ruleId"] as? String ?? "") })
        let location = try #require((results.first?["locations"] as? [[String: Any]])?.first)
        let place = try #require(location["physicalLocation"] as? [String: Any])
        #expect((place["artifactLocation"] as? [String: Any])?["uri"] as? String == "%C5%BC%20x/names.yaml")
        #expect((place["region"] as? [String: Any])?["startLine"] as? Int == 6)
    }

    /// Every code has a file that provokes it at the line and column of its golden list; three need more than one file.
    @Test func everyCodeIsProvokedAndEveryProvokedCodeIsKnown() throws {
        let folder = Fixture.path("findings")
        var provoked: Set<String> = ["E008", "E071"]  // LibraryTests
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) where name.hasSuffix(".txt") {
            let lines = try Fixture.text(folder + "/" + name)
            for match in lines.matches(of: #/:\d+:\d+: (?:error|warning) ([EW]\d{3}):/#) {
                provoked.insert(String(match.1))
            }
        }
        #expect(Set(FindingCode.all.map(\.code)) == provoked)
        #expect(FindingCode.all.count == Set(FindingCode.all.map(\.code)).count)
    }
}

struct JUnitTests {
    @Test func resultsAreWrittenAsJUnitReadsThem() throws {
        let hotline = try Fixture.hotline(
            steps: "start: { say: a, then: koniec }",
            more:
                "\ntests:\n  - { test: \"<dobry> & 'taki'\", expect: [hear a] }\n  - { test: zły, expect: [hear b, hear a] }\n"
        )
        let bad = Fixture.check("hotline: 1\n").findings.filter { $0.severity == .error }
        let junit = TestReport(bad, hotline.runTests()).junit
        let parser = XMLCheck(junit)
        #expect(parser.isWellFormed)
        #expect(parser.elements.filter { $0.name == "testcase" }.count == 2 + bad.count)
        #expect(
            parser.elements.first?.attributes == [
                "tests": "\(2 + bad.count)", "failures": "1", "errors": "\(bad.count)",
            ])
        let names = parser.elements.compactMap { $0.attributes["name"] }
        #expect(names.contains("<dobry> & 'taki'"))
        let failure = try #require(parser.elements.first { $0.name == "failure" })
        #expect(failure.attributes["message"] == "expected: hear a")
        #expect(parser.text.contains("hear a    <- did not happen"))
    }
}

/// Enough of XML to see that ours is: elements, attributes and text.
private struct XMLCheck {
    struct Element {
        let name: String
        var attributes: [String: String] = [:]
    }

    private(set) var elements: [Element] = []
    private(set) var text = ""
    private(set) var isWellFormed = true

    init(_ source: String) {
        var open: [String] = []
        var rest = source[...]
        guard rest.hasPrefix("<?xml version=\"1.0\"") else {
            isWellFormed = false
            return
        }
        rest = rest[(rest.firstIndex(of: ">").map { rest.index(after: $0) } ?? rest.endIndex)...]
        while let start = rest.firstIndex(of: "<") {
            text += Self.plain(rest[..<start])
            guard let end = rest[start...].firstIndex(of: ">") else { break }
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if tag.hasPrefix("/") {
                isWellFormed = isWellFormed && open.popLast() == String(tag.dropFirst())
                continue
            }
            let name = String(tag.prefix { $0.isLetter })
            var element = Element(name: name)
            for match in tag.matches(of: #/ ([a-z]+)="([^"<]*)"/#) {
                element.attributes[String(match.1)] = Self.plain(match.2)
            }
            elements.append(element)
            if !tag.hasSuffix("/") { open.append(name) }
        }
        isWellFormed = isWellFormed && open.isEmpty && !elements.isEmpty
    }

    private static func plain(_ text: Substring) -> String {
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#10;", "\n"), ("&#9;", "\t"), ("&amp;", "&")]
            .reduce(String(text)) { $0.replacing($1.0, with: $1.1) }
    }
}
