// Everything at once: many legs on three threads, bridged, moved, played to, re-negotiated and removed in random order.

import Media
import SIP
import TestKit
import TestTools
import Testing
import Timing

@testable import Calls

@Suite(.serialized, .timeLimit(.minutes(5)))
@Signalling
struct MoveStormTests {
    private static let legs = 36
    private static let steps = 1_000

    @Test(arguments: 0..<2)
    func aStormLosesNothingAndEndsClean(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let board = try Switchboard(threads: 3).start()
        let short = try Prompt(samples16k: Tones.sine(700, rate: 16_000, from: 0, count: 320))
        let music = Playlist(
            [try Prompt(samples16k: Tones.sine(500, rate: 16_000, from: 0, count: 16_000))], loops: true)
        var parties = try (0..<Self.legs).map { _ in try board.party() }
        var said = 0
        var moves = 0
        var recording: UInt32 = 0

        /// All that the peer said has arrived when its key has.
        func retire(_ party: Switchboard.Party) async {
            await party.press()
            said += party.said
            party.leg.close()
        }

        for step in 0..<Self.steps {
            let index = random.roll(Self.legs)
            let (one, other) = (parties[index], parties[random.roll(Self.legs)])
            one.say(UInt8(truncatingIfNeeded: step))
            switch random.roll(12) {
            case 0...3:
                let places = (one.leg.lane, other.leg.lane)
                one.leg.bridge(with: other.leg)
                if let a = places.0, let b = places.1, a !== b { moves += 1 }
            case 4: one.leg.unbridge()
            case 5: one.leg.play(music)
            case 6: one.leg.stopPlaying()
            case 7: one.leg.update(one.plan)
            case 8: one.leg.send(digits: DigitString("7")!)  // because it is a key
            case 9:
                recording += 1
                one.leg.record(recording)
            case 10:
                let otherLane = board.lanes[random.roll(3)]
                if one.leg.lane !== otherLane { one.leg.move(to: otherLane) }
            default:
                // Sometimes at once, while it is on its way or others wait for it.
                if random.roll(2) == 0 { one.leg.bridge(with: other.leg) }
                await retire(one)
                parties[index] = try board.party()
            }
            if random.roll(8) == 0 { await parties[random.roll(Self.legs)].hear(short) }
            for lane in board.lanes { lane.thread.taps.read { _, _ in } }
        }

        // It all still works: each of a pair hears the other.
        for party in parties { party.leg.stopPlaying() }
        for pair in stride(from: 0, to: Self.legs, by: 2) { parties[pair].leg.bridge(with: parties[pair + 1].leg) }
        for party in parties {
            await party.hear(short)
            _ = party.heard()
        }
        for (index, party) in parties.enumerated() { party.say(UInt8(index + 100)) }
        for party in parties { await retire(party) }
        for party in parties { await party.awaitRemoval() }
        for (index, party) in parties.enumerated() {
            #expect(party.heard().contains { $0.count == 172 && $0.last == UInt8((index ^ 1) + 100) })
        }
        #expect(board.isEmpty)
        board.desk.stop()
        #expect(moves > 100)
        #expect(board.sum(.rtpReceived) == said, "every packet of every peer")
        for counter in [
            Counter.commandsIgnored, .eventsLost, .datagramsNotQueued, .droppedDuplicate, .droppedLate,
            .droppedForeignStream, .droppedWildSequence, .droppedMalformed, .droppedByTransport, .droppedForGoneLeg,
            .digitsNotQueued, .legs,
        ] { #expect(board.sum(counter) == 0, "\(counter)") }
        withExtendedLifetime(music) {}
    }
}
