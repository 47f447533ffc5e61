// Hotline files, checked before anything is done with them.

import Calls
import IVR
import YAML

enum HotlineFiles {
    /// All hotlines, or one error that prints every finding. Warnings are returned to be said aloud.
    static func load(
        _ configuration: CallCentreConfiguration
    ) throws -> (library: HotlineLibrary, warnings: [Finding]) {
        let (library, findings) = HotlineLibrary.load(
            directory: configuration.hotlinesDirectory, surroundings: configuration.surroundings)
        guard let library else { throw HotlineError(findings: findings) }
        return (library, findings)
    }

    /// One hotline, whatever its server would have to say of it.
    static func read(_ path: String, prompts: String) throws -> Hotline {
        let (hotline, findings) = HotlineChecker.check(path: path, surroundings: .live(promptsDirectory: prompts))
        guard let hotline else { throw HotlineError(findings: findings) }
        return hotline
    }
}

/// All that is wrong with the hotlines, as a person should read it.
struct HotlineError: Error, CustomStringConvertible {
    let findings: [Finding]

    var description: String { "a hotline has errors\n" + findings.map(\.text).joined(separator: "\n") }
}
