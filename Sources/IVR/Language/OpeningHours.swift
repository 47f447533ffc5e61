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
        guard let spans = spans(on: time.date) else { return .holiday }
        return spans.contains { $0.contains(time.minute) } ? .open : .closed
    }

    /// When it is open on a day; nil on a holiday.
    func spans(on date: CivilDate) -> [Span]? {
        if let spans = exceptions[date] { return spans }
        if hasPolishHolidays, PolishHolidays.contains(date) { return nil }
        return week[date.weekday, default: []]
    }
}

extension Hotline {
    /// Whether one of its calendars is open at a moment (milliseconds since 1970); false when there is no such calendar.
    public func isOpen(_ calendar: String, at unixMilliseconds: Int64) -> Bool {
        calendars[calendar]?.state(at: zone.local(unixMilliseconds)) == .open
    }

    /// The first moment from this one on at which the calendar is open, or nil when it is not within a year.
    public func nextOpening(of calendar: String, from unixMilliseconds: Int64) -> Int64? {
        guard let hours = calendars[calendar] else { return nil }
        let today = zone.local(unixMilliseconds).date
        for day in 0...366 {
            let date = today.adding(days: day)
            for span in (hours.spans(on: date) ?? []).sorted(by: { $0.lowerBound < $1.lowerBound }) {
                let end = zone.moment(of: LocalTime(date: date, minute: span.upperBound)).unixMilliseconds
                let start = zone.moment(of: LocalTime(date: date, minute: span.lowerBound)).unixMilliseconds
                if end > unixMilliseconds { return max(start, unixMilliseconds) }
            }
        }
        return nil
    }
}
