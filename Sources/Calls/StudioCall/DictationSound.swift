// From a journal of the prompts studio's telephone to what its caller said.

import Foundation
import Media
import Recorder

/// Everything here asks the disk and costs CPU.
enum DictationSound {
    private static let workshop = DispatchQueue(label: "centrala.dictation", qos: .utility)

    static func inWorkshop(_ work: @escaping @Sendable () -> Void) { workshop.async(execute: work) }

    /// The caller's side at 16 kHz, as far as the journal goes; nil when there is nothing. What is made on the way is
    /// deleted.
    static func caller(of journal: String, named name: String, in exports: String) -> [Int16]? {
        let path = "\(exports)/\(name).wav"
        defer { unlink(path) }
        guard (try? Renderer.render(journal: journal, to: path, format: .wav)) != nil,
            let sound = try? SoundFileReader.channels(path: path), let left = sound.channels.first
        else { return nil }
        return RateConverter.convert(left, from: sound.sampleRate, to: Frame.sampleRate)
    }

    /// Deletes what a crash left behind.
    static func clearUp(_ exports: String) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: exports)) ?? []
        for name in names where Dictation.owns(name) { unlink("\(exports)/\(name)") }
    }
}
