// `calendars:`

import YAML

struct CalendarReader {
    let log: FindingLog
    let today: CivilDate

    func read(_ entry: YAMLEntry) -> OpeningHours? {
        let what: FindingText = "calendar \(quoted(entry.key))"
        let reader = SectionReader(entry.value, LanguageTable.calendar, what, at: entry.keyPosition, log: log)
        guard reader.isMapping else { return nil }
        var hours = OpeningHours(name: entry.key)
        if let node = reader.node("holidays"), let country = log.text(node, "the holidays of \(what)") {
            hours.hasPolishHolidays = country == "PL"
            if country != "PL" {
                log.error("E009", at: node.position, "holidays of \(quoted(country)) are not supported yet; PL are")
            }
        }
        if let week = reader.node("week") { readWeek(week, what, &hours) }
        if let except = reader.node("except") { readExceptions(except, what, &hours) }
        reader.finish()
        return hours
    }

    private func readWeek(_ node: YAMLNode, _ what: FindingText, _ hours: inout OpeningHours) {
        var lines: [Weekday: Int] = [:]
        for entry in MappingReader(node, "the week of \(what)", log: log).all {
            let spans = spans(entry.value, "the hours of \(quoted(entry.key)) in \(what)")
            for day in days(entry) {
                if let line = lines[day] {
                    log.error(
                        "E003", at: entry.keyPosition,
                        "\(day.rawValue) is given twice; the first one is on line \(line)")
                    continue
                }
                lines[day] = entry.keyPosition.line
                hours.week[day] = spans
            }
        }
    }

    /// `mon-fri`, `sat`, `mon, wed`; a range may go over Sunday.
    private func days(_ entry: YAMLEntry) -> [Weekday] {
        var days: [Weekday] = []
        for part in entry.key.split(separator: ",") {
            let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { weekday($0, entry) }
            guard ends.count <= 2, let first = ends.first ?? nil, let last = ends.last ?? nil else {
                if ends.count > 2 {
                    log.error("E042", at: entry.keyPosition, "\(quoted(entry.key)) is no range of days")
                }
                continue
            }
            let all = Weekday.allCases
            guard let from = all.firstIndex(of: first), let to = all.firstIndex(of: last) else { continue }
            days += (0...(to - from + 7) % 7).map { all[(from + $0) % 7] }
        }
        return days
    }

    private func weekday(_ text: Substring, _ entry: YAMLEntry) -> Weekday? {
        let name = String(text.filter { $0 != " " })
        if let day = Weekday(rawValue: name) { return day }
        let names = Weekday.allCases.map(\.rawValue)
        log.error(
            "E042", at: entry.keyPosition, "\(quoted(name)) is no day of the week",
            hint: Similarity.hint(for: name, among: names) ?? "the days are \(names.joined(separator: ", "))")
        return nil
    }

    private func readExceptions(_ node: YAMLNode, _ what: FindingText, _ hours: inout OpeningHours) {
        for entry in MappingReader(node, "the exceptions of \(what)", log: log).all {
            let name: FindingText = "\(quoted(entry.key)) in \(what)"
            let reader = SectionReader(
                entry.value, LanguageTable.exception, name, at: entry.keyPosition, log: log)
            let open = reader.node("open").map { spans($0, "the hours of \(name)") }
            let closed: Bool? = log.choice(reader.node("closed"), "'closed' of \(name)", ["all day": true])
            _ = log.text(reader.node("why"), "the reason of \(name)")
            reader.finish()
            guard let date = CivilDate(entry.key) else {
                log.error("E042", at: entry.keyPosition, "\(quoted(entry.key)) is no day that exists (year-month-day)")
                continue
            }
            if date < today { log.warning("W043", at: entry.keyPosition, "\(name) is already past") }
            hours.exceptions[date] = closed == true ? [] : open ?? []
        }
    }

    private func spans(_ node: YAMLNode, _ what: FindingText) -> [OpeningHours.Span] {
        (log.list(node, what) ?? []).compactMap { element in
            guard let text = log.text(element, what) else { return nil }
            let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { part in
                LocalTime.minute(part.drop { $0 == " " }.prefix { $0 != " " })
            }
            guard ends.count == 2, let start = ends[0], let end = ends[1] else {
                log.error(
                    "E005", at: element.position, "\(what): \(quoted(text)) is no span of hours", hint: "08:00-17:00")
                return nil
            }
            guard start < end else {
                log.error(
                    "E040", at: element.position, "\(what): \(text) ends before it begins",
                    hint: "over midnight it is two spans: up to 24:00, and the next day from 00:00")
                return nil
            }
            return start..<end
        }
    }
}
