// What a reload of the hotlines did, or would do, and how people are told.

public import IVR
public import Store
public import YAML

/// The result of one reload.
public struct HotlineReload: Sendable {
    /// Nothing was to be changed.
    public let isDryRun: Bool
    /// With an error among them nothing was changed.
    public let findings: [Finding]
    /// Nil when the files have errors.
    public internal(set) var difference: LibraryDifference?
    /// Calls that are going on in hotlines that change: they finish on their version.
    public internal(set) var calls = 0
    /// Of these, calls that stand at a step that is no more.
    public internal(set) var callsOnRemovedSteps = 0
    /// Prompts and music that could not be made; callers do not hear them.
    public internal(set) var problems: [String] = []

    init(isDryRun: Bool, findings: [Finding]) {
        self.isDryRun = isDryRun
        self.findings = findings
    }

    public var isRefused: Bool { difference == nil }

    public func text(in language: PageLanguage) -> String {
        text(in: language.ofReports)
    }

    /// Some lines of plain text.
    public func text(in language: ReportLanguage) -> String {
        var lines = findings.map { $0.text(in: language) } + problems
        guard let difference else {
            lines.append(
                language.text("Nic nie zmieniono: pliki mają błędy.", "Nothing was changed: the files have errors."))
            return lines.joined(separator: "\n")
        }
        lines.append(difference.text(in: language))
        guard !difference.isEmpty else { return lines.joined(separator: "\n") }
        lines.append(
            language.text(
                "Rozmowy na poprzedniej wersji: \(calls), z tego na krokach, których już nie ma: \(callsOnRemovedSteps).",
                "Calls on the former version: \(calls), of these at steps that are no more: \(callsOnRemovedSteps)."))
        lines.append(
            isDryRun
                ? language.text("To tylko podgląd: nic nie zmieniono.", "This was a preview: nothing was changed.")
                : language.text("Wczytano.", "Reloaded."))
        return lines.joined(separator: "\n")
    }
}

extension PageLanguage {
    var ofReports: ReportLanguage {
        switch self {
        case .polish: .pl
        case .english: .en
        }
    }
}

extension LibraryDifference {
    /// Steps that are no more, by the names of hotlines that change.
    var removedSteps: [String: Set<String>] {
        Dictionary(changed.map { ($0.name, Set($0.difference.removedSteps)) }) { first, _ in first }
    }

    func touches(_ hotline: String) -> Bool { removed.contains(hotline) || changed.contains { $0.name == hotline } }
}

extension Surroundings {
    /// The files in that folder, what the server performs of the language, and the number at which prompts are recorded.
    public static func served(
        promptsDirectory: String, sendsMail: Bool = true, studioNumber: String? = nil
    ) -> Surroundings {
        var served = live(promptsDirectory: promptsDirectory, unserved: sendsMail ? [] : [.mail])
        served.studioNumber = studioNumber
        return served
    }
}
