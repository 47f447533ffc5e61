// Times and lengths as people read them.

import Foundation

/// Formats in the server's time zone. Unix milliseconds in, text out.
struct Moments: Sendable {
    let zone: TimeZone

    init(zone: TimeZone = .current) {
        self.zone = zone
    }

    /// 2026-11-21 14:05
    func minute(_ unixMilliseconds: Int64) -> String {
        let parts = parts(unixMilliseconds)
        return "\(parts.date) \(parts.hour):\(parts.minute)"
    }

    /// 14:05:09
    func second(_ unixMilliseconds: Int64) -> String {
        let parts = parts(unixMilliseconds)
        return "\(parts.hour):\(parts.minute):\(parts.second)"
    }

    /// For `<time datetime>`: UTC, ISO 8601.
    func machine(_ unixMilliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(unixMilliseconds) / 1000).formatted(.iso8601)
    }

    /// 3:07 or 1:02:03
    static func length(_ milliseconds: Int64) -> String {
        let seconds = max(0, milliseconds) / 1000
        let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60)
        return hours > 0 ? "\(hours):\(two(minutes)):\(two(rest))" : "\(minutes):\(two(rest))"
    }

    /// The first millisecond of a day written `2026-11-21`, or of the day after it; nil for anything else.
    func dayStart(_ text: String, plusDays days: Int = 0) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2],
            (1970...2200).contains(year), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let wanted = DateComponents(year: year, month: month, day: day)
        guard let date = calendar.date(from: wanted), calendar.component(.day, from: date) == day,
            let moved = calendar.date(byAdding: .day, value: days, to: date)
        else { return nil }
        return Int64(moved.timeIntervalSince1970 * 1000)
    }

    private var calendar: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar
    }

    private func parts(_ ms: Int64) -> (date: String, hour: String, minute: String, second: String) {
        let date = Date(timeIntervalSince1970: Double(ms) / 1000)
        let parts = calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let day = "\(parts.year ?? 0)-\(Self.two(parts.month ?? 0))-\(Self.two(parts.day ?? 0))"
        return (day, Self.two(parts.hour ?? 0), Self.two(parts.minute ?? 0), Self.two(parts.second ?? 0))
    }

    private static func two(_ number: some BinaryInteger) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
