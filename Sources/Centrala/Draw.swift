// `centrala draw`: a hotline as a picture.

import ArgumentParser
import Calls
import Foundation
import IVR
import Store
import Timing
import YAML

struct Draw: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw a hotline file as an SVG picture.",
        discussion: """
            Every step is a box with its exits; each exit names the step it leads to. The recording notice is marked with
            §, steps where callers may be recorded with a red dot. A file with errors is not drawn. With --traffic the calls of
            the last seven days colour it: how many came to each step, went which way, hung up where.
            """)

    @Argument(help: "The hotline file.")
    var file: String

    @Option(name: .shortAndLong, help: "Where to write the picture; without it it goes to standard output.")
    var output: String?

    @Option(help: "The language of the picture: pl or en.")
    var language = "pl"

    @Flag(help: "Colour the picture by the calls of the last seven days, from the server's store.")
    var traffic = false

    @Option(help: "The server's configuration, to find its store.")
    var config = "config/centrala.yaml"

    @Option(help: "The folder of recorded prompts.")
    var prompts = "prompts"

    func validate() throws {
        guard ["pl", "en"].contains(language) else { throw ValidationError("The language is pl or en.") }
    }

    func run() async throws {
        let hotline = try HotlineFiles.read(file, prompts: prompts)
        let svg = HotlinePicture(hotline, language: language, traffic: try await visits(hotline)).svg
        guard let output else { return print(svg, terminator: "") }
        try svg.write(toFile: output, atomically: true, encoding: .utf8)
    }

    private func visits(_ hotline: Hotline) async throws -> PictureTraffic? {
        guard traffic else { return nil }
        let file = try ConfigurationFile.load(config)
        guard FileManager.default.fileExists(atPath: file.callCentre.storePath) else {
            throw ValidationError("There is no store at \(file.callCentre.storePath): no call has been taken yet.")
        }
        let store = try Store(path: file.callCentre.storePath)
        return try await store.trafficOfLastWeek(hotline.name, now: Clock.unixMilliseconds())
    }
}
