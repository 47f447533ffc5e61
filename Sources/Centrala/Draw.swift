// `centrala draw`: a hotline as a picture.

import ArgumentParser
import Foundation
import IVR
import YAML

struct Draw: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw a hotline file as an SVG picture.",
        discussion: """
            Every step is a box with its exits; each exit names the step it leads to. The recording notice is marked with
            §, steps where callers may be recorded with a red dot. A file with errors is not drawn.
            """)

    @Argument(help: "The hotline file.")
    var file: String

    @Option(name: .shortAndLong, help: "Where to write the picture; without it it goes to standard output.")
    var output: String?

    @Option(help: "The language of the picture: pl or en.")
    var language = "pl"

    @Option(help: "The folder of recorded prompts.")
    var prompts = "prompts"

    func validate() throws {
        guard ["pl", "en"].contains(language) else { throw ValidationError("The language is pl or en.") }
    }

    func run() throws {
        let (hotline, findings) = HotlineChecker.check(path: file, surroundings: .live(promptsDirectory: prompts))
        guard let hotline else {
            for finding in findings { FileHandle.standardError.write(Data((finding.text + "\n").utf8)) }
            throw ExitCode.failure
        }
        let svg = HotlinePicture(hotline, language: language).svg
        guard let output else { return print(svg, terminator: "") }
        try svg.write(toFile: output, atomically: true, encoding: .utf8)
    }
}
