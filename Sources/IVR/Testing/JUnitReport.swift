// Results of in-file tests for continuous integration: JUnit's XML, as Jenkins and GitLab read it.

import YAML

extension TestReport {
    /// A suite for each file; the findings of a file that could not be tested are its errors.
    public var junit: String {
        let files = Set(results.map(\.file)).union(findings.map(\.file)).sorted()
        let suites = files.flatMap { file in
            suite(file, results.filter { $0.file == file }, findings.filter { $0.file == file })
        }
        let failures = results.count { !$0.hasPassed }
        let head =
            "<testsuites tests=\"\(results.count + findings.count)\" failures=\"\(failures)\" errors=\"\(findings.count)\">"
        return (["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", head] + suites + ["</testsuites>", ""])
            .joined(separator: "\n")
    }

    private func suite(_ file: String, _ results: [HotlineTestResult], _ findings: [Finding]) -> [String] {
        let failures = results.count { !$0.hasPassed }
        let counts =
            "tests=\"\(results.count + findings.count)\" failures=\"\(failures)\" errors=\"\(findings.count)\""
        let errors = findings.flatMap { finding in
            [
                "    <testcase classname=\"\(escaped(file))\" name=\"check \(finding.code) line \(finding.position.line)\">",
                "      <error type=\"\(finding.code)\" message=\"\(escaped(finding.message))\">\(escaped(finding.text))</error>",
                "    </testcase>",
            ]
        }
        return ["  <testsuite name=\"\(escaped(file))\" \(counts)>"] + errors + results.flatMap(testcase)
            + ["  </testsuite>"]
    }

    /// The time is that of the imagined call.
    private func testcase(_ result: HotlineTestResult) -> [String] {
        let milliseconds = Int((result.trace.last?.at ?? .zero) / .milliseconds(1))
        let fraction = String(milliseconds % 1_000 + 1_000).dropFirst()
        let head =
            "    <testcase classname=\"\(escaped(result.file))\" name=\"\(escaped(result.name))\" file=\"\(escaped(result.file))\" "
            + "line=\"\(result.line)\" time=\"\(milliseconds / 1_000).\(fraction)\""
        guard let failed = result.failed else { return [head + "/>"] }
        return [
            head + ">",
            "      <failure message=\"\(escaped("expected: " + result.expected[failed]))\">\(escaped(result.text))</failure>",
            "    </testcase>",
        ]
    }

    /// XML 1.0 §2.4; characters that it does not allow become spaces (§2.2).
    private func escaped(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar {
            case "&": "&amp;"
            case "<": "&lt;"
            case ">": "&gt;"
            case "\"": "&quot;"
            case "\n": "&#10;"
            case "\t": "&#9;"
            default: scalar.value < 0x20 || scalar.value & 0xFFFE == 0xFFFE ? " " : String(scalar)
            }
        }.joined()
    }
}
