// A time zone: moments → local days and minutes, and back. Rules come from Foundation's (ICU's) tables.

import Foundation

/// A place's clock on the wall.
struct LocalZone: Sendable {
    let identifier: String
    private let zone: TimeZone

    /// Nil when there is no such zone. `Europe/Warsaw`, not `CET`: an abbreviation does not say when clocks change.
    init?(identifier: String) {
        guard identifier == "UTC" || identifier.contains("/"), let zone = TimeZone(identifier: identifier) else {
            return nil
        }
        self.identifier = identifier
        self.zone = zone
    }

    private init(identifier: String, zone: TimeZone) {
        self.identifier = identifier
        self.zone = zone
    }

    static let utc = LocalZone(identifier: "UTC", zone: .gmt)

    func local(_ unixMilliseconds: Int64) -> LocalTime {
        let seconds = Int(unixMilliseconds.quotientAndRemainder(dividingBy: 1_000).quotient)
        let local = seconds + offset(seconds)
        let day = Int((Double(local) / 86_400).rounded(.down))
        return LocalTime(date: CivilDate(daysSince1970: day), minute: (local - day * 86_400) / 60)
    }

    /// The moment of a local time. Of two (autumn) it is the first; a time that the clocks skip (spring) is told apart.
    func moment(of time: LocalTime) -> (unixMilliseconds: Int64, isSkipped: Bool) {
        let naive = time.date.daysSince1970 * 86_400 + time.minute * 60
        let offsets = [offset(naive - 86_400), offset(naive + 86_400)]
        for offset in offsets where self.offset(naive - offset) == offset {
            return (Int64(naive - offset) * 1_000, false)
        }
        return (Int64(naive - offsets[0]) * 1_000, true)
    }

    /// The local day that holds this moment, 23 to 25 hours; milliseconds since 1970.
    func day(at unixMilliseconds: Int64) -> Range<Int64> {
        let today = local(unixMilliseconds).date.daysSince1970
        func midnight(_ day: Int) -> Int64 {
            moment(of: LocalTime(date: CivilDate(daysSince1970: day), minute: 0)).unixMilliseconds
        }
        return midnight(today)..<midnight(today + 1)
    }

    /// Seconds east of Greenwich.
    private func offset(_ unixSeconds: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(unixSeconds)))
    }
}

/// What the wall shows.
struct LocalTime: Hashable, Sendable {
    let date: CivilDate
    /// Minutes since the midnight shown, 0 to 1439.
    let minute: Int

    init(date: CivilDate, minute: Int) {
        self.date = date
        self.minute = minute
    }

    /// `2026-02-03 10:15`.
    init?(_ text: String) {
        let parts = text.split(separator: " ")
        guard parts.count == 2, let date = CivilDate(parts[0]), let minute = Self.minute(parts[1]), minute < 1_440
        else {
            return nil
        }
        self.init(date: date, minute: minute)
    }

    /// `08:00` → 480; `24:00` is the end of a day.
    static func minute(_ text: some StringProtocol) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            parts.allSatisfy({ $0.allSatisfy(\.isASCIIDigit) }), let hour = Int(parts[0]), let minute = Int(parts[1]),
            minute < 60, hour * 60 + minute <= 1_440
        else { return nil }
        return hour * 60 + minute
    }
}
