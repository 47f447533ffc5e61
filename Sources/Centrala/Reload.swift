// `centrala reload`: new hotline files for a running server, without dropping a call.

import ArgumentParser
import Calls
import IVR
import YAML

struct Reload: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Let the running server read its hotline files again.",
        discussion: """
            The files are checked first; with an error nothing changes, the findings are printed and the exit status is 1.
            Calls that are going on finish on the version that they began with. The same happens at SIGHUP, told in the log.
            """)

    @Flag(help: "Print what would change and how many calls stand on the present version; change nothing.")
    var dryRun = false

    @Option(help: "The language of the answer: pl or en.")
    var language = ReportLanguage.pl

    @Option(help: "The server's configuration, to find it.")
    var config = "config/centrala.yaml"

    func run() throws {
        let file = try ConfigurationFile.load(config)
        let request = ControlRequest.reload(isDryRun: dryRun, language)
        let (status, text) = try ControlSocket.ask(
            request.line, at: ControlSocket.path(in: file.callCentre.dataDirectory))
        print(text)
        throw ExitCode(status)
    }
}

/// What a running server can be asked for.
enum ControlRequest {
    case reload(isDryRun: Bool, ReportLanguage)

    var line: String {
        switch self {
        case .reload(let isDryRun, let language): "\(isDryRun ? "preview" : "reload") \(language.rawValue)"
        }
    }

    init?(line: String) {
        let words = line.split(separator: " ").map(String.init)
        guard words.count == 2, let language = ReportLanguage(rawValue: words[1]) else { return nil }
        switch words[0] {
        case "reload": self = .reload(isDryRun: false, language)
        case "preview": self = .reload(isDryRun: true, language)
        default: return nil
        }
    }
}

extension CallCentre {
    /// Answers what came over the control socket.
    func answer(_ line: String) async -> (status: Int32, text: String) {
        guard case .reload(let isDryRun, let language)? = ControlRequest(line: line) else {
            return (2, "This request is not understood.")
        }
        let reload = await reload(isDryRun: isDryRun)
        return (reload.isRefused ? 1 : 0, reload.text(in: language))
    }
}
