// One thing that differs between two versions of a hotline, and how a person is told.

public import YAML

/// A named thing that came, went or changed.
public struct HotlineChange: Sendable, Hashable {
    public enum Section: String, Sendable, Hashable, CaseIterable {
        /// Title, time zone, languages, start.
        case hotline
        case number
        case calendar
        case prompt
        case recording
        case queue
        case mailbox
        case step
        case test
    }

    public enum Kind: Sendable, Hashable {
        case added
        case removed
        case changed([Setting])
        /// The same under another name.
        case renamed(to: String)
    }

    /// One setting of it: nil is not there.
    public struct Setting: Sendable, Hashable {
        /// `keys 1 then`
        public let path: String
        public let old: String?
        public let new: String?
    }

    public let section: Section
    /// Empty where there is only one: the hotline itself, recording.
    public let name: String
    public let kind: Kind

    /// One sentence.
    public func sentence(in language: ReportLanguage) -> String {
        let what = noun(language) + (name.isEmpty ? "" : " '\(name)'")
        switch kind {
        case .added: return language.text("Dodano \(what).", "Added \(what).")
        case .removed: return language.text("Usunięto \(what).", "Removed \(what).")
        case .renamed(let new):
            return language.text("Zmieniono nazwę: \(what) to teraz '\(new)'.", "Renamed: \(what) is now '\(new)'.")
        case .changed(let settings):
            let details = settings.map { $0.text(in: language) }.joined(separator: "; ")
            return language.text("Zmieniono \(what): \(details).", "Changed \(what): \(details).")
        }
    }

    private func noun(_ language: ReportLanguage) -> String {
        switch section {
        case .hotline: language.text("ustawienia infolinii", "settings of the hotline")
        case .number: language.text("numer", "number")
        case .calendar: language.text("kalendarz", "calendar")
        case .prompt: language.text("zapowiedź", "prompt")
        case .recording: language.text("nagrywanie", "recording")
        case .queue: language.text("kolejkę", "queue")
        case .mailbox: language.text("skrzynkę", "mailbox")
        case .step: language.text("krok", "step")
        case .test: language.text("test", "test")
        }
    }
}

extension HotlineChange.Setting {
    private static let longest = 60

    func text(in language: ReportLanguage) -> String {
        let (was, now) = Self.excerpts(old ?? "", new ?? "")
        switch (old, new) {
        case (nil, _): return language.text("\(path) jest teraz \(now)", "\(path) is now \(now)")
        case (_, nil): return language.text("\(path) znika (było \(was))", "\(path) is gone (it was \(was))")
        default: return language.text("\(path) było \(was), jest \(now)", "\(path) was \(was), is \(now)")
        }
    }

    /// Long texts are cut to where they differ.
    private static func excerpts(_ old: String, _ new: String) -> (String, String) {
        guard max(old.count, new.count) > longest else { return (quote(old), quote(new)) }
        let common = zip(old, new).prefix { $0 == $1 }.count
        let start = max(common - 15, 0)
        return (excerpt(old, start), excerpt(new, start))
    }

    private static func excerpt(_ text: String, _ start: Int) -> String {
        let part = text.dropFirst(start)
        return quote((start > 0 ? "…" : "") + part.prefix(longest) + (part.count > longest ? "…" : ""))
    }

    private static func quote(_ text: String) -> String { "'\(text)'" }
}
