// Days free from work in Poland (act of 18 January 1951; 24 December added by the act of 6 December 2024).

/// `holidays: PL`.
enum PolishHolidays {
    static func contains(_ date: CivilDate) -> Bool {
        if isFixed(date) { return true }
        let sinceEaster = date.daysSince1970 - CivilDate.easter(date.year).daysSince1970
        return [0, 1, 49, 60].contains(sinceEaster)  // Easter, its Monday, Pentecost, Corpus Christi
    }

    private static func isFixed(_ date: CivilDate) -> Bool {
        switch (date.month, date.day) {
        case (1, 1), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26): true
        case (1, 6): date.year >= 2011
        case (12, 24): date.year >= 2025
        default: false
        }
    }
}
