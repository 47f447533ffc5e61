// Collects what the passes over one file find, so that one run reports everything.

/// The findings of one file. Belongs to the one function that checks; not shared between threads.
public final class FindingLog {
    public let source: SourceText
    public private(set) var findings: [Finding] = []
    /// A hostile file must not make an endless list: past this many findings the rest is dropped. The same is said once.
    private static let limit = 500
    /// A hint compares a word with all known ones: past this many findings nobody reads them, and a hostile file pays
    /// nothing for them.
    private static let hintLimit = 100

    public init(source: SourceText) { self.source = source }

    public func error(
        _ code: String, at position: Position, _ message: @autoclosure () -> FindingText,
        hint: @autoclosure () -> FindingText? = nil
    ) {
        add(.error, code, position, message, hint)
    }

    public func warning(
        _ code: String, at position: Position, _ message: @autoclosure () -> FindingText,
        hint: @autoclosure () -> FindingText? = nil
    ) {
        add(.warning, code, position, message, hint)
    }

    public var hasErrors: Bool { findings.hasErrors }

    private func add(
        _ severity: Finding.Severity, _ code: String, _ position: Position, _ message: () -> FindingText,
        _ hint: () -> FindingText?
    ) {
        guard findings.count < Self.limit else { return }
        let sentence = message()
        let advice = findings.count < Self.hintLimit ? hint() : nil
        let missing = sentence.untranslated + (advice?.untranslated ?? [])
        assert(missing.isEmpty, "the catalogue of findings does not have \(missing)")
        let finding = Finding(
            file: source.file, position: position, severity: severity, code: code, message: sentence,
            hint: advice, sourceLine: source.line(position.line))
        if !findings.contains(finding) { findings.append(finding) }
    }
}

/// A name from a file as a message quotes it: on one line and not endless.
public func quoted(_ name: String) -> String {
    let plain = name.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : String($0) }.joined()
    return plain.count > 60 ? "'\(plain.prefix(57))…'" : "'\(plain)'"
}
