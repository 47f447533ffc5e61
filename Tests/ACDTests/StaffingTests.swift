// Imagined months: against Erlang's formula, and what callers were told against what happened.

import Testing
import Timing

@testable import ACD

@Suite struct StaffingTests {
    private static let rules = QueueRules(name: "help", agents: "helpers", ring: .seconds(20), wrapUp: .zero)

    /// Erlang C's own assumptions: an even stream, exponential handling, everybody waits.
    private static func erlang(_ callsAnHour: Double, _ handling: Duration, slots: Int = 24) -> Workload {
        Workload(
            callsInSlot: Array(repeating: callsAnHour / 2, count: slots), talk: .exponential(mean: handling),
            wrapUp: .always(.zero), patience: nil, pickUp: .zero)
    }

    /// Worked by hand: 10 erlang, 12 agents, see Erlang's tables (E1(12, 10) = 0.1197).
    @Test func `Erlang C gives the figures of the tables`() {
        let formula = ErlangC(callsAnHour: 200, handling: .seconds(180), agents: 12)
        #expect(formula.load == 10)
        #expect(abs(formula.waiting - 0.4494) < 0.0005)
        #expect(abs(formula.answered(within: .seconds(20)) - (1 - 0.4494 * 0.80074)) < 0.0005)
        #expect(ErlangC(callsAnHour: 200, handling: .seconds(180), agents: 10).answered(within: .seconds(20)) == 0)
        #expect(ErlangC(callsAnHour: 0, handling: .seconds(180), agents: 1).answered(within: .zero) == 1)
    }

    /// One long day, for the formula knows no morning in which nobody waits yet.
    @Test(arguments: [(60.0, 4), (60.0, 5), (120.0, 8), (200.0, 12)])
    func `where Erlang C's assumptions hold, the simulated service level is within three points`(
        callsAnHour: Double, agents: Int
    ) {
        let staffing = Staffing.simulate(
            Self.erlang(callsAnHour, .seconds(180), slots: 400), rules: Self.rules, target: .seconds(20),
            consultants: agents, days: 1, months: 1, seed: 7)
        #expect(abs(staffing.figures.serviceLevel - staffing.erlangC) < 0.03)
        #expect(staffing.figures.offered == staffing.figures.answered)
    }

    @Test func `with patience some give up, and one consultant more means fewer`() {
        var workload = Self.erlang(120, .seconds(180))
        workload.patience = .exponential(mean: .seconds(120))
        let answers = (5...8).map {
            Staffing.simulate(
                workload, rules: Self.rules, target: .seconds(20), consultants: $0, days: 5, months: 4, seed: 1)
        }
        for (fewer, more) in zip(answers, answers.dropFirst()) {
            #expect(fewer.figures.abandonment > more.figures.abandonment)
            #expect(fewer.figures.serviceLevel < more.figures.serviceLevel)
            #expect(fewer.figures.occupancy > more.figures.occupancy)
            #expect(fewer.range.contains(fewer.figures.serviceLevel))
        }
        let figures = answers[0].figures
        #expect(
            figures.offered == figures.answered + figures.abandoned + figures.shortAbandoned + figures.timedOut
                + figures.refused)
    }

    @Test func `the same seed gives the same month, another seed another`() {
        func month(_ seed: UInt64) -> [Duration] {
            Staffing.simulate(
                Self.erlang(60, .seconds(200)), rules: Self.rules, target: .seconds(20), consultants: 4, days: 2,
                months: 1, seed: seed
            ).figures.waits
        }
        #expect(month(3) == month(3))
        #expect(month(3) != month(4))
    }

    @Test func `nobody at work answers nobody`() {
        let staffing = Staffing.simulate(
            Self.erlang(10, .seconds(60)), rules: Self.rules, target: .seconds(20), consultants: 0, days: 1, months: 1,
            seed: 1)
        #expect(staffing.figures.answered == 0 && staffing.figures.refused == staffing.figures.offered)
        #expect(staffing.figures.serviceLevel == 0 && staffing.figures.occupancy == 0)
    }

    /// 40 days with 6 consultants. The plain formula that others use is position times handling time by consultants.
    @Test(arguments: [1.0, 1.2, 1.4])
    func `callers are rarely told much too little, and the promise is nearer to the truth than by the plain formula`(
        load: Double
    ) {
        let halfHours = [8.0, 12, 16, 18, 19, 18, 16, 14, 15, 17, 18, 16, 13, 10, 8, 6]
        let workload = Workload(
            callsInSlot: halfHours.map { $0 * load }, talk: .exponential(mean: .seconds(270)),
            wrapUp: .always(.seconds(30)), patience: .exponential(mean: .seconds(600)))
        let staffing = Staffing.simulate(
            workload, rules: Self.rules, target: .seconds(20), consultants: 6, days: 40, months: 1, seed: 11)
        var muchTooLittle = 0
        var errors = (ours: Duration.zero, plain: Duration.zero)
        for (told, ahead, waited) in staffing.figures.promises {
            let plain = told == .zero ? .zero : Duration.seconds(300) * (ahead + 1) / 6
            if waited - told > .seconds(120) { muchTooLittle += 1 }
            errors.ours += max(told - waited, waited - told)
            errors.plain += max(plain - waited, waited - plain)
        }
        let share = Double(muchTooLittle) / Double(staffing.figures.promises.count)
        #expect(staffing.figures.promises.count > 8_000)
        #expect(share < 0.021, "\(share)")
        #expect(errors.ours < errors.plain)
    }
}

@Suite struct AgendaTests {
    @Test func `what is due comes in the order of time, then of asking`() {
        var agenda = Agenda<Int>()
        var dice = Dice(seed: 2)
        var expected: [(Int64, Int)] = []
        for number in 0..<500 {
            let at = Int64(dice.roll(50))
            agenda.add(number, at: Instant(nanoseconds: at))
            expected.append((at, number))
        }
        expected.sort { $0 < $1 }
        var taken: [Int] = []
        for moment in 0..<50 {
            while let event = agenda.take(until: Instant(nanoseconds: Int64(moment))) { taken.append(event) }
        }
        #expect(taken == expected.map(\.1))
        #expect(agenda.isEmpty && agenda.next == nil)
    }
}
