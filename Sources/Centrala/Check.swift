// `centrala check`: every mistake of a hotline file before a caller finds it.

public import ArgumentParser
import Calls
import IVR
public import YAML

struct Check: ParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, sarif
    }

    static let configuration = CommandConfiguration(
        abstract: "Check hotline files: all findings in one pass, with file:line:column.",
        discussion: """
            Exit status 1 when there is an error, 0 with warnings alone. With --certificate it prints for each file where
            callers may be recorded and which notice they have heard before on every way there.
            """)

    @Argument(help: "Hotline files.")
    var files: [String]

    @Option(
        help: "How findings are printed: text for people, json for editors, sarif for readers of analysers' reports.")
    var format = Format.text

    @Flag(help: "Print the proof that nobody is recorded before the notice.")
    var certificate = false

    @Option(help: "The language: pl or en. Without it findings are in English, a certificate is in Polish.")
    var language: ReportLanguage?

    @Option(help: "The folder of recorded prompts.")
    var prompts = "prompts"

    @Option(help: "A server's configuration: its folder of prompts, and whether it can send mail (E009).")
    var config: String?

    func validate() throws {
        guard !certificate || format == .text else {
            throw ValidationError("A certificate is text: leave out --format.")
        }
    }

    func run() throws {
        let surroundings = try config.map { try ConfigurationFile.load($0).callCentre.surroundings }
        let report = CheckReport(paths: files, surroundings: surroundings ?? .served(promptsDirectory: prompts))
        if certificate, report.exitStatus == 0 {
            print(report.hotlines.map { RecordingCertificate($0).text(in: language ?? .pl) }.joined(separator: "\n"))
        } else {
            print(text(of: report))
        }
        throw ExitCode(report.exitStatus)
    }

    private func text(of report: CheckReport) -> String {
        let language = language ?? .en
        switch format {
        case .text: return report.text(in: language)
        case .json: return report.json(in: language)
        case .sarif: return report.sarif(in: language)
        }
    }
}

extension ReportLanguage: ExpressibleByArgument {}
