// `centrala speak`: a sentence as callers hear it, written to a file.

import ArgumentParser
import Calls
import Media
import Speech

struct Speak: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Speak a sentence into a WAV file, as a caller would hear it from a hotline without a recording.")

    @Option(help: "What to say.")
    var text: String

    @Option(help: "pl or en.")
    var language = "pl"

    @Option(name: .shortAndLong, help: "The WAV file to write: 16 kHz, mono, 16 bits.")
    var output: String

    @Option(help: "The configuration that names the data folder with the cache of spoken prompts.")
    var config = "config/centrala.yaml"

    func run() async throws {
        let settings = try ConfigurationFile.load(config).callCentre
        try settings.makeDirectories()
        let library = PromptLibrary(
            cacheDirectory: settings.cacheDirectory, promptsDirectory: settings.promptsDirectory)
        let prompt = try await library.prompt(text: text, language: language)
        var file = try SoundFileWriter(path: output, format: .wav, sampleRate: Frame.sampleRate, channels: 1)
        try file.write(prompt.view.pcm, frames: Int(prompt.view.frames) * Frame.sampleCount)
        try file.finish()
        print("\(output): \(prompt.duration)")
    }
}
