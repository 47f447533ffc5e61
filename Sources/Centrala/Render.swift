// `centrala render`: a recording as a file that a person can play.

public import ArgumentParser
import Calls
import Foundation
public import Recorder
import Store
import Timing

struct Render: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a recording as WAV or MP3: caller left, consultant or prompts right.")

    @Argument(help: "The contact's id, or the path of a journal (*.cjr).")
    var recording: String

    @Option(help: "wav or mp3.")
    var format: ExportFormat = .wav

    @Option(name: .shortAndLong, help: "The file to write.")
    var output: String

    @Option(help: "The server's configuration, to find the contact's journal.")
    var config = "config/centrala.yaml"

    func run() async throws {
        let report = try Renderer.render(journal: try await journal(), to: output, format: format) { share in
            Progress.show("rendering", share)
        }
        Progress.end()
        print("\(output): \(Self.summary(report))")
    }

    private static func summary(_ report: RenderReport) -> String {
        let seconds = (Double(report.duration.milliseconds) / 1_000).formatted(.number.precision(.fractionLength(1)))
        let damages = report.damages > 0 ? ", \(report.damages) damaged places" : ""
        return "\(seconds) s at \(report.sampleRate) Hz, \(report.left.packets) packets from the caller, "
            + "\(report.right.packets) to the caller\(damages)"
    }

    private func journal() async throws -> String {
        if recording.hasSuffix(".cjr") { return recording }
        let file = try ConfigurationFile.load(config)
        let store = try Store(path: file.callCentre.storePath)
        guard let contact = try await store.contact(recording) else {
            throw ValidationError("No contact has the id \(recording).")
        }
        guard let path = contact.recording else {
            throw ValidationError("The contact \(recording) has no recording.")
        }
        return path
    }
}

extension ExportFormat: ExpressibleByArgument {}
