// Which of several media threads gets a new call, when none does, and what is said about them: threads that do not run,
// with counts made up for them, in virtual time.

import Logging
import Media
import SIP
import Synchronization
import Testing
import Timing

@testable import Calls

@Suite(.serialized, .timeLimit(.minutes(5)))
@Signalling
struct AdmissionTests {
    /// Media threads of which the watch sees what a test says they count.
    @Signalling
    private final class House {
        let board: Switchboard
        let log = LogRecord()
        private var samples: [MediaLoad.Sample]
        private var now = Instant(nanoseconds: 0)
        private var parties: [Switchboard.Party] = []

        init(threads: Int) throws {
            board = try Switchboard(threads: threads, log: log)
            samples = Array(repeating: MediaLoad.Sample(ticks: 0, lateMicroseconds: 0, legs: 1, cpu: 0), count: threads)
        }

        /// For so long each thread uses its share of a core; one whose share is nil does not tick.
        func run(_ milliseconds: Int, shares: [Double?]) {
            for _ in 0..<milliseconds / 50 {
                now = now + .milliseconds(50)
                for (index, lane) in board.lanes.enumerated() {
                    samples[index].legs = max(1, lane.count)
                    if let share = shares[index] {
                        samples[index].ticks += 50
                        samples[index].cpu += Int64(share * 50_000_000)
                    }
                    board.desk.watch.note(samples[index], of: lane, now: now)
                }
            }
        }

        /// New legs; returns the numbers of the threads that they were given to.
        @discardableResult
        func add(_ count: Int) throws -> [Int] {
            try (0..<count).map { _ in
                let party = try board.party()
                parties.append(party)
                return board.lanes.firstIndex { $0 === party.leg.lane } ?? -1
            }
        }

        /// The threads run after all, so that they give their legs back.
        func end() throws {
            for lane in board.lanes { try lane.start() }
            board.desk.stop()
            #expect(board.isEmpty)
        }
    }

    @Test func aNewCallGoesToTheThreadWithTheLeastMeasuredLoad() throws {
        let house = try House(threads: 4)
        house.run(2_500, shares: [0.5, 0.3, 0.2, 0.6])
        #expect(try house.add(3) == [2, 2, 2])
        house.run(2_500, shares: [0.1, 0.3, 0.4, 0.6])
        #expect(try house.add(1) == [0])
        try house.end()
    }

    @Test func anOverloadedThreadIsAvoidedEvenWhenItHasBecomeTheLeastBusy() throws {
        let house = try House(threads: 3)
        house.run(2_500, shares: [0.85, 0.78, 0.79])
        house.run(2_000, shares: [0.75, 0.78, 0.79])
        #expect(!house.board.desk.isOverloaded)
        #expect(try house.add(1) == [1])
        house.run(2_500, shares: [0.65, 0.78, 0.79])
        #expect(try house.add(1) == [0])
        try house.end()
    }

    @Test func callsAreRefusedOnceEveryThreadIsBusyAndTakenAgainOnceOneIsNot() throws {
        let house = try House(threads: 3)
        house.run(2_500, shares: [0.9, 0.9, 0.5])
        #expect(!house.board.desk.isOverloaded)
        #expect(try house.add(1) == [2])
        house.run(2_500, shares: [0.9, 0.9, 0.85])
        #expect(house.board.desk.isOverloaded)
        house.run(2_500, shares: [0.9, 0.5, 0.85])
        #expect(!house.board.desk.isOverloaded)
        #expect(try house.add(1) == [1])
        let said = house.log.lines.filter { $0.hasPrefix("warning media.overloaded") }
        #expect(said.count == 3, "once for each thread")
        #expect(house.log.lines.contains { $0.hasPrefix("notice media.relieved thread=media-2") })
        try house.end()
    }

    @Test func aBurstOfCallsIsRefusedBeforeItIsFelt() throws {
        let house = try House(threads: 2)
        try house.add(40)
        house.run(2_500, shares: [0.4, 0.6])
        var taken = [0, 0]
        while !house.board.desk.isOverloaded, taken[0] + taken[1] < 200 { taken[try house.add(1)[0]] += 1 }
        #expect(taken == [20, 7], "as many as fill 0.8 of each core, at what a leg costs there")
        try house.end()
    }

    @Test func aThreadThatStandsStillGetsNoCallAndIsNamedWithin200Milliseconds() throws {
        let house = try House(threads: 4)
        house.run(2_500, shares: [0.3, 0.3, 0.1, 0.3])
        #expect(house.log.lines == [])
        house.run(150, shares: [0.3, 0.3, nil, 0.3])
        #expect(house.log.lines == ["error media.stalled milliseconds=100 thread=media-3"])
        #expect(try house.add(3) == [0, 1, 3])
        house.run(850, shares: [0.3, 0.3, nil, 0.3])
        #expect(house.log.lines.count == 1, "it is said once")
        house.run(50, shares: [0.3, 0.3, 0.1, 0.3])
        #expect(house.log.lines.last == "error media.recovered milliseconds=1050 thread=media-3")
        #expect(try house.add(1) == [2])
        try house.end()
    }

    @Test func whenAllStandStillEachIsNamedAndCallsAreRefused() throws {
        let house = try House(threads: 3)
        house.run(1_000, shares: [0.1, 0.1, 0.1])
        house.run(150, shares: [nil, nil, nil])
        #expect(house.log.lines == (1...3).map { "error media.stalled milliseconds=100 thread=media-\($0)" })
        #expect(house.board.desk.isOverloaded)
        house.run(50, shares: [nil, 0.1, nil])
        #expect(!house.board.desk.isOverloaded)
        #expect(try house.add(1) == [1])
        try house.end()
    }

    @Test func thatThreadsMayNotGoBeforeOthersIsSaidOnceForAll() throws {
        let house = try House(threads: 4)
        // Threads that do not run have no priority either.
        let isWanted = house.board.lanes.contains(where: \.thread.wantsRealtime)
        house.board.desk.watch.start()
        #expect(house.log.lines.count { $0.hasPrefix("notice media.priority") } == (isWanted ? 1 : 0))
        try house.end()
    }
}

/// Keeps what is logged, as `level message key=value …` with the keys in order.
private struct LogRecord: LogHandler {
    private final class Kept: Sendable {
        let lines = Mutex<[String]>([])
    }

    private let kept = Kept()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.info

    var lines: [String] { kept.lines.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let details = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        kept.lines.withLock { $0.append((["\(event.level) \(event.message)"] + details).joined(separator: " ")) }
    }
}
