// Years walked minute by minute: opening hours against a table that is computed here in another way.

import Foundation
import Testing

@testable import IVR

/// The table knows nothing of the sources: days are counted one by one from a Monday, the holidays are typed in, the
/// nights when clocks change follow from the rule (last Sunday of March and of October, 01:00 UTC).
struct YearTests {
    /// `CENTRALA_FULL_YEAR=1` asks for each minute of 2024 to 2027, otherwise for each eleventh and both sides of each hour.
    private static let isFull = ProcessInfo.processInfo.environment["CENTRALA_FULL_YEAR"] != nil

    private static let hotline = """
        hotline: 1
        name: rok
        timezone: Europe/Warsaw
        languages: [pl]
        numbers: ["+48 22 000 00 23"]
        start: godziny
        calendars:
          biuro:
            holidays: PL
            week: { mon-thu: 08:00-17:00, fri: [08:00-12:00, 12:30-15:00], sun: "01:30-03:30" }
            except:
              2026-12-31: { open: 08:00-13:00 }
              2026-06-05: { closed: all day }
              2025-11-11: { open: 10:00-11:00 }
        prompts: { tak: { pl: Otwarte. }, nie: { pl: Zamknięte. }, święto: { pl: Święto. } }
        steps:
          godziny: { hours: biuro, open: tak, closed: nie, holiday: święto }
          tak: { hangup: tak }
          nie: { hangup: nie }
          święto: { hangup: święto }
        """

    private static let holidays: Set = [
        "2024-1-1", "2024-1-6", "2024-3-31", "2024-4-1", "2024-5-1", "2024-5-3", "2024-5-19", "2024-5-30", "2024-8-15",
        "2024-11-1", "2024-11-11", "2024-12-25", "2024-12-26",
        "2025-1-1", "2025-1-6", "2025-4-20", "2025-4-21", "2025-5-1", "2025-5-3", "2025-6-8", "2025-6-19", "2025-8-15",
        "2025-11-1", "2025-11-11", "2025-12-24", "2025-12-25", "2025-12-26",
        "2026-1-1", "2026-1-6", "2026-4-5", "2026-4-6", "2026-5-1", "2026-5-3", "2026-5-24", "2026-6-4", "2026-8-15",
        "2026-11-1", "2026-11-11", "2026-12-24", "2026-12-25", "2026-12-26",
        "2027-1-1", "2027-1-6", "2027-3-28", "2027-3-29", "2027-5-1", "2027-5-3", "2027-5-16", "2027-5-27", "2027-8-15",
        "2027-11-1", "2027-11-11", "2027-12-24", "2027-12-25", "2027-12-26",
    ]

    /// The wall clock of Warsaw, moved forward minute by minute.
    private struct Wall {
        var year = 2024
        var month = 1
        var day = 1
        /// Monday is 0; the first of January 2024 was one.
        var weekday = 0
        var minute = 0
        var isSummer = false

        private var monthLength: Int {
            [31, year % 4 == 0 ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
        }

        mutating func tick() {
            minute += 1
            let isLastSunday = weekday == 6 && day + 7 > monthLength
            if isLastSunday, month == 3, minute == 120, !isSummer { (minute, isSummer) = (180, true) }
            if isLastSunday, month == 10, minute == 180, isSummer { (minute, isSummer) = (120, false) }
            guard minute == 1_440 else { return }
            (minute, day, weekday) = (0, day + 1, (weekday + 1) % 7)
            guard day > monthLength else { return }
            (day, month) = (1, month + 1)
            if month == 13 { (year, month) = (year + 1, 1) }
        }

        /// The prompt that a caller hears.
        var heard: String {
            let date = "\(year)-\(month)-\(day)"
            switch date {
            case "2026-12-31": return (480..<780).contains(minute) ? "tak" : "nie"
            case "2026-6-5": return "nie"
            case "2025-11-11": return (600..<660).contains(minute) ? "tak" : "nie"
            default: break
            }
            if YearTests.holidays.contains(date) { return "święto" }
            let isOpen =
                switch weekday {
                case 0...3: (480..<1_020).contains(minute)
                case 4: (480..<720).contains(minute) || (750..<900).contains(minute)
                case 6: (90..<210).contains(minute)
                default: false
                }
            return isOpen ? "tak" : "nie"
        }
    }

    @Test func openingHoursAreRightInEachMinuteOfFourYears() throws {
        let hotline = try Fixture.hotline(Self.hotline)
        let calendar = try #require(hotline.calendars["biuro"])
        var wall = Wall()
        var unix = 1_704_063_600  // 2024-01-01T00:00 in Warsaw
        var wrong: [Int] = []
        var asked = 0
        var openings: [Int] = []
        var closings: [Int] = []
        var wasOpen = false
        while wall.year < 2028 {
            let heard = wall.heard
            let isEdge = wall.minute % 30 == 0 || wall.minute % 30 == 29
            if Self.isFull || isEdge || (unix / 60) % 11 == 0 {
                asked += 1
                let state = calendar.state(at: hotline.zone.local(Int64(unix) * 1_000))
                let prompt =
                    switch state {
                    case .open: "tak"
                    case .closed: "nie"
                    case .holiday: "święto"
                    }
                if prompt != heard, wrong.count < 20 { wrong.append(unix) }
            }
            if heard == "tak", !wasOpen { openings.append(unix) }
            if heard != "tak", wasOpen { closings.append(unix) }
            wasOpen = heard == "tak"
            wall.tick()
            unix += 60
        }
        print("opening hours: \(asked) minutes of 2024 to 2027 asked, \(wrong.count) wrong")
        #expect(wrong == [])
        #expect(unix == 1_830_294_000)  // 2028-01-01T00:00 in Warsaw
        expect(openings, closings, of: hotline)
    }

    /// `nextOpening` finds each of them from the last closing on; while open it is now.
    private func expect(_ openings: [Int], _ closings: [Int], of hotline: Hotline) {
        #expect(openings.count > 1_000)
        func next(_ unix: Int) -> Int? {
            hotline.nextOpening(of: "biuro", from: Int64(unix) * 1_000).map { Int($0 / 1_000) }
        }
        for (closing, opening) in zip(closings, openings.dropFirst()) {
            #expect(next(closing) == opening)
            #expect(next(opening) == opening)
            #expect(next(opening + 600) == opening + 600)
            #expect(hotline.isOpen("biuro", at: Int64(opening) * 1_000))
            #expect(!hotline.isOpen("biuro", at: Int64(opening) * 1_000 - 1_000))
        }
        #expect(hotline.nextOpening(of: "nie ma", from: 0) == nil)
    }

    /// The machine itself, at every half hour of the nights when clocks change.
    @Test func callersHearWhatTheTableSaysInBothNights() throws {
        let hotline = try Fixture.hotline(Self.hotline)
        for start in [1_711_753_200, 1_729_980_000, 1_743_202_800, 1_761_429_600, 1_774_652_400, 1_792_879_200] {
            var wall = Wall()
            var unix = 1_704_063_600
            while unix < start {
                wall.tick()
                unix += 60
            }
            for _ in 0..<360 {
                var call = TestCall(hotline, at: Int64(unix) * 1_000)
                #expect(call.send(.entered).played == [wall.heard])
                wall.tick()
                unix += 60
            }
        }
    }
}
