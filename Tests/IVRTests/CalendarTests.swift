// Days, holidays, opening hours, and the two nights when clocks change.

import Testing

@testable import IVR

struct CalendarTests {
    /// From the official calendars, typed in by hand; beside them 2024–2027 has no other day off by law.
    private static let holidays = [
        "2024-01-01", "2024-01-06", "2024-03-31", "2024-04-01", "2024-05-01", "2024-05-03", "2024-05-19", "2024-05-30",
        "2024-08-15", "2024-11-01", "2024-11-11", "2024-12-25", "2024-12-26",
        "2025-01-01", "2025-01-06", "2025-04-20", "2025-04-21", "2025-05-01", "2025-05-03", "2025-06-08", "2025-06-19",
        "2025-08-15", "2025-11-01", "2025-11-11", "2025-12-24", "2025-12-25", "2025-12-26",
        "2026-01-01", "2026-01-06", "2026-04-05", "2026-04-06", "2026-05-01", "2026-05-03", "2026-05-24", "2026-06-04",
        "2026-08-15", "2026-11-01", "2026-11-11", "2026-12-24", "2026-12-25", "2026-12-26",
        "2027-01-01", "2027-01-06", "2027-03-28", "2027-03-29", "2027-05-01", "2027-05-03", "2027-05-16", "2027-05-27",
        "2027-08-15", "2027-11-01", "2027-11-11", "2027-12-24", "2027-12-25", "2027-12-26",
    ]

    @Test func polishHolidaysAreThoseOfTheTable() throws {
        let table = Set(Self.holidays.compactMap { CivilDate($0) })
        #expect(table.count == Self.holidays.count)
        var date = try #require(CivilDate("2024-01-01"))
        let end = try #require(CivilDate("2028-01-01"))
        while date < end {
            #expect(PolishHolidays.contains(date) == table.contains(date), "\(date)")
            date = date.adding(days: 1)
        }
        #expect(CivilDate("2010-01-06").map(PolishHolidays.contains) == false)
        #expect(CivilDate("2026-05-02").map(PolishHolidays.contains) == false)
    }

    @Test func daysCountBackAndForth() throws {
        for days in stride(from: -800_000, through: 2_000_000, by: 997) {
            let date = CivilDate(daysSince1970: days)
            guard date.year >= 1 else { continue }
            #expect(date.daysSince1970 == days)
            #expect(CivilDate(year: date.year, month: date.month, day: date.day) == date)
        }
        #expect(CivilDate("1970-01-01")?.daysSince1970 == 0)
        #expect(CivilDate("2000-03-01")?.daysSince1970 == 11_017)
        #expect(CivilDate("2026-02-03")?.weekday == .tue)
        #expect(CivilDate("1969-12-31")?.weekday == .wed)
    }

    @Test(arguments: [
        "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "20260101", "2026-04-31", "", "2026-02-30-1",
    ])
    func daysThatDoNotExistAreNone(text: String) {
        #expect(CivilDate(text) == nil)
    }

    @Test func timesOfDayAreRead() {
        #expect(LocalTime.minute("08:00") == 480)
        #expect(LocalTime.minute("8:00") == 480)
        #expect(LocalTime.minute("24:00") == 1_440)
        for text in ["24:01", "8", "08:60", "-1:00", "08:0", "٠٨:٠٠", "008:00"] {
            #expect(LocalTime.minute(text) == nil)
        }
    }

