// The keys that a text tells callers to press, in Polish and English.

/// Read from the words after "naciśnij" and "press", and from ranges: "od 1 do 5".
struct OfferedKeys {
    /// After "press": surely keys.
    private(set) var pressed: [String] = []
    /// After "choose": perhaps keys, perhaps a number to dial.
    private(set) var chosen: [String] = []
    /// From "od 1 do 5": keys where an answer is asked for.
    private(set) var ranged: [String] = []
    /// The words by which each key is offered first, as they are written.
    private(set) var phrases: [String: String] = [:]

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
        let written = text.split { $0.isWhitespace }
        let words = written.map { word in
            String(word.lowercased().drop { $0.isPunctuation && $0 != "*" && $0 != "#" })
        }
        for (index, word) in words.enumerated() {
            let verb = Self.bare(word)
            guard Self.press.contains(verb) || Self.choose.contains(verb) else { continue }
            let keys = Self.keys(words[(index + 1)...])
            if Self.press.contains(verb) { pressed += keys } else { chosen += keys }
            let end = words[(index + 1)...].firstIndex { !Self.fillers.contains($0) } ?? index
            for key in keys where phrases[key] == nil { phrases[key] = written[index...end].joined(separator: " ") }
        }
        for index in words.indices.dropLast(3) {
            let keys = Self.range(words[index..<index + 4])
            ranged += keys
            for key in keys where phrases[key] == nil {
                phrases[key] = written[index..<index + 4].joined(separator: " ")
            }
        }
    }

    /// "od 1 do 5", "from 1 to 5".
    private static func range(_ words: ArraySlice<String>) -> [String] {
        let words = words.map(trimmed)
        guard ["od", "from"].contains(words[0]), ["do", "to"].contains(words[2]),
            let from = digits(names[words[1]] ?? words[1]).flatMap({ Int($0) }),
            let to = digits(names[words[3]] ?? words[3]).flatMap({ Int($0) }), from < to, to <= 9
        else { return [] }
        return (from...to).map(String.init)
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
