// What the editor page may ask: files, findings, picture, tests, differences, versions, publishing.

import Foundation
import IVR
public import Store
import Timing
import YAML

/// From any thread. Work on a text is done on threads of its own, two at a time; with twenty more waiting it throws
/// `StoreError.busy`.
public struct HotlineEditor: Sendable {
    public enum Failure: Error, Equatable {
        case noSuchFile
        case noSuchVersion
        /// The file on disk cannot be read as text; for people.
        case unreadable(String)
    }

    /// What changes the folder and what is live, in turn with reloads.
    struct House: Sendable {
        var publish: @Sendable (HotlineDraft) async -> Publication
        var make: @Sendable (HotlineDraft) async -> FolderChange
        var delete: @Sendable (HotlineDraft) async -> FolderChange
        /// Of each call that is going on.
        var textsInUse: @Sendable () async -> [(file: String, text: String)]
    }

    /// A text longer than this is no hotline.
    public static let longestText = YAMLComposer.maximumBytes

    private let directory: String
    private let surroundings: @Sendable () -> Surroundings
    private let store: Store
    private let library: @Sendable () async -> HotlineLibrary
    private let house: House
    private let queue = WorkQueue("editor", width: 2, longest: 20)

    init(
        directory: String, surroundings: @escaping @Sendable () -> Surroundings, store: Store,
        library: @escaping @Sendable () async -> HotlineLibrary,
        house: House
    ) {
        self.directory = directory
        self.surroundings = surroundings
        self.store = store
        self.library = library
        self.house = house
    }

    // MARK: Files

    /// All hotline files of the folder, by their names.
    public func files() async throws -> [HotlineFileSummary] {
        let served = await library().byFile
        let names = try await queue.run { [directory] in HotlineLibrary.files(in: directory) }
        let versions = Dictionary(try await store.newestVersions().map { ($0.file, $0) }) { first, _ in first }
        let calls = try await callsByVersion()
        return names.map { name in
            let hotline = served[name]
            return HotlineFileSummary(
                file: name, title: hotline?.title ?? name, numbers: hotline?.numbers ?? [],
                isServed: hotline != nil, version: versions[name], calls: calls[name] ?? [])
        }
    }

    /// Files that were taken out of the folder and can be brought back, the last first.
    public func deleted() async throws -> [HotlineFileSummary] {
        let names = try await queue.run { [directory] in HotlineLibrary.files(in: directory) }
        let calls = try await callsByVersion()
        return try await store.newestVersions().filter { $0.isDeletion && !names.contains($0.file) }
            .sorted { $0.at > $1.at }.map {
                HotlineFileSummary(
                    file: $0.file, title: $0.file, numbers: [], isServed: false, version: $0,
                    calls: calls[$0.file] ?? [])
            }
    }

    /// How many calls are led by which version of each file, the newest first.
    private func callsByVersion() async throws -> [String: [HotlineFileSummary.Calls]] {
        // Calls share the text of their version, so that a comparison is one of addresses.
        var texts: [(file: String, text: String, count: Int)] = []
        for (file, text) in await house.textsInUse() {
            if let known = texts.firstIndex(where: { $0.file == file && $0.text == text }) {
                texts[known].count += 1
            } else {
                texts.append((file, text, 1))
            }
        }
        var calls: [String: [HotlineFileSummary.Calls]] = [:]
        for (file, text, count) in texts {
            let digest = textDigest(text)
            let version = try await store.versions(of: file).first { $0.digest == digest }
            calls[file, default: []].append(.init(version: version?.number, count: count))
        }
        return calls.mapValues { $0.sorted { ($0.version ?? 0) > ($1.version ?? 0) } }
    }

    /// The file as it is on disk now.
    public func open(_ name: String) async throws -> OpenHotline {
        let file = try await file(name)
        let served = await library().byFile[name]
        return try await queue.run {
            let text = try Self.text(of: file)
            return OpenHotline(
                file: name, title: served?.title ?? name, text: text, digest: textDigest(text),
                isWritable: file.isWritable, isServed: served?.text == text)
        }
    }

    private func file(_ name: String) async throws -> HotlineFile {
        let file = try await queue.run { [directory] in HotlineFile(name, in: directory) }
        guard let file else { throw Failure.noSuchFile }
        return file
    }

    private static func text(of file: HotlineFile) throws -> String {
        do {
            return try file.text()
        } catch HotlineFile.Obstacle.failed(let why) {
            throw Failure.unreadable(why)
        }
    }

    // MARK: A text

    /// All that the checker finds, with what is served under other files in mind.
    public func check(_ text: String, as name: String, language: PageLanguage) async throws -> CheckedText {
        let path = try await file(name).path
        let others = await library().hotlines.filter { $0.fileName != name }
        return try await queue.run { [surroundings] in
            let surroundings = surroundings()
            let (hotline, findings) = HotlineChecker.check(text: text, file: path, surroundings: surroundings)
            let claims =
                hotline.map { HotlineLibrary.make(others + [$0], studioNumber: surroundings.studioNumber).findings }
                ?? []
            let source = SourceText(file: path, text: text)
            return CheckedText(
                (findings + claims).inReadingOrder.map {
                    CheckedText.Finding($0, in: source, language: language.ofReports)
                })
        }
    }

