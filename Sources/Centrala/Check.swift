// `centrala check`: every mistake of a hotline file before a caller finds it.

import ArgumentParser
import IVR

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check hotline files: all findings in one pass, with file:line:column.",
        discussion: "Exit status 1 when there is an error, 0 with warnings alone.")

    @Argument(help: "Hotline files.")
    var files: [String]

    @Option(help: "The folder of recorded prompts.")
    var prompts = "prompts"

    func run() throws {
        let report = CheckReport(paths: files, surroundings: .served(promptsDirectory: prompts))
        print(report.text)
        throw ExitCode(Int32(report.exitStatus))
    }
}
