// A hotline file as names and their settings, without its layout: what two versions are compared by.

import YAML

/// What stands in a file, however it is written: `{ 1: x }` and `1: { then: x }` are the same.
struct HotlineOutline: Sendable, Hashable {
    /// A named thing of the file.
    struct Item: Sendable, Hashable {
        let section: HotlineChange.Section
        let name: String
    }

    /// Settings by their path: `keys 1 then` → `godziny`.
    typealias Settings = [String: String]

    private(set) var items: [Item: Settings] = [:]

    private static let sections: [String: HotlineChange.Section] = [
        "calendars": .calendar, "prompts": .prompt, "queues": .queue, "mailboxes": .mailbox, "steps": .step,
    ]

    init() {}

    /// - Parameter prompts: for what the studio recorded of them, which no file says.
    init(_ root: YAMLNode, numbers: [String], prompts: [String: PromptText]) {
        guard case .mapping(let entries) = root.content else { return }
        var own: Settings = [:]
        for entry in entries {
            switch (entry.key, entry.value.content) {
            case ("recording", _): items[Item(section: .recording, name: "")] = Self.flat(entry.value)
            case ("tests", .sequence(let tests)): for test in tests { add(test) }
            case ("numbers", _): continue
            case (let key, .mapping(let named)) where Self.sections[key] != nil:
                guard let section = Self.sections[key] else { continue }
                for one in named { items[Item(section: section, name: one.key)] = Self.flat(one.value) }
            default: own.merge(Self.flat(entry.value, at: entry.key)) { $1 }
            }
        }
        items[Item(section: .hotline, name: "")] = own
        for number in numbers { items[Item(section: .number, name: number)] = [:] }
        for prompt in prompts.values {
            let item = Item(section: .prompt, name: prompt.name)
            for (language, take) in prompt.takes { items[item]?["\(language) recording"] = take }
        }
    }

    private mutating func add(_ test: YAMLNode) {
        guard case .mapping(let entries) = test.content,
            let name = entries.first(where: { $0.key == "test" })?.value.text
        else { return }
        items[Item(section: .test, name: name)] = Self.flat(test)
    }

    private static func flat(_ node: YAMLNode, at path: String = "") -> Settings {
        switch node.content {
        case .scalar(let text): return [path: text]
        case .sequence(let nodes):
            let texts = nodes.compactMap(\.text)
            if texts.count == nodes.count { return [path: texts.joined(separator: ", ")] }
            var settings: Settings = [:]
            for (index, node) in nodes.enumerated() {
                settings.merge(flat(node, at: joined(path, String(index + 1)))) { $1 }
            }
            return settings
        case .mapping(let entries):
            var settings: Settings = [:]
            for entry in entries {
                let isKey = path == "keys" || path.hasSuffix(" keys")
                let below = joined(path, entry.key) + (isKey && entry.value.text != nil ? " then" : "")
                settings.merge(flat(entry.value, at: below)) { $1 }
            }
            return settings
        }
    }

    private static func joined(_ path: String, _ key: String) -> String { path.isEmpty ? key : path + " " + key }
}
