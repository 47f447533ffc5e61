// What a reload would change: two versions of a hotline, or of all of them.

public import YAML

/// Between two versions of one hotline.
public struct HotlineDifference: Sendable {
    /// In the order of the sections, then of names.
    public let changes: [HotlineChange]

    public init(from old: Hotline, to new: Hotline) {
        var changes: [HotlineChange] = []
        var removed: [HotlineOutline.Item] = []
        var added: [HotlineOutline.Item] = []
        for (item, settings) in old.outline.items {
            guard let now = new.outline.items[item] else {
                removed.append(item)
                continue
            }
            let differing = Self.settings(settings, now)
            guard !differing.isEmpty else { continue }
            changes.append(HotlineChange(section: item.section, name: item.name, kind: .changed(differing)))
        }
        for item in new.outline.items.keys where old.outline.items[item] == nil { added.append(item) }
        changes += Self.renamed(&removed, &added, old.outline, new.outline)
        changes += removed.map { HotlineChange(section: $0.section, name: $0.name, kind: .removed) }
        changes += added.map { HotlineChange(section: $0.section, name: $0.name, kind: .added) }
        self.changes = changes.sorted { ($0.order, $0.name) < ($1.order, $1.name) }
    }

    public var isEmpty: Bool { changes.isEmpty }

    /// One sentence a line.
    public func text(in language: ReportLanguage) -> String {
        changes.map { $0.sentence(in: language) }.joined(separator: "\n")
    }

    /// Steps that are no more: calls that stand there finish on the old version.
    public var removedSteps: [String] {
        changes.compactMap { change in
            guard change.section == .step else { return nil }
            switch change.kind {
            case .removed, .renamed: return change.name
            case .added, .changed: return nil
            }
        }
    }

    private static func settings(
        _ old: HotlineOutline.Settings, _ new: HotlineOutline.Settings
    ) -> [HotlineChange.Setting] {
        Set(old.keys).union(new.keys).sorted().compactMap { path in
            guard old[path] != new[path] else { return nil }
            return HotlineChange.Setting(path: path, old: old[path], new: new[path])
        }
    }

    /// What went and came with the same settings; only where they tell one thing from another.
    private static func renamed(
        _ removed: inout [HotlineOutline.Item], _ added: inout [HotlineOutline.Item], _ old: HotlineOutline,
        _ new: HotlineOutline
    ) -> [HotlineChange] {
        var changes: [HotlineChange] = []
        for item in removed.sorted(by: { $0.name < $1.name }) where item.section != .number {
            let same = added.filter { $0.section == item.section && new.items[$0] == old.items[item] }
            guard same.count == 1, let now = same.first else { continue }
            removed.removeAll { $0 == item }
            added.removeAll { $0 == now }
            changes.append(HotlineChange(section: item.section, name: item.name, kind: .renamed(to: now.name)))
        }
        return changes
    }
}

extension HotlineChange {
    fileprivate var order: Int { Section.allCases.firstIndex(of: section) ?? 0 }
}

/// Between all hotlines that are served and those that a reload would serve.
public struct LibraryDifference: Sendable {
    /// Names of hotlines.
    public let added: [String]
    public let removed: [String]
    /// Those that differ, by name.
    public let changed: [(name: String, difference: HotlineDifference)]

    public init(from old: HotlineLibrary, to new: HotlineLibrary) {
        let before = Dictionary(old.hotlines.map { ($0.name, $0) }) { first, _ in first }
        let after = Dictionary(new.hotlines.map { ($0.name, $0) }) { first, _ in first }
        added = after.keys.filter { before[$0] == nil }.sorted()
        removed = before.keys.filter { after[$0] == nil }.sorted()
        changed = before.keys.sorted().compactMap { name in
            guard let old = before[name], let new = after[name] else { return nil }
            let difference = HotlineDifference(from: old, to: new)
            return difference.isEmpty ? nil : (name, difference)
        }
    }

    public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

    /// As `reload --dry-run` prints it.
    public func text(in language: ReportLanguage) -> String {
        guard !isEmpty else { return language.text("Bez zmian.", "No changes.") }
        var lines = added.map { language.text("Nowa infolinia '\($0)'.", "New hotline '\($0)'.") }
        lines += removed.map { language.text("Nie ma już infolinii '\($0)'.", "Hotline '\($0)' is gone.") }
        for (name, difference) in changed {
            lines.append(language.text("Infolinia '\(name)':", "Hotline '\(name)':"))
            lines += difference.changes.map { "  " + $0.sentence(in: language) }
        }
        return lines.joined(separator: "\n")
    }
}
