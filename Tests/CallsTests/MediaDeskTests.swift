// Legs on several real media threads: they come together when they are bridged, and nobody notices.

import Media
import Recorder
import SIP
import TestKit
import TestTools
import Testing
import Timing

@testable import Calls

@Suite(.serialized, .timeLimit(.minutes(2)))
@Signalling
struct MediaDeskTests {
    private func prompt(_ milliseconds: Int) throws -> Prompt {
        try Prompt(samples16k: Tones.sine(700, rate: 16_000, from: 0, count: 16 * milliseconds))
    }

    private func sequence(_ packet: [UInt8]) -> UInt16 { UInt16(packet[2]) << 8 | UInt16(packet[3]) }

    private func isContinuous(_ packets: [[UInt8]]) -> Bool {
        zip(packets, packets.dropFirst()).allSatisfy { sequence($1) == sequence($0) &+ 1 }
    }

    @Test func newLegsGoWhereTheLoadIsLeast() throws {
        let board = try Switchboard(threads: 3).start()
        let parties = try (0..<9).map { _ in try board.party() }
        #expect(board.lanes.map(\.count) == [3, 3, 3])
        #expect(parties.map { $0.leg.lane?.thread.name } == (0..<9).map { "media-\($0 % 3 + 1)" })
        board.desk.stop()
        #expect(board.isEmpty)
    }

    @Test func aLegWhoseSoundIsCleanedIsNotRelayedToOthersWhoseOwnIs() async throws {
        let board = try Switchboard(threads: 2).start()
        let (a, b) = (try board.party(), try board.party())
        a.leg.clean(SpeechCleaning(reducesNoise: true, evensLevel: true))
        a.leg.bridge(with: b.leg)
        await b.hear(try prompt(60))
        for _ in 0..<5 {
            a.say(1)
            b.say(2)
        }
        await a.press()
        await b.press()
        #expect(board.sum(.relayed) == 5 && a.heard().allSatisfy { $0.last == 2 })
        a.leg.clean(nil)
        a.leg.close()
        b.leg.close()
        await a.awaitRemoval()
        await b.awaitRemoval()
        #expect(board.isEmpty && board.sum(.commandsIgnored) == 0)
        board.desk.stop()
    }

    @Test func twoLegsOnTwoThreadsAreBridgedOnOneAndWhatPlaysGoesOn() async throws {
        let board = try Switchboard(threads: 2).start()
        let (a, b) = (try board.party(), try board.party())
        // The third party makes the first thread the busier one.
        let c = try board.party()
        #expect(a.leg.lane !== b.leg.lane && a.leg.lane === c.leg.lane)
        a.leg.play(Playlist([try prompt(400)], loops: true))
        await b.hear(try prompt(60))
        a.leg.bridge(with: b.leg)
        #expect(a.leg.lane == nil, "it is on its way")
        await b.hear(try prompt(200))
        #expect(a.leg.lane === b.leg.lane && b.leg.lane === board.lanes[1])
        let music = a.heard()
        #expect(music.count >= 10 && isContinuous(music))
        a.leg.stopPlaying()
        a.say(1)
        b.say(2)
        await a.press()
        await b.press()
        await c.hear(try prompt(20))
        #expect(b.heard().contains { $0.last == 1 } && a.heard().contains { $0.last == 2 })
        #expect(board.sum(.relayed) == 2)
        board.desk.stop()
        #expect(board.isEmpty)
        #expect(board.sum(.commandsIgnored) == 0 && board.sum(.eventsLost) == 0)
    }

    @Test func whatIsSaidToALegOnItsWayWaitsInOrder() async throws {
        let board = try Switchboard(threads: 2).start()
        let (a, b) = (try board.party(), try board.party())
        a.leg.bridge(with: b.leg)
        a.leg.unbridge()
        a.leg.play(Playlist([try prompt(2_000)], loops: true))
        b.leg.play(Playlist([try prompt(2_000)], loops: true))
        a.leg.update(a.plan)
        #expect(a.leg.lane == nil || b.leg.lane == nil)
        await a.hear(try prompt(100))
        await b.hear(try prompt(100))
        #expect(a.leg.lane === b.leg.lane)
        a.say(1)
        await a.press()
        await b.hear(try prompt(20))
        #expect(!b.heard().contains { $0.last == 1 }, "the bridge was taken down after it was made")
        board.desk.stop()
        #expect(board.isEmpty && board.sum(.commandsIgnored) == 0)
    }

