// Recordings of legs that move between media threads: nothing missing, nothing doubled, everything in order.

import Dispatch
import Glibc
import Media
import Synchronization
import TestKit
import TestTools
import Testing
import Timing

@testable import Recorder

/// Two threads that push blocks of one recording in turn, as fast as the turn can be handed over.
private final class Relay: Sendable {
    static let count = 40_000
    /// A ring's reader must be able to come to both at any time.
    let taps = [TapRing(capacity: 1 << 14), TapRing(capacity: 1 << 14)]
    let turn = Atomic<Int>(0)
    private let next = Atomic<Int>(0)

    func run(_ index: Int) {
        let payload = [UInt8](repeating: 0, count: 20)
        while true {
            while turn.load(ordering: .acquiring) != index { sched_yield() }
            var number = next.load(ordering: .relaxed)
            for _ in 0...number % 3 where number < Relay.count {
                let block = TapBlock(
                    recording: UInt32(number), side: .left, codec: .pcma, at: Clock.monotonic(), rtpTimestamp: 0,
                    sequence: 0, ssrc: SSRC(rawValue: 0), length: 20)
                while !payload.withUnsafeBytes({ taps[index].push(block, payload: $0) }) { sched_yield() }
                number += 1
            }
            next.store(number, ordering: .relaxed)
            turn.store(1 - index, ordering: .releasing)
            if number == Relay.count { return }
        }
    }
}

@Suite("Taps of several threads")
struct TapMergeTests {
    private func block(at milliseconds: Int, _ recording: UInt32) -> TapBlock {
        TapBlock(
            recording: recording, side: .left, codec: .pcma, at: Recording.origin + .milliseconds(milliseconds),
            rtpTimestamp: 0, sequence: 0, ssrc: SSRC(rawValue: 0), length: 0)
    }

    private func push(_ block: TapBlock, to tap: TapRing) -> Bool {
        tap.push(block, payload: UnsafeRawBufferPointer(start: nil, count: 0))
    }

    @Test("what is due comes in the order of time, what is younger later")
    func order() {
        let taps = [TapRing(capacity: 4_096), TapRing(capacity: 4_096), TapRing(capacity: 4_096)]
        for (tap, times) in [(0, [5, 9, 30]), (1, [1, 6, 7, 8, 20]), (2, [])] {
            for time in times { #expect(push(block(at: time, UInt32(time)), to: taps[tap])) }
        }
        var merge = TapMerge(taps)
        var numbers: [UInt32] = []
        merge.read(until: Recording.origin + .milliseconds(9)) { block, _ in numbers.append(block.recording) }
        #expect(numbers == [1, 5, 6, 7, 8, 9])
        #expect(push(block(at: 10, 10), to: taps[2]))
        merge.read(until: Recording.origin + .milliseconds(30)) { block, _ in numbers.append(block.recording) }
        #expect(numbers == [1, 5, 6, 7, 8, 9, 10, 20, 30])
    }

    @Test("from two threads that hand one recording to and fro, blocks come out in order while they are written")
    func threads() {
        let relay = Relay()
        let group = DispatchGroup()
        for index in 0..<2 { Thread.run(in: group) { relay.run(index) } }
        var merge = TapMerge(relay.taps)
        var next = 0
        var isInOrder = true
        while next < Relay.count, isInOrder {
            let before = next
            merge.read(until: Clock.monotonic()) { block, _ in
                isInOrder = isInOrder && block.recording == UInt32(next)
                next += 1
            }
            if next == before { sched_yield() }
        }
        #expect(isInOrder)
        // A failure leaves the writers behind full rings: they are emptied until both have ended.
        while group.wait(timeout: .now()) == .timedOut {
            for tap in relay.taps { tap.read { _, _ in } }
            sched_yield()
        }
    }

    @Test("a recording goes on, in order and without a gap, wherever its leg goes", arguments: 0..<6)
    func moving(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let folder = try TemporaryFolder()
        let rigs = [Rig(), Rig(), Rig()]
        let desk = JournalDesk(
            directory: folder.path, taps: rigs.map(\.taps), disk: DispatchQueue(label: "disk")
        ) { Issue.record($0) }
        let header = JournalHeader(contact: "c", startedAt: 1_700_000_000_000, origin: rigs[0].now)
        desk.drain([.open(recording: 1, header: header)], now: rigs[0].now) { [] }
        let phone = Phone(port: 5_000, tone: 440)
        let prompt = try Prompt(samples16k: Tones.sine(700, rate: 16_000, from: 0, count: 16_000))
        let playlist = Playlist([prompt], loops: true)
        var place = seed % 3
        var leg = rigs[place].connect(phone)
        rigs[place].handle(.record(leg, recording: 1))
        rigs[place].handle(.play(leg, playlist.view, token: 1))
        func run(_ milliseconds: Int) {
            for _ in 0..<milliseconds { for rig in rigs { rig.run(milliseconds: 1) } }
        }
        var moves = 0
        for _ in 0..<600 {
            run(random.roll(40))
            if random.roll(4) == 0 { desk.drain([], now: rigs[0].now) { [] } }
            guard random.roll(2) == 0, let moving = rigs[place].detach(leg) else { continue }
            run(random.roll(4))
            place = random.roll(3)
            leg = rigs[place].adopt(moving)
            moves += 1
        }
        desk.drain([], now: rigs[0].now) { [] }
        desk.closeAll(now: rigs[0].now)
        var journal = try Journal(path: "\(folder.path)/2023/11/14/c.cjr")
        var entries: [JournalEntry] = []
        while journal.nextSegment({ entry, _ in entries.append(entry) }) {}
        #expect(journal.damages == 0 && moves > 200)
        #expect(zip(entries, entries.dropFirst()).allSatisfy { $0.offset <= $1.offset })
        for (side, count) in [(TapBlock.Side.left, phone.said.count), (.right, phone.heard.count)] {
            let own = entries.filter { $0.side == side }
            #expect(own.count == count)
            #expect(zip(own, own.dropFirst()).allSatisfy { $1.sequence == $0.sequence &+ 1 })
            #expect(own.indices.filter { own[$0].flags.contains(.streamStart) } == [0])
        }
        withExtendedLifetime(playlist) {}
    }
}

/// A thread of its own: what spins must not take one of the pool.
private enum Thread {
    static func run(in group: DispatchGroup, _ body: @escaping @Sendable () -> Void) {
        group.enter()
        DispatchQueue(label: "writer").async {
            body()
            group.leave()
        }
    }
}
