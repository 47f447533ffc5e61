// Makes the sounds that `quality.py` scores: speech through a bad network, heard by our playout and by speexdsp's buffer.

import Foundation
import Media
import Speech

/// `centrala-quality FOLDER SEEDS SHARE SHARES [all | LOSS@JITTER …]`: writes every SHARES-th sound, from the SHARE-th one
/// on, as FOLDER/name.wav, and their list as FOLDER/runs-SHARE.json.
@main
struct Quality {
    /// What Opus is told to expect at least: the loss that a leg of ours is made for.
    private static let leastExpected = 5

    let folder: String
    let seeds: Int
    let share: Int
    let shares: Int
    let conditions: [Condition]

    static func main() async throws {
        if CommandLine.arguments.dropFirst(2).first == "signals" { return try signals(CommandLine.arguments) }
        try await Quality(CommandLine.arguments.dropFirst()).make()
    }

    /// `centrala-quality FOLDER signals SHARE SHARES`: listens to a share of the speech in which no key is, and measures
    /// the resamplers; writes FOLDER/talkoff-SHARE.json and FOLDER/resampling.json.
    private static func signals(_ arguments: [String]) throws {
        let numbers = arguments.dropFirst(3).compactMap { Int($0) }
        guard numbers.count == 2, 0..<numbers[1] ~= numbers[0] else { throw QualityError.usage }
        try FileManager.default.createDirectory(atPath: arguments[1], withIntermediateDirectories: true)
        var talkOff = try TalkOff()
        talkOff.listen(share: numbers[0], shares: numbers[1])
        try JSONEncoder().encode(talkOff.result).write(to: URL(filePath: "\(arguments[1])/talkoff-\(numbers[0]).json"))
        guard numbers[0] == 0 else { return }
        try JSONEncoder().encode(Resampling.all()).write(to: URL(filePath: "\(arguments[1])/resampling.json"))
    }

    private init(_ arguments: ArraySlice<String>) throws {
        let numbers = arguments.dropFirst().prefix(3).compactMap { Int($0) }
        guard let folder = arguments.first, numbers.count == 3, numbers[0] > 0, 0..<numbers[2] ~= numbers[1] else {
            throw QualityError.usage
        }
        self.folder = folder
        (seeds, share, shares) = (numbers[0], numbers[1], numbers[2])
        let wanted = arguments.dropFirst(4)
        switch wanted.first {
        case nil: conditions = Condition.usual
        case "all": conditions = Condition.all
        default: conditions = wanted.compactMap { Condition($0) }
        }
        guard conditions.count >= wanted.count || wanted.first == "all" else { throw QualityError.usage }
    }

    private func make() async throws {
        var runs: [Run] = []
        for language in Voice.languages {
            let voice = try await Voice(language, cache: "\(folder)/cache-\(share)")
            if share == 0 { try write(voice.narrow, as: "reference-\(language)") }
            for encoding in Encoding.allCases {
                var sendings: [Int: Sending] = [:]
                for run in planned(language, encoding) {
                    let expected = max(run.condition.loss, Self.leastExpected)
                    let sending = try sendings[expected] ?? Sending(voice, encoding, expectedLoss: expected)
                    sendings[expected] = sending
                    runs.append(try make(run, sending))
                }
            }
        }
        try JSONEncoder().encode(runs).write(to: URL(filePath: "\(folder)/runs-\(share).json"))
    }

    /// This process's share of what is to be made with one voice and one encoding.
    private func planned(_ language: String, _ encoding: Encoding) -> [Run] {
        var all = [Run(language, encoding, .direct, Condition(), seed: 0)]
        for condition in conditions {
            for seed in 1...seeds {
                for listener in Run.Ears.allCases where listener.hears(condition, encoding) {
                    all.append(Run(language, encoding, listener, condition, seed: seed))
                }
            }
        }
        return all.enumerated().filter { $0.offset % shares == share }.map(\.element)
    }

    private func make(_ run: Run, _ sending: Sending) throws -> Run {
        var run = run
        let listening = Listening(sending, condition: run.condition, seed: run.networkSeed, phase: run.phase)
        switch run.listener {
        case .direct: try write(sending.decoded(), as: run.name)
        case .ours:
            var ears = try Ear(sending.codec)
            try write(listening.heard(by: &ears), as: run.name)
            run.note(ears.counters)
        case .speex, .speex20, .speex40, .speex80:
            var ears = try SpeexEar(sending.codec, margin: run.listener.margin)
            try write(listening.heard(by: &ears), as: run.name)
        }
        return run
    }

    private func write(_ samples: [Int16], as name: String) throws {
        var file = try SoundFileWriter(
            path: "\(folder)/\(name).wav", format: .wav, sampleRate: Ear.sampleRate, channels: 1)
        try file.write(samples, frames: samples.count)
        try file.finish()
    }
}