    @Test func aCallThatHangsUpOnItsWayIsGoneAndTheOtherGoesOn() async throws {
        let board = try Switchboard(threads: 2).start()
        for isMover in [true, false] {
            let (a, b) = (try board.party(), try board.party())
            a.leg.bridge(with: b.leg)
            let mover = a.leg.lane == nil ? a : b
            let (gone, left) = isMover == (mover === a) ? (a, b) : (b, a)
            gone.leg.close()
            left.leg.unbridge()
            await gone.awaitRemoval()
            await left.hear(try prompt(20))
            left.leg.close()
            await left.awaitRemoval()
            #expect(board.isEmpty)
        }
        board.desk.stop()
        #expect(board.sum(.commandsIgnored) == 0)
    }

    @Test func aBridgeThatIsReplacedBeforeItStandsLeavesTheLastOne() async throws {
        let board = try Switchboard(threads: 3).start()
        let (a, b, c) = (try board.party(), try board.party(), try board.party())
        a.leg.bridge(with: b.leg)
        c.leg.bridge(with: b.leg)
        b.leg.bridge(with: a.leg)
        a.leg.bridge(with: c.leg)
        await c.hear(try prompt(20))
        #expect(a.leg.lane === c.leg.lane)
        a.say(1)
        c.say(3)
        await a.press()
        await c.press()
        await b.hear(try prompt(40))
        await c.hear(try prompt(20))
        #expect(a.heard().contains { $0.last == 3 } && c.heard().contains { $0.last == 1 })
        #expect(!b.heard().contains { $0.last == 1 || $0.last == 3 })
        board.desk.stop()
        #expect(board.isEmpty && board.sum(.commandsIgnored) == 0)
    }

    @Test func aFullThreadIsNoMeetingPlace() async throws {
        let board = try Switchboard(threads: 3).start()
        let (a, b) = (try board.party(), try board.party())
        var taken: [(MediaLane, LegID)] = []
        func fill(_ lanes: Int...) {
            for lane in lanes.map({ board.lanes[$0] }) { while let id = lane.take() { taken.append((lane, id)) } }
        }
        fill(1)
        a.leg.bridge(with: b.leg)
        await a.hear(try prompt(20))
        #expect(a.leg.lane === board.lanes[0] && b.leg.lane === board.lanes[0])

        fill(0, 1)
        let c = try board.party()
        #expect(c.leg.lane === board.lanes[2])
        c.leg.bridge(with: a.leg)
        await c.hear(try prompt(20))
        #expect(a.leg.lane === board.lanes[2])

        fill(0, 1, 2)
        #expect(throws: MediaDeskError.self) { try board.party() }
        b.leg.bridge(with: c.leg)
        await b.awaitNews { if case .lost(.overflow) = $0 { true } else { false } }
        await c.awaitNews { if case .lost(.overflow) = $0 { true } else { false } }
        await b.hear(try prompt(20))
        for (lane, id) in taken { lane.release(id) }
        board.desk.stop()
        #expect(board.isEmpty)
    }

    @Test func aConferenceStaysAndTheOneWhoJoinsMoves() async throws {
        let board = try Switchboard(threads: 2).start()
        let (a, b, c) = (try board.party(), try board.party(), try board.party())
        #expect(a.leg.lane === c.leg.lane)
        var places: [ObjectIdentifier] = []
        board.desk.gather([b.leg, a.leg, c.leg]) { places.append(ObjectIdentifier($0)) }
        #expect(b.leg.lane == nil && a.leg.lane === board.lanes[0])
        await b.hear(try prompt(20))
        #expect(b.leg.lane === board.lanes[0])
        board.desk.gather([a.leg, b.leg]) { places.append(ObjectIdentifier($0)) }
        #expect(places == [ObjectIdentifier(board.lanes[0]), ObjectIdentifier(board.lanes[0])])
        board.desk.stop()
        #expect(board.isEmpty)
    }

