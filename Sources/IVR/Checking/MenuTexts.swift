// E033, W033, W034: what a menu's text offers against the keys it has.

import YAML

struct MenuTexts {
    let hotline: Hotline
    let log: FindingLog

    func check(_ walk: Walk) {
        var seen: Set<[String]> = []
        for place in walk.places {
            guard let step = hotline.steps[place.step], case .menu(let menu) = step.kind else { continue }
            guard seen.insert([place.step, place.language]).inserted else { continue }
            guard let wording = menu.prompt.flatMap({ hotline.prompts[$0.name]?.wording(in: place.language) }) else {
                continue
            }
            check(menu, step, wording, place.language)
        }
        for step in hotline.steps.values {
            guard case .menu(let menu) = step.kind, menu.keys.count > 5 else { continue }
            log.warning(
                "W034", at: step.position,
                "step \(quoted(step.name)) has \(menu.keys.count) keys; callers remember five")
        }
    }

    private func check(_ menu: MenuStep, _ step: Step, _ wording: Wording, _ language: String) {
        let offers = wording.templates.map { OfferedKeys(in: $0.source) }
        let keys = Set(menu.keys.map(\.digits))
        let prompt = quoted(menu.prompt?.name ?? "")
        for key in Set(offers.flatMap(\.pressed)).subtracting(keys).sorted() {
            log.error(
                "E033", at: wording.position,
                "prompt \(prompt) tells callers to press \(key), which step \(quoted(step.name)) does not have")
        }
        let offered = Set(offers.flatMap { $0.pressed + $0.chosen })
        for key in menu.keys where !offered.contains(key.digits) {
            log.warning(
                "W033", at: key.position,
                "key \(key.digits) of \(quoted(step.name)) is never offered in the text of \(prompt) in '\(language)'")
        }
    }
}

/// The keys that a text speaks of, in Polish and English.
struct OfferedKeys {
    /// After "press": surely keys.
    private(set) var pressed: [String] = []
    /// After "choose": perhaps keys, perhaps a number to dial.
    private(set) var chosen: [String] = []

    private static let press: Set = ["naciśnij", "naciskając", "wciśnij", "wciskając", "press", "pressing"]
    private static let choose: Set = ["wybierz", "wybierając", "choose", "select", "dial"]
    private static let fillers: Set = [
        "klawisz", "klawisze", "przycisk", "cyfrę", "znak", "numer", "the", "key", "keys", "button", "digit", "number",
    ]
    private static let joints: Set = ["lub", "albo", "or"]
    private static let names = [
        "zero": "0", "jeden": "1", "jedynkę": "1", "dwa": "2", "dwójkę": "2", "trzy": "3", "trójkę": "3",
        "cztery": "4", "czwórkę": "4", "pięć": "5", "piątkę": "5", "sześć": "6", "szóstkę": "6", "siedem": "7",
        "siódemkę": "7", "osiem": "8", "ósemkę": "8", "dziewięć": "9", "dziewiątkę": "9", "gwiazdkę": "*",
        "krzyżyk": "#", "kratkę": "#", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
        "seven": "7", "eight": "8", "nine": "9", "star": "*", "hash": "#", "pound": "#",
    ]

    init(in text: String) {
        let words = text.lowercased().split { $0.isWhitespace }.map { word in
            String(word.drop { $0.isPunctuation && $0 != "*" && $0 != "#" })
        }
        for (index, word) in words.enumerated() {
            let verb = Self.bare(word)
            guard Self.press.contains(verb) || Self.choose.contains(verb) else { continue }
            let keys = Self.keys(words[(index + 1)...])
            if Self.press.contains(verb) { pressed += keys } else { chosen += keys }
        }
    }

    /// `the key 1`, `gwiazdkę`, `1 lub 2`.
    private static func keys(_ words: ArraySlice<String>) -> [String] {
        var rest = words.drop { fillers.contains($0) }
        guard let first = rest.popFirst().flatMap({ names[trimmed($0)] ?? digits($0) }) else { return [] }
        var keys = [first]
        while let joint = rest.popFirst(), joints.contains(joint), let key = rest.popFirst().flatMap(digits) {
            keys.append(key)
        }
        return keys
    }

    private static func bare(_ word: String) -> String { String(word.filter { $0.isLetter }) }

    private static func trimmed(_ word: String) -> String {
        var word = word
        while let last = word.last, last.isPunctuation, last != "*", last != "#" { word.removeLast() }
        return word
    }

    private static func digits(_ word: String) -> String? {
        let word = trimmed(word)
        let isKey = !word.isEmpty && word.allSatisfy { $0.isASCIIDigit || $0 == "*" || $0 == "#" }
        return isKey && word.count <= 4 ? word : nil
    }
}
