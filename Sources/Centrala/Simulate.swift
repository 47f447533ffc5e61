// `centrala simulate`: how many consultants a queue needs.

import ACD
import ArgumentParser
import Calls
import IVR
import Store
import Timing
import YAML

struct Simulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find out how many consultants a queue needs.",
        discussion: """
            Imagines months of calls and lets the queue of this server serve them, for each number of consultants: how many
            calls are answered in time, how many callers give up, how long they wait. Either the calls are given
            (--calls-per-hour), or they are like those that a queue had lately (--hotline and --queue, from the server's store).
            """)

    @Option(help: "How many consultants: 6, or 5-8.")
    var consultants: CountRange

    @Option(help: "How many call in an hour, all day alike. Without it --hotline and --queue are asked for.")
    var callsPerHour: Double?

    @Option(help: "How many hours a day the queue is open, in half-hours.")
    var hours = 10.0

    @Option(help: "How long a talk takes on average.")
    var talk = Length(.seconds(180))

    @Option(help: "How long the work after a talk takes.")
    var wrapUp = Length(.seconds(30))

    @Option(help: "After how long callers give up on average; 0s: never.")
    var patience = Length(.seconds(300))

    @Option(help: "The name of a hotline whose latest calls are taken.")
    var hotline: String?

    @Option(help: "The name of its queue.")
    var queue: String?

    @Option(help: "How many weeks back its calls are taken.")
    var weeks = 4

    @Option(help: "Only days of this name: mon, tue, wed, thu, fri, sat or sun.")
    var weekday: String?

    @Option(help: "Within how long calls should be answered. The queue's own target, unless given; else 20s.")
    var target: Length?

    @Option(help: "Days of a month.")
    var days = 21

    @Option(help: "How many months are imagined for each number of consultants.")
    var months = 20

    @Option(help: "The same seed gives the same answer.")
    var seed: UInt64 = 1

    @Option(help: "The language of the answer: pl or en.")
    var language = ReportLanguage.pl

    @Option(help: "The server's configuration, to find its store and its hotlines.")
    var config = "config/centrala.yaml"

    func validate() throws {
        guard (callsPerHour == nil) == (hotline != nil && queue != nil) else {
            throw ValidationError("Either --calls-per-hour or both --hotline and --queue are needed.")
        }
        guard (0...100_000).contains(callsPerHour ?? 0) else {
            throw ValidationError("--calls-per-hour is 0 to 100000.")
        }
        guard (0.5...24).contains(hours), (1...366).contains(days), (1...1_000).contains(months),
            (1...520).contains(weeks)
        else { throw ValidationError("--hours is 0.5 to 24, --days 1 to 366, --months 1 to 1000, --weeks 1 to 520.") }
        if let weekday, !Self.weekdays.contains(weekday) {
            throw ValidationError("--weekday is one of \(Self.weekdays.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        let question = try await question()
        print(StaffingText.heading(question.workload, target: question.target, in: language))
        for count in consultants.range {
            let staffing = Staffing.simulate(
                question.workload, rules: question.rules, target: question.target, consultants: count, days: days,
                months: months, seed: seed)
            print(StaffingText.line(staffing, in: language))
        }
        print(StaffingText.footnote(days: days, months: months, in: language))
    }

    private static let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    private struct Question {
        let workload: Workload
        let rules: QueueRules
        let target: Duration
    }

    private func question() async throws -> Question {
        if let callsPerHour {
            let slots = Int((hours * 2).rounded())
            let workload = Workload(
                callsInSlot: Array(repeating: callsPerHour / 2, count: slots), talk: .exponential(mean: talk.duration),
                wrapUp: .always(wrapUp.duration),
                patience: patience.duration > .zero ? .exponential(mean: patience.duration) : nil)
            let rules = QueueRules(name: "queue", agents: "consultants", ring: .seconds(20), wrapUp: .zero)
            return Question(workload: workload, rules: rules, target: target?.duration ?? .seconds(20))
        }
        let file = try ConfigurationFile.load(config)
        let (library, _) = try HotlineFiles.load(file.callCentre)
        guard let name = hotline, let found = library.hotlines.first(where: { $0.name == name }) else {
            throw ValidationError("There is no such hotline: \(library.hotlines.map(\.name).joined(separator: ", ")).")
        }
        guard let queue, let settings = found.queues[queue] else {
            throw ValidationError("There is no such queue: \(found.queues.keys.sorted().joined(separator: ", ")).")
        }
        let store = try Store(path: file.callCentre.storePath)
        let now = Clock.unixMilliseconds()
        let history = try await store.workload(
            hotline: found.name, queue: queue, from: now - Int64(weeks) * 7 * 86_400_000, to: now)
        guard let workload = Workload(history, of: found, weekday: weekday, wrapUp: settings.wrapUp) else {
            throw ValidationError("In that time this queue had too few calls to tell: at least ten talks are needed.")
        }
        return Question(
            workload: workload, rules: QueueRules(settings, of: found),
            target: target?.duration ?? settings.target.within)
    }
}

/// `6` or `5-8`, 1 to 500.
struct CountRange: ExpressibleByArgument {
    let range: ClosedRange<Int>

    init?(argument: String) {
        let ends = argument.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard (1...2).contains(ends.count), let first = ends[0], let last = ends[ends.count - 1], first <= last,
            (1...500).contains(first), last <= 500
        else { return nil }
        range = first...last
    }
}

/// `20s`, `3m`, `2h`.
struct Length: ExpressibleByArgument {
    let duration: Duration

    var defaultValueDescription: String { duration.words }

    init(_ duration: Duration) { self.duration = duration }

    init?(argument: String) {
        guard let duration = Duration(words: argument) else { return nil }
        self.duration = duration
    }
}
