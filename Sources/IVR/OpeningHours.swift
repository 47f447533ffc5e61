// A calendar of the hotline file: the week, the holidays, the exceptions.

import YAML

/// One entry of `calendars:`.
struct OpeningHours: Sendable {
    enum State: String, Sendable {
        case open
        case closed
        case holiday
    }

    /// Minutes since midnight, the end excluded.
    typealias Span = Range<Int>

    let name: String
    var hasPolishHolidays = false
    var week: [Weekday: [Span]] = [:]
    /// Days with hours of their own; an empty list is closed all day. They win over holidays and over the week.
    var exceptions: [CivilDate: [Span]] = [:]

    func state(at time: LocalTime) -> State {
        if let spans = exceptions[time.date] { return spans.contains { $0.contains(time.minute) } ? .open : .closed }
        if hasPolishHolidays, PolishHolidays.contains(time.date) { return .holiday }
        return week[time.date.weekday, default: []].contains { $0.contains(time.minute) } ? .open : .closed
    }
}