    @Test func theEndFindsLegsOnTheirWay() throws {
        for threads in 2...4 {
            let board = try Switchboard(threads: threads).start()
            let parties = try (0..<16).map { _ in try board.party() }
            for (one, next) in zip(parties, parties.dropFirst()) { one.leg.bridge(with: next.leg) }
            #expect(parties.contains { $0.leg.lane == nil })
            board.desk.stop()
            #expect(board.isEmpty)
            #expect(parties.allSatisfy { $0.leg.isClosed })
            #expect(board.sum(.legs) == 0)
        }
    }

    @Test func aThreadThatListensToNobodyLosesItsCallsButNotItsLegs() async throws {
        let board = try Switchboard(threads: 1)
        let a = try board.party()
        for _ in 0..<9_000 { a.leg.unbridge() }
        board.lanes[0].catchUp()
        await a.awaitNews { if case .lost(.overflow) = $0 { true } else { false } }
        a.leg.close()
        // As if it had come back.
        try board.desk.start()
        while board.lanes[0].count > 0 {
            board.lanes[0].catchUp()
            await Task.yield()
        }
        board.desk.stop()
        #expect(board.isEmpty && board.sum(.commandsIgnored) == 0)
    }

    @Test func aRecordingGoesOnWhileItsLegMoves() async throws {
        let folder = try TemporaryFolder()
        let board = try Switchboard(threads: 3)
        let recorder = Recorder(directory: folder.path, taps: board.desk.taps) { Issue.record($0) }
        recorder.start()
        try board.desk.start()
        let parties = try (0..<4).map { _ in try board.party() }
        let caller = parties[0]
        recorder.open(1, contact: "c", startedAt: Clock.unixMilliseconds(), origin: Clock.monotonic())
        caller.leg.record(1)
        caller.leg.play(Playlist([try prompt(1_000)], loops: true))
        var places: Set<String> = []
        var heard: [[UInt8]] = []
        for round in 0..<40 {
            for _ in 0..<5 { caller.say(UInt8(round)) }
            let other = parties[1 + round % 3]
            other.leg.bridge(with: caller.leg)
            await other.hear(try prompt(20))
            places.insert(caller.leg.lane?.thread.name ?? "")
            other.leg.unbridge()
            scatter(parties, on: board)
            await other.hear(try prompt(20))
            heard += caller.heard()
        }
        await caller.press()
        caller.leg.close()
        await caller.awaitRemoval()
        heard += caller.heard()
        let journal = try await withCheckedContinuation { done in
            recorder.close(1) { done.resume(returning: $0) }
        }.get()
        board.desk.stop()
        recorder.stop()
        var reading = try Journal(path: journal.path)
        var entries: [JournalEntry] = []
        while reading.nextSegment({ entry, _ in entries.append(entry) }) {}
        #expect(places.count == 3, "it was on every thread")
        #expect(reading.damages == 0 && journal.lost == 0)
        #expect(entries.count { $0.side == .left } == 200)
        for side in [TapBlock.Side.left, .right] {
            let own = entries.filter { $0.side == side }
            #expect(zip(own, own.dropFirst()).allSatisfy { $1.sequence == $0.sequence &+ 1 && $1.offset >= $0.offset })
        }
        let right = entries.filter { $0.side == .right }
        #expect(right.map(\.sequence) == heard.map(sequence) && right.count >= 40)
        #expect(board.isEmpty)
    }

    /// Moves each leg to the next thread.
    private func scatter(_ parties: [Switchboard.Party], on board: Switchboard) {
        for party in parties {
            guard let lane = party.leg.lane, let index = board.lanes.firstIndex(where: { $0 === lane }) else {
                continue
            }
            party.leg.move(to: board.lanes[(index + 1) % board.lanes.count])
        }
    }
}
