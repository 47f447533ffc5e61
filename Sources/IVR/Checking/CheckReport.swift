// What the commands `check` and `test` print, and with which exit status.

public import YAML

/// `check FILE…`: every finding of all files, those between files too.
public struct CheckReport: Sendable {
    /// Errors first.
    public let findings: [Finding]
    /// How many files were read.
    public let files: Int

    public init(paths: [String], surroundings: Surroundings) {
        findings = HotlineLibrary.load(paths: paths, surroundings: surroundings).findings
        files = paths.count
    }

    /// 1 with errors, 0 with warnings alone.
    public var exitStatus: Int32 { findings.hasErrors ? 1 : 0 }

    public var text: String {
        let errors = findings.count { $0.severity == .error }
        let summary =
            "\(counted(files, "file")): \(counted(errors, "error")), \(counted(findings.count - errors, "warning"))"
        return (findings.map(\.text) + [summary]).joined(separator: "\n")
    }
}

/// `test FILE…`: every test of all files. A file with errors is not tested; its findings stand first.
public struct TestReport: Sendable {
    public let findings: [Finding]
    public let results: [HotlineTestResult]

    public init(paths: [String], surroundings: Surroundings) {
        let checked = paths.map { HotlineChecker.check(path: $0, surroundings: surroundings) }
        findings = checked.flatMap(\.findings).filter { $0.severity == .error }.inReadingOrder
        results = checked.compactMap(\.hotline).flatMap { $0.runTests() }
    }

    /// 1 when a test failed or a file has errors.
    public var exitStatus: Int32 { !findings.isEmpty || results.contains { !$0.hasPassed } ? 1 : 0 }

    public var text: String {
        let failed = results.count { !$0.hasPassed }
        let summary = "\(counted(results.count, "test")), \(failed == 0 ? "all passed" : "\(failed) failed")"
        return (findings.map(\.text) + results.map(\.text) + [summary]).joined(separator: "\n")
    }
}

private func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
