// The takes of one prompt on disk: the recording as it came, what callers hear of it, what is known of it, and which is in use.

import Foundation
import Media

/// `N.original.wav`, `N.wav` and `N.json` for each take, `current` with the number of the one in use. A take exists once
/// its `N.json` does, which is written last; `current` is replaced whole. So an interrupted write leaves what was before.
public struct TakeFolder: Sendable {
    /// The newest ones, and the one in use.
    public static let keptTakes = 5

    public enum Version: String, Sendable, CaseIterable {
        /// As it was recorded or sent.
        case original
        /// What callers hear.
        case polished
    }

    let path: String
    private let pointer: String

    /// - Parameters:
    ///   - path: made with its parents when the first take is kept.
    ///   - pointer: the name of the file that names the take in use.
    public init(path: String, pointer: String) {
        self.path = path
        self.pointer = pointer
    }

    /// The newest first.
    public func takes() -> [Take] {
        numbers().compactMap(take).sorted { $0.number > $1.number }
    }

    /// Also of takes that were deleted last.
    private func numbers() -> [Int] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.compactMap { $0.hasSuffix(".json") ? Int($0.dropLast(5)) : nil }
    }

    public func take(_ number: Int) -> Take? {
        guard let text = FileManager.default.contents(atPath: file(number, "json")),
            let take = try? JSONDecoder().decode(Take.self, from: text), take.number == number
        else { return nil }
        return take
    }

    /// The number of the take that callers hear.
    public func current() -> Int? {
        (try? String(contentsOfFile: "\(path)/\(pointer)", encoding: .utf8)).flatMap {
            Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
    }

    public func sound(_ number: Int, _ version: Version) -> String {
        file(number, version == .original ? "original.wav" : "wav")
    }

    /// Makes a take of a WAV file's bytes; it is not in use yet. Forgets the oldest takes that are too many. Costs CPU.
    /// - Throws: `TakeProblem`; then nothing is kept.
    public func keep(_ wav: [UInt8], text: String, by name: String, at now: Int64) throws(TakeProblem) -> Take {
        let number = (numbers().max() ?? 0) + 1
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
            try Data(wav).write(to: URL(fileURLWithPath: sound(number, .original)))
        } catch {
            throw .disk(Self.words(error))
        }
        do {
            let take = try polished(number, text, name, now)
            forgetOldest()
            return take
        } catch {
            remove(number)
            throw error
        }
    }

    private func polished(_ number: Int, _ text: String, _ name: String, _ now: Int64) throws(TakeProblem) -> Take {
        let descriptor = open(sound(number, .original), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .disk(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let (samples, before, after) = try TakePolish.polish(descriptor: descriptor)
        let take = Take(number: number, text: text, madeAt: now, madeBy: name, before: before, after: after)
        do {
            var writer = try SoundFileWriter(
                path: sound(number, .polished), format: .wav, sampleRate: Frame.sampleRate, channels: 1)
            try writer.write(samples, frames: samples.count)
            try writer.finish()
            try JSONEncoder().encode(take).write(to: URL(fileURLWithPath: file(number, "json")), options: .atomic)
        } catch {
            throw .disk(Self.words(error))
        }
        return take
    }

    /// Lets callers hear a take after the next reload; nil: none. False when there is no such take.
    public func use(_ number: Int?) throws(TakeProblem) -> Bool {
        do {
            guard let number else {
                if current() != nil { try FileManager.default.removeItem(atPath: "\(path)/\(pointer)") }
                return true
            }
            guard take(number) != nil else { return false }
            try Data("\(number)\n".utf8).write(to: URL(fileURLWithPath: "\(path)/\(pointer)"), options: .atomic)
            return true
        } catch {
            throw .disk(Self.words(error))
        }
    }

    /// Deletes a take that is not in use. False when there is none, or callers hear it.
    public func delete(_ number: Int) -> Bool {
        guard take(number) != nil, current() != number else { return false }
        let isNewest = number == numbers().max()
        remove(number)
        // An empty description keeps the number from being given again: calls that go on may still play that file.
        if isNewest { try? Data().write(to: URL(fileURLWithPath: file(number, "json"))) }
        return true
    }

    private func forgetOldest() {
        let current = current()
        let newest = numbers().max()
        for number in numbers() where number != newest && take(number) == nil { remove(number) }
        for take in takes().dropFirst(Self.keptTakes) where take.number != current { remove(take.number) }
    }

    private func remove(_ number: Int) {
        for path in [file(number, "json"), sound(number, .polished), sound(number, .original)] { unlink(path) }
    }

    private func file(_ number: Int, _ ending: String) -> String { "\(path)/\(number).\(ending)" }

    private static func words(_ error: any Error) -> String {
        (error as? SoundFileError)?.description ?? (error as NSError).localizedDescription
    }
}
