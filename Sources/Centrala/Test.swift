// `centrala test`: the tests that stand beside the steps of a hotline, on a virtual clock, without sound.

import ArgumentParser
import Foundation
import IVR
import YAML

struct Test: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the tests written in hotline files.",
        discussion: "Exit status 1 when a test fails or a file has an error.")

    @Argument(help: "Hotline files.")
    var files: [String]

    @Option(help: "Also write the results as JUnit XML into this file.")
    var junit: String?

    @Option(help: "The language of what is printed: pl or en.")
    var language = ReportLanguage.en

    @Option(help: "The folder of recorded prompts.")
    var prompts = "prompts"

    func run() throws {
        let report = TestReport(paths: files, surroundings: .live(promptsDirectory: prompts))
        print(report.text(in: language))
        if let junit { try report.junit.write(toFile: junit, atomically: true, encoding: .utf8) }
        throw ExitCode(report.exitStatus)
    }
}
