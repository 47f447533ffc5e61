// What the commands `check` and `test` print, and with which exit status.

public import YAML

/// `check FILE…`: every finding of all files, those between files too.
public struct CheckReport: Sendable {
    /// Errors first.
    public let findings: [Finding]
    /// How many files were read.
    public let files: Int
    /// In the order of their names; none when there is an error.
    public let hotlines: [Hotline]

    public init(paths: [String], surroundings: Surroundings) {
        let (library, findings) = HotlineLibrary.load(paths: paths, surroundings: surroundings)
        self.init(findings, files: paths.count, hotlines: library?.hotlines ?? [])
    }

    /// Of findings that are there already, such as those of a text that is being edited.
    public init(_ findings: [Finding], files: Int = 1, hotlines: [Hotline] = []) {
        self.findings = findings.inReadingOrder
        self.files = files
        self.hotlines = hotlines
    }

    /// 1 with errors, 0 with warnings alone.
    public var exitStatus: Int32 { findings.hasErrors ? 1 : 0 }

    public var errorCount: Int { findings.count { $0.severity == .error } }

    public var warningCount: Int { findings.count - errorCount }

    public func text(in language: ReportLanguage) -> String {
        let summary = language.text(
            "pliki: \(files), błędy: \(errorCount), ostrzeżenia: \(warningCount)",
            "\(counted(files, "file")): \(counted(errorCount, "error")), \(counted(warningCount, "warning"))")
        return (findings.map { $0.text(in: language) } + [summary]).joined(separator: "\n")
    }
}

/// `test FILE…`: every test of all files. A file with errors is not tested; its findings stand first.
public struct TestReport: Sendable {
    public let findings: [Finding]
    public let results: [HotlineTestResult]

    public init(paths: [String], surroundings: Surroundings) {
        let checked = paths.map { HotlineChecker.check(path: $0, surroundings: surroundings) }
        self.init(
            checked.flatMap(\.findings).filter { $0.severity == .error },
            checked.compactMap(\.hotline).flatMap { $0.runTests() })
    }

    /// Errors of files that could not be tested, and the results of the others.
    public init(_ findings: [Finding], _ results: [HotlineTestResult]) {
        self.findings = findings.inReadingOrder
        self.results = results
    }

    /// 1 when a test failed or a file has errors.
    public var exitStatus: Int32 { !findings.isEmpty || results.contains { !$0.hasPassed } ? 1 : 0 }

    public func text(in language: ReportLanguage) -> String {
        let failed = results.count { !$0.hasPassed }
        let summary = language.text(
            "testy: \(results.count), \(failed == 0 ? "wszystkie przeszły" : "nie przeszły: \(failed)")",
            "\(counted(results.count, "test")), \(failed == 0 ? "all passed" : "\(failed) failed")")
        return (findings.map { $0.text(in: language) } + results.map { $0.text(in: language) } + [summary])
            .joined(separator: "\n")
    }
}

private func counted(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
