// Numbers as they are spoken: in words, in Polish in the gender of the noun that follows and the case of the word before.

enum SpokenNumber {
    private static let feminine = [
        "osob", "osób", "minut", "godzin", "sekund", "spraw", "rozm", "wiadom", "kolej", "rzecz", "faktur", "wizyt",
        "opłat", "rat", "umow", "umów", "decyzj", "skarg", "ofert", "pozycj", "stron", "noc", "firm", "złotów", "prób",
        "usług", "wpłat", "szt", "płatnoś", "przesył", "pacz", "książ", "tabl", "kart", "grup", "lekcj", "sesj", "kwot",
    ]
    private static let neuter = [
        "zgłosz", "pytan", "kont", "połącz", "nagran", "miejsc", "zadan", "pism", "zamów", "okien",
    ]

    /// A whole number written plainly, to count by.
    static func count(_ text: String) -> Int? {
        guard (1...9).contains(text.count), text.allSatisfy(\.isASCIIDigit), text == "0" || text.first != "0" else {
            return nil
        }
        return Int(text)
    }

    static func words(_ number: Int, language: String, after previous: Substring, before next: Substring) -> String {
        guard language == "pl" else { return EnglishNumber.words(number) }
        // "na pierwszym miejscu"
        if next.lowercased() == "miejscu", number < 100 { return PolishOrdinal.words(number, .neuter, .locative) }
        return PolishNumber.words(number, gender(of: next), PolishCase.ofCount(after: previous))
    }

    /// A variable: a number in words, longer digits one by one, any other text as it is.
    static func words(_ text: String, language: String, after previous: Substring, before next: Substring) -> String {
        if let number = count(text) { return words(number, language: language, after: previous, before: next) }
        let isDigits = !text.isEmpty && text.drop { $0 == "+" }.allSatisfy(\.isASCIIDigit)
        return isDigits ? SpokenDigits.words(text, language: language) ?? text : text
    }

    static func gender(of noun: Substring) -> PolishGender {
        let noun = noun.lowercased()
        if feminine.contains(where: noun.hasPrefix) { return .feminine }
        return neuter.contains(where: noun.hasPrefix) ? .neuter : .masculine
    }
}

/// `{digits:X}`: one by one, in groups as numbers are written down.
enum SpokenDigits {
    private static let polish = [
        "zero", "jeden", "dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć",
    ]

    /// How numbers of mobile telephones begin in Poland.
    private static let mobile: Set = ["45", "50", "51", "53", "57", "60", "66", "69", "72", "73", "78", "79", "88"]

    /// Groups are those that the text has (spaces, dashes, slashes); plain digits are cut into threes with twos at the
    /// end, so that no digit stands alone. The Polish country code is not said. Nil when there is no digit.
    static func words(_ text: String, language: String) -> String? {
        guard text.contains(where: \.isASCIIDigit), text.count <= 60 else { return nil }
        let written = text.split { $0 == " " || $0 == "-" || $0 == "/" || $0 == "." }
        let groups = polishTelephone(text) ?? (written.count == 1 ? cut(written[0]) : written)
        return groups.map { group in
            group.map { word($0, language) }.joined(separator: " ")
        }.joined(separator: ", ")
    }

    /// 601 123 456, but 22 250 01 00: an area code stands alone.
    private static func polishTelephone(_ text: String) -> [Substring]? {
        let digits = text.filter(\.isASCIIDigit).dropFirst(2)
        guard text.hasPrefix("+48"), digits.count == 9 else { return nil }
        let sizes = mobile.contains(String(digits.prefix(2))) ? [3, 3, 3] : [2, 3, 2, 2]
        var rest = digits
        return sizes.map { size in
            defer { rest = rest.dropFirst(size) }
            return rest.prefix(size)
        }
    }

    private static func cut(_ digits: Substring) -> [Substring] {
        guard digits.count > 4, digits.allSatisfy({ $0.isASCIIDigit || $0 == "+" }) else { return [digits] }
        var rest = digits
        var groups: [Substring] = []
        if rest.first == "+" {
            groups.append(rest.prefix(3))
            rest = rest.dropFirst(3)
        }
        while !rest.isEmpty {
            let size = rest.count == 4 || rest.count == 2 ? 2 : 3
            groups.append(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        return groups
    }

    private static func word(_ character: Character, _ language: String) -> String {
        guard let digit = character.wholeNumberValue, character.isASCIIDigit else {
            return character == "+" ? "plus" : character.uppercased()
        }
        return language == "pl" ? polish[digit] : EnglishNumber.words(digit)
    }
}
