// What `centrala simulate` prints.

import ACD
import Foundation
import IVR
import Store
import YAML

/// A table of fixed columns.
enum StaffingText {
    private static let widths = [13, 11, 17, 12, 11, 12, 10, 10]

    static func heading(_ workload: Workload, target: Duration, in language: ReportLanguage) -> String {
        let calls = number(workload.callsADay, 0)
        let patience =
            workload.patience.map { clock($0.mean) } ?? language.text("bez końca", "for ever")
        let day = language.text(
            "Dzień: \(calls) połączeń; rozmowa \(clock(workload.talk.mean)), po niej \(clock(workload.wrapUp.mean)); dzwoniący czekają średnio do \(patience).",
            "A day: \(calls) calls; a talk \(clock(workload.talk.mean)), after it \(clock(workload.wrapUp.mean)); callers wait up to \(patience) on average."
        )
        let within = "\(target.components.seconds) s"
        let columns = [
            language.text("konsultantów", "consultants"), language.text("w \(within)", "in \(within)"),
            language.text("9 z 10 miesięcy", "9 of 10 months"), language.text("porzuconych", "abandoned"),
            language.text("śr. czek.", "mean wait"), language.text("90% do", "90% up to"),
            language.text("zajętość", "busy"), "Erlang C",
        ]
        return day + "\n\n" + row(columns)
    }

    static func line(_ staffing: Staffing, in language: ReportLanguage) -> String {
        let figures = staffing.figures
        let range = staffing.range
        let cells = [
            "\(staffing.consultants)", percent(figures.serviceLevel, language),
            "\(percent(range.lowerBound, language))–\(percent(range.upperBound, language))",
            percent(figures.abandonment, language), clock(figures.meanWait), clock(staffing.wait(0.9)),
            percent(figures.occupancy, language), percent(staffing.erlangC, language),
        ]
        return row(cells)
    }

    static func footnote(days: Int, months: Int, in language: ReportLanguage) -> String {
        language.text(
            """

            Z \(months) wymyślonych miesięcy po \(days) dni. Odebrane na czas liczone są bez tych, którzy rozłączyli się od razu.
            Erlang C zakłada, że nikt nie rezygnuje i że dzwoni się równo przez cały dzień.
            """,
            """

            Of \(months) imagined months of \(days) days. Calls in time are counted without those who hung up at once.
            Erlang C assumes that nobody gives up and that calls come evenly all day.
            """)
    }

    private static func row(_ cells: [String]) -> String {
        zip(cells, widths).map { cell, width in
            String(repeating: " ", count: max(1, width - cell.count)) + cell
        }.joined()
    }

    private static func percent(_ part: Double, _ language: ReportLanguage) -> String {
        let text = number(part * 100, 1)
        return (language == .pl ? text.replacing(".", with: ",") : text) + "%"
    }

    private static func number(_ value: Double, _ places: Int) -> String { String(format: "%.\(places)f", value) }

    /// Minutes and seconds.
    private static func clock(_ length: Duration) -> String {
        let seconds = Int(length.components.seconds)
        return String(format: "%d:%02d", seconds / 60, seconds % 60)
    }
}

extension Workload {
    /// Days like those of the log: calls by the half-hour, talks as they were. Nil with fewer than ten talks.
    /// - Parameters:
    ///   - weekday: only such days; nil: all days on which somebody called.
    ///   - wrapUp: where the log knows none.
    init?(_ history: WorkloadHistory, of hotline: Hotline, weekday: String?, wrapUp: Duration) {
        var days: Set<Int> = []
        var counts: [Int: Int] = [:]
        for arrival in history.arrivals {
            let clock = hotline.clock(at: arrival)
            guard weekday == nil || clock.weekday == weekday else { continue }
            days.insert(clock.day)
            counts[clock.minute / 30, default: 0] += 1
        }
        guard history.talks.count >= 10, let first = counts.keys.min(), let last = counts.keys.max() else { return nil }
        // Who waits without giving up says how patient callers are too: all waiting by all who gave up.
        let patience = history.abandonedAfter.isEmpty ? nil : history.waited / Int64(history.abandonedAfter.count)
        self.init(
            callsInSlot: (first...last).map { Double(counts[$0] ?? 0) / Double(days.count) },
            talk: .observed(history.talks.map { .milliseconds($0) }),
            wrapUp: history.wrapUps.isEmpty
                ? .always(wrapUp) : .observed(history.wrapUps.map { .milliseconds($0) }),
            patience: patience.map { .exponential(mean: .milliseconds($0)) })
    }
}
