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

    /// A text longer than this is no hotline.
    public static let longestText = YAMLComposer.maximumBytes

    private let directory: String
    private let surroundings: @Sendable () -> Surroundings
    private let store: Store
    private let library: @Sendable () async -> HotlineLibrary
    private let publishing: @Sendable (HotlineDraft) async -> Publication
    private let queue = WorkQueue("editor", width: 2, longest: 20)

    init(
        directory: String, surroundings: @escaping @Sendable () -> Surroundings, store: Store,
        library: @escaping @Sendable () async -> HotlineLibrary,
        publishing: @escaping @Sendable (HotlineDraft) async -> Publication
    ) {
        self.directory = directory
        self.surroundings = surroundings
        self.store = store
        self.library = library
        self.publishing = publishing
    }

    // MARK: Files

    /// All hotline files of the folder, by their names.
    public func files() async throws -> [HotlineFileSummary] {
        let served = await library().byFile
        let names = try await queue.run { [directory] in HotlineLibrary.files(in: directory) }
        var files: [HotlineFileSummary] = []
        for name in names {
            let hotline = served[name]
            files.append(
                HotlineFileSummary(
                    file: name, title: hotline?.title ?? name, numbers: hotline?.numbers ?? [],
                    isServed: hotline != nil, version: try await store.versions(of: name, limit: 1).first))
        }
        return files
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
            let (hotline, findings) = HotlineChecker.check(text: text, file: path, surroundings: surroundings())
            let claims = hotline.map { HotlineLibrary.make(others + [$0]).findings } ?? []
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
    public func test(_ text: String, as name: String) async throws -> TestedText? {
        guard let hotline = try await hotline(text, name) else { return nil }
        return try await queue.run {
            TestedText(
                results: hotline.runTests().map {
                    TestedText.Result(name: $0.name, line: $0.line, hasPassed: $0.hasPassed, text: $0.text)
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
    public func publish(_ draft: HotlineDraft) async -> Publication { await publishing(draft) }

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