    @Test func exceptionsWinOverHolidaysAndHolidaysOverTheWeek() throws {
        var hours = OpeningHours(name: "x", hasPolishHolidays: true)
        hours.week = [.tue: [480..<960], .fri: [480..<960]]
        hours.exceptions = [
            try #require(CivilDate("2026-01-06")): [600..<660], try #require(CivilDate("2026-02-03")): [],
        ]
        func state(_ text: String) throws -> OpeningHours.State { hours.state(at: try #require(LocalTime(text))) }
        #expect(try state("2026-01-06 10:30") == .open)
        #expect(try state("2026-01-06 11:00") == .closed)
        #expect(try state("2026-02-03 10:00") == .closed)
        #expect(try state("2026-02-10 08:00") == .open)
        #expect(try state("2026-02-10 07:59") == .closed)
        #expect(try state("2026-02-10 16:00") == .closed)
        #expect(try state("2026-05-01 10:00") == .holiday)
        #expect(try state("2026-05-02 10:00") == .closed)
    }

    /// 29 March 2026, 01:59:59 → 03:00:00; 25 October 2026, 02:59:59 → 02:00:00.
    @Test func `a day is from midnight to midnight, 23 hours in March and 25 in October`() throws {
        let zone = try #require(LocalZone(identifier: "Europe/Warsaw"))
        for (noon, hours) in [("2026-03-28 12:00", 24), ("2026-03-29 12:00", 23), ("2026-10-25 12:00", 25)] {
            let time = try #require(LocalTime(noon))
            let moment = zone.moment(of: time).unixMilliseconds
            let day = zone.day(at: moment)
            #expect(day.count == hours * 3_600_000 && day.contains(moment))
            #expect(zone.local(day.lowerBound) == LocalTime(date: time.date, minute: 0))
            #expect(zone.day(at: day.lowerBound) == day && zone.day(at: day.upperBound - 1) == day)
        }
    }

    @Test func localTimeIsRightInTheNightsWhenClocksChange() throws {
        let zone = try #require(LocalZone(identifier: "Europe/Warsaw"))
        func shown(_ unix: Int64) -> String {
            let time = zone.local(unix * 1_000)
            return "\(time.date.month)-\(time.date.day) \(time.minute / 60):\(time.minute % 60)"
        }
        #expect(shown(1_774_745_940) == "3-29 1:59")
        #expect(shown(1_774_746_000) == "3-29 3:0")
        #expect(shown(1_792_886_340) == "10-25 1:59")
        #expect(shown(1_792_889_940) == "10-25 2:59")
        #expect(shown(1_792_890_000) == "10-25 2:0")
        #expect(shown(1_792_893_600) == "10-25 3:0")
    }

    @Test func skippedTimesAreToldAndDoubledOnesAreTheFirst() throws {
        let zone = try #require(LocalZone(identifier: "Europe/Warsaw"))
        let skipped = zone.moment(of: try #require(LocalTime("2026-03-29 02:30")))
        #expect(skipped.isSkipped)
        #expect(skipped.unixMilliseconds == 1_774_747_800_000)
        let doubled = zone.moment(of: try #require(LocalTime("2026-10-25 02:30")))
        #expect(!doubled.isSkipped)
        #expect(doubled.unixMilliseconds == 1_792_888_200_000)
        for minute in stride(from: 0, to: 1_440, by: 30) {
            for day in ["2026-03-28", "2026-07-01", "2026-10-26", "2027-01-15"] {
                let time = LocalTime(date: try #require(CivilDate(day)), minute: minute)
                #expect(zone.local(zone.moment(of: time).unixMilliseconds) == time)
            }
        }
    }

    @Test func openingHoursHoldAcrossTheNightsWhenClocksChange() throws {
        let hotline = try Fixture.hotline(
            """
            hotline: 1
            name: noc
            timezone: Europe/Warsaw
            languages: [pl]
            numbers: ["+48 22 000 00 21"]
            start: godziny
            calendars: { noc: { week: { sun: "01:30-03:00" } } }
            prompts: { tak: { pl: Otwarte. }, nie: { pl: Zamknięte. } }
            steps:
              godziny: { hours: noc, open: tak, closed: nie }
              tak: { hangup: tak }
              nie: { hangup: nie }
            """)
        func heard(_ unix: Int64) -> [String] {
            var call = TestCall(hotline, at: unix * 1_000)
            return call.send(.entered).played
        }
        #expect(heard(1_774_744_140) == ["nie"])  // 01:29 in the spring night
        #expect(heard(1_774_744_200) == ["tak"])  // 01:30
        #expect(heard(1_774_745_999) == ["tak"])  // 01:59:59, a second before 03:00
        #expect(heard(1_774_746_000) == ["nie"])  // 03:00
        #expect(heard(1_792_884_600) == ["tak"])  // 01:30 in the autumn night
        #expect(heard(1_792_888_200) == ["tak"])  // 02:30 for the first time
        #expect(heard(1_792_891_800) == ["tak"])  // 02:30 for the second time
        #expect(heard(1_792_893_600) == ["nie"])  // 03:00
    }
}
