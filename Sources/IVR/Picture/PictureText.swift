// The words of the picture in Polish and English, and how much of a text fits into a box.

/// What the picture says beside the hotline's own words.
struct PictureText {
    static let headHeight = 26.0
    static let lineHeight = 16.0
    static let rowHeight = 21.0
    /// Characters that fit into a box's width, in the two sizes of letters.
    static let wordsWidth = 35
    static let rowWidth = 18

    let isPolish: Bool

    init(language: String) { isPolish = language == "pl" }

    func kind(_ word: String) -> String {
        guard isPolish else { return word }
        return PictureText.polishKinds[word] ?? word
    }

    /// `key 4` becomes the key itself; the other exits are said in words.
    func exit(_ label: String) -> String {
        if label.hasPrefix("key ") { return String(label.dropFirst(4)) }
        if label.hasPrefix("offer key ") { return (isPolish ? "oferta " : "offer ") + label.dropFirst(10) }
        if label.hasPrefix("if ") { return (isPolish ? "gdy " : "if ") + label.dropFirst(3) }
        return (isPolish ? PictureText.polishExits : PictureText.englishExits)[label] ?? label
    }

    var notice: String { isPolish ? "zapowiedź nagrywania" : "recording notice" }
    var recorded: String { isPolish ? "tu może być nagrywane" : "may be recorded here" }
    var consent: String { isPolish ? "zgoda na nagranie" : "consent to recording" }
    var refusal: String { isPolish ? "bez nagrania" : "no recording" }
    var start: String { isPolish ? "początek" : "start" }
    var entries: String { isPolish ? "wejścia" : "entries" }
    var hangUps: String { isPolish ? "rozłączenia" : "hang-ups" }
    var together: String { isPolish ? "te wyjścia razem" : "these exits together" }
    var busy: String {
        isPolish ? "im mocniejszy kolor, tym więcej połączeń" : "the stronger the colour, the more calls"
    }
    func title(_ hotline: String) -> String { isPolish ? "Schemat infolinii: \(hotline)" : "Hotline: \(hotline)" }
    func summary(steps: Int) -> String {
        isPolish
            ? "Kroków: \(steps). Każdy krok wymienia swoje wyjścia i dokąd prowadzą."
            : "\(steps) steps, each with its exits and where they lead."
    }

    private static let polishKinds = [
        "say": "komunikat", "menu": "menu", "ask": "pytanie", "hours": "godziny", "when": "warunek",
        "queue": "kolejka", "callback": "oddzwonienie", "voicemail": "wiadomość", "survey": "ankieta",
        "transfer": "przekazanie", "lookup": "zapytanie", "hangup": "koniec",
    ]
    private static let polishExits = [
        "then": "dalej", "otherwise": "inaczej", "open": "otwarte", "closed": "zamknięte", "holiday": "święto",
        "busy": "tłok", "full": "pełna", "nobody": "nikogo nie ma", "timeout": "za długo", "overflow": "przelew",
        "after_call": "po rozmowie", "no_number": "bez numeru", "failed": "nie udało się",
    ]
    private static let englishExits = [
        "after_call": "after the call", "no_number": "no number", "timeout": "too long",
    ]

    /// At most `count` lines of `width` characters, cut at words; what does not fit ends in an ellipsis.
    static func lines(_ text: String, width: Int, count: Int) -> [String] {
        var lines: [String] = []
        var rest = text.split(whereSeparator: \.isWhitespace)[...]
        while !rest.isEmpty, lines.count < count {
            var line = String(rest.removeFirst())
            while let word = rest.first, line.count + 1 + word.count <= width {
                line += " " + word
                rest.removeFirst()
            }
            if lines.count == count - 1, !rest.isEmpty { line += "…" }
            lines.append(clipped(line, width))
        }
        return lines
    }

    static func clipped(_ text: String, _ width: Int) -> String {
        text.count <= width ? text : text.prefix(width - 1) + "…"
    }
}
