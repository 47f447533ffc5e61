// All hotlines of a server, found by the number that was dialled.

import Foundation
public import YAML

/// Immutable; a reload makes a new one and swaps it whole.
public struct HotlineLibrary: Sendable {
    /// In the order of their names.
    public let hotlines: [Hotline]
    private let dialled: [String: Int]

    /// Nil when two of them claim one number or one name, or one of them the studio's number (E071).
    public static func make(
        _ hotlines: [Hotline], studioNumber: String? = nil
    ) -> (library: HotlineLibrary?, findings: [Finding]) {
        let hotlines = hotlines.sorted { ($0.name, $0.file) < ($1.name, $1.file) }
        var dialled: [String: Int] = [:]
        var findings: [Finding] = []
        for (index, hotline) in hotlines.enumerated() {
            for key in [hotline.name.lowercased()] + hotline.numbers {
                let obstacle: FindingText
                if let other = dialled[key] {
                    let claimed = hotlines[other]
                    obstacle =
                        "\(quoted(key)) already belongs to hotline \(quoted(claimed.name)) in \(claimed.file)"
                } else if key == studioNumber {
                    obstacle = "\(quoted(key)) is where prompts are recorded by telephone (studio: number)"
                } else {
                    dialled[key] = index
                    continue
                }
                findings.append(
                    Finding(
                        file: hotline.file, position: hotline.numbersPosition, severity: .error, code: "E071",
                        message: obstacle))
            }
        }
        return (findings.isEmpty ? HotlineLibrary(hotlines: hotlines, dialled: dialled) : nil, findings)
    }

    /// Names of the hotline files in a folder: all `*.yaml`.
    public static func files(in directory: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { $0.hasSuffix(".yaml") && !$0.hasPrefix(".") }.sorted()
    }

    /// All hotlines of a folder. Nil when any of them has an error: a bad file changes nothing and says why.
    /// - Parameter drafts: texts that stand for what is on disk, by the names of their files, or beside it; nil: as if there were no
    ///   such file.
    public static func load(
        directory: String, surroundings: Surroundings, drafts: [String: String?] = [:]
    ) -> (library: HotlineLibrary?, findings: [Finding]) {
        let names = Set(files(in: directory)).union(drafts.keys).filter { drafts[$0] != .some(nil) }
        let paths = names.sorted().map { directory + "/" + $0 }
        let texts = drafts.compactMapValues { $0 }.map { (directory + "/" + $0, $1) }
        guard !paths.isEmpty else {
            let message: FindingText = "no hotline: there is no .yaml file in this folder"
            return (
                nil, [Finding(file: directory, position: .start, severity: .error, code: "E008", message: message)]
            )
        }
        return load(paths: paths, surroundings: surroundings, texts: Dictionary(texts) { first, _ in first })
    }

    static func load(
        paths: [String], surroundings: Surroundings, texts: [String: String] = [:]
    ) -> (library: HotlineLibrary?, findings: [Finding]) {
        let checked = paths.map { path in
            texts[path].map { HotlineChecker.check(text: $0, file: path, surroundings: surroundings) }
                ?? HotlineChecker.check(path: path, surroundings: surroundings)
        }
        let (library, collisions) = make(checked.compactMap(\.hotline), studioNumber: surroundings.studioNumber)
        let findings = (checked.flatMap(\.findings) + collisions).inReadingOrder
        return (findings.hasErrors ? nil : library, findings)
    }

    /// The hotline for what was dialled: a number in any writing, or a hotline's name.
    public func hotline(calling called: String) -> Hotline? {
        let number = PhoneNumber.normalised(called)
        return (number.flatMap { dialled[$0] } ?? dialled[called.lowercased()]).map { hotlines[$0] }
    }
}
