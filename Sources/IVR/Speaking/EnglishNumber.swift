// English numerals: "one hundred and twenty-three", "twenty-third".

enum EnglishNumber {
    private static let units = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ]
    private static let tens = [
        "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
    ]
    private static let ordinals = [
        "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
        "twelve": "twelfth",
    ]

    /// `number` from 0 to 999,999,999; others stay digits.
    static func words(_ number: Int) -> String {
        guard (0..<1_000_000_000).contains(number) else { return String(number) }
        if number < 1_000 { return below1000(number) }
        var parts: [String] = []
        if number >= 1_000_000 { parts.append(below1000(number / 1_000_000) + " million") }
        if number / 1_000 % 1_000 > 0 { parts.append(below1000(number / 1_000 % 1_000) + " thousand") }
        let rest = number % 1_000
        if rest > 0 { parts.append((rest < 100 ? "and " : "") + below1000(rest)) }
        return parts.joined(separator: " ")
    }

    /// 1 to 99.
    static func ordinal(_ number: Int) -> String {
        let words = words(number)
        let last = words.split(whereSeparator: { $0 == "-" || $0 == " " }).last.map(String.init) ?? words
        let head = words.dropLast(last.count)
        if let irregular = ordinals[last] { return head + irregular }
        return head + (last.hasSuffix("y") ? last.dropLast() + "ieth" : last + "th")
    }

    /// "twenty twenty-six", "two thousand and six", "nineteen oh five".
    static func year(_ year: Int) -> String {
        let (century, rest) = (year / 100, year % 100)
        if century % 10 == 0, rest < 10 { return words(year) }
        let head = words(century)
        if rest == 0 { return head + " hundred" }
        return head + (rest < 10 ? " oh " : " ") + words(rest)
    }

    private static func below1000(_ number: Int) -> String {
        if number < 20 { return units[number] }
        if number < 100 { return tens[number / 10] + (number % 10 > 0 ? "-" + units[number % 10] : "") }
        let rest = number % 100
        return units[number / 100] + " hundred" + (rest > 0 ? " and " + below1000(rest) : "")
    }
}