    /// SVG; nil when the text has errors. `traffic`: coloured by the calls of the last seven days.
    public func picture(of text: String, as name: String, language: PageLanguage, traffic: Bool) async throws -> String?
    {
        guard let hotline = try await hotline(text, name) else { return nil }
        let visits =
            traffic ? try await store.trafficOfLastWeek(hotline.name, now: Clock.unixMilliseconds()) : nil
        return try await queue.run {
            HotlinePicture(hotline, language: language.rawValue, traffic: visits).svg
        }
    }

    /// Runs the tests of the text; nil when it has errors.
    public func test(_ text: String, as name: String, language: PageLanguage) async throws -> TestedText? {
        guard let hotline = try await hotline(text, name) else { return nil }
        return try await queue.run {
            TestedText(
                results: hotline.runTests().map {
                    TestedText.Result(
                        name: $0.name, line: $0.line, hasPassed: $0.hasPassed,
                        text: $0.text(in: language.ofReports))
                })
        }
    }

    /// Between what is served, or a former version, and the text.
    public func difference(
        to text: String, as name: String, fromVersion number: Int?, language: PageLanguage
    ) async throws -> TextDifference {
        _ = try await file(name)
        var former = await library().byFile[name]?.text ?? ""
        if let number { former = try await self.text(ofVersion: number, of: name) }
        return try await difference(to: text, as: name, from: former, language: language)
    }

    /// Between any two texts of one file.
    public func difference(
        to new: String, as name: String, from old: String, language: PageLanguage
    ) async throws -> TextDifference {
        try await queue.run { [surroundings] in
            let hotlines = [old, new].map {
                HotlineChecker.check(text: $0, file: name, surroundings: surroundings()).hotline
            }
            var sentences: [String]?
            if let old = hotlines[0], let new = hotlines[1] {
                sentences = HotlineDifference(from: old, to: new).changes.map { $0.sentence(in: language.ofReports) }
            }
            return TextDifference(sentences: sentences, lines: LineDifference(from: old, to: new))
        }
    }

    private func hotline(_ text: String, _ name: String) async throws -> Hotline? {
        let path = try await file(name).path
        return try await queue.run { [surroundings] in
            HotlineChecker.check(text: text, file: path, surroundings: surroundings()).hotline
        }
    }

    // MARK: Versions

    /// Those that went live, the newest first.
    public func versions(of name: String) async throws -> [HotlineVersion] {
        _ = try await file(name)
        return try await store.versions(of: name)
    }

    public func text(ofVersion number: Int, of name: String) async throws -> String {
        guard let text = try await store.text(ofVersion: number, of: name) else { throw Failure.noSuchVersion }
        return text
    }

    /// Puts the text on disk and makes it live, as `centrala reload` would.
    public func publish(_ draft: HotlineDraft) async -> Publication { await house.publish(draft) }

    /// Makes a file and what it says live.
    public func make(_ new: NewHotline) async throws -> FolderChange {
        guard NewHotline.isName(new.name) else { return .badName }
        var text = HotlineTemplate.small(new)
        if let model = new.model {
            let file = try await file(model)
            text = HotlineTemplate.copy(of: try await queue.run { try Self.text(of: file) }, new)
        }
        return await house.make(HotlineDraft(file: new.file, text: text, base: "", author: new.author, note: ""))
    }

    /// - Parameter digest: of the text that whoever deletes it has seen.
    public func delete(_ name: String, seen digest: String, by author: String, because note: String) async
        -> FolderChange
    {
        await house.delete(HotlineDraft(file: name, text: "", base: digest, author: author, note: note))
    }

    /// Puts a file that was deleted back into the folder, as it was last, and makes it live.
    public func bringBack(_ name: String, by author: String) async throws -> FolderChange {
        let versions = try await store.versions(of: name)
        guard versions.first?.isDeletion == true, let last = versions.first(where: { !$0.isDeletion }) else {
            return .noSuchFile
        }
        let text = try await self.text(ofVersion: last.number, of: name)
        return await house.make(HotlineDraft(file: name, text: text, base: "", author: author, note: ""))
    }

    /// What speaks against a text that was refused, as the page shows findings.
    public func findings(
        of reload: HotlineReload, in draft: HotlineDraft, language: PageLanguage
    ) async throws -> CheckedText {
        try await queue.run {
            let source = SourceText(file: "", text: draft.text)
            return CheckedText(
                reload.findings.map {
                    CheckedText.Finding($0, in: source, of: draft.file, language: language.ofReports)
                })
        }
    }
}

extension HotlineLibrary {
    fileprivate var byFile: [String: Hotline] {
        Dictionary(hotlines.map { ($0.fileName, $0) }) { first, _ in first }
    }
}

extension Hotline {
    /// Without its folder.
    var fileName: String { (file as NSString).lastPathComponent }
}
