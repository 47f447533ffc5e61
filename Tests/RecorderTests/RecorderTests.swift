// The recorder: from taps to files, through crashes and full disks.

import Dispatch
import Media
import Synchronization
import TestTools
import Testing
import Timing

@testable import Recorder

@Suite("Recorder")
struct RecorderTests {
    private let disk = DispatchQueue(label: "disk")

    private func block(_ recording: UInt32, _ number: Int, length: Int = 160) -> TapBlock {
        TapBlock(
            recording: recording, side: .left, codec: .pcma, flags: [],
            at: Recording.origin + .milliseconds(20 * number), rtpTimestamp: UInt32(160 * number),
            sequence: UInt16(truncatingIfNeeded: number), ssrc: SSRC(rawValue: 1), length: UInt16(length))
    }

    private func push(_ tap: TapRing, _ recording: UInt32, _ numbers: Range<Int>) -> Bool {
        numbers.allSatisfy { number in
            [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 160).withUnsafeBytes {
                tap.push(block(recording, number), payload: $0)
            }
        }
    }

    private func sequences(_ path: String) throws -> [UInt16] {
        var journal = try Journal(path: path)
        var sequences: [UInt16] = []
        while journal.nextSegment({ entry, _ in sequences.append(entry.sequence) }) {}
        #expect(journal.damages == 0)
        return sequences
    }

    @Test("what the taps bring is in the file of its day when the recording is closed")
    func wholeWay() async throws {
        let folder = try TemporaryFolder()
        let taps = [TapRing(), TapRing()]
        let recorder = Recorder(directory: "\(folder.path)/rec", taps: taps) { Issue.record($0) }
        recorder.start()
        recorder.open(1, contact: "one", startedAt: 1_700_000_000_000, origin: Recording.origin)
        recorder.open(2, contact: "two", startedAt: 1_700_000_000_000, origin: Recording.origin)
        #expect(push(taps[0], 1, 0..<100))
        #expect(push(taps[1], 2, 0..<50))
        let one = try await close(recorder, 1)
        #expect(one.path == "\(folder.path)/rec/2023/11/14/one.cjr")
        #expect(one.duration == .milliseconds(1_980))
        #expect(one.lost == 0)
        #expect(try sequences(one.path) == (0..<100).map { UInt16($0) })
        recorder.stop()
        #expect(try sequences("\(folder.path)/rec/2023/11/14/two.cjr").count == 50)
        #expect(Recorder.recover(directory: "\(folder.path)/rec").isEmpty)
    }

    @Test("closing what is not open is told")
    func notOpen() async throws {
        let folder = try TemporaryFolder()
        let recorder = Recorder(directory: folder.path, taps: []) { _ in }
        recorder.start()
        await #expect(throws: RecorderProblem.notOpen(9)) { _ = try await close(recorder, 9) }
        recorder.stop()
    }

    private func close(_ recorder: Recorder, _ recording: UInt32) async throws -> RecordedJournal {
        try await withCheckedContinuation { continuation in
            recorder.close(recording) { continuation.resume(returning: $0) }
        }.get()
    }

    /// A desk in virtual time.
    private final class Requests {
        var waiting: [JournalDesk.Request] = []
        func take() -> [JournalDesk.Request] {
            defer { waiting = [] }
            return waiting
        }
    }

    private func open(_ recording: UInt32, _ contact: String) -> JournalDesk.Request {
        .open(recording: recording, header: Recording.header(contact))
    }

    @Test("within 200 ms everything is in the file, where a kill cannot reach it")
    func promptly() throws {
        let folder = try TemporaryFolder()
        let tap = TapRing()
        let desk = JournalDesk(directory: folder.path, taps: [tap], disk: disk) { Issue.record($0) }
        let requests = Requests()
        requests.waiting = [open(1, "c")]
        desk.drain(requests.take(), now: Recording.origin, more: requests.take)
        for round in 1...40 {
            #expect(push(tap, 1, (round - 1) * 3..<round * 3))
            desk.drain([], now: Recording.origin + .milliseconds(60 * round), more: requests.take)
            let kept = try sequences("\(folder.path)/2023/11/14/c.cjr").count
            #expect(kept >= (round - 3) * 3)
        }
    }

    @Test("what waited for a late recorder is written while it is being taken, not piled up")
    func late() throws {
        let folder = try TemporaryFolder()
        let tap = TapRing()
        let desk = JournalDesk(directory: folder.path, taps: [tap], disk: disk) { Issue.record($0) }
        let requests = Requests()
        requests.waiting = [open(1, "c")]
        #expect(push(tap, 1, 0..<500))
        desk.drain(requests.take(), now: Recording.origin + .seconds(10), more: requests.take)
        #expect(try sequences("\(folder.path)/2023/11/14/c.cjr").count > 480)
        desk.closeAll(now: Recording.origin)
        #expect(try sequences("\(folder.path)/2023/11/14/c.cjr") == (0..<500).map { UInt16($0) })
    }

    @Test("a payload that overtakes the opening of its recording is kept")
    func overtaking() throws {
        let folder = try TemporaryFolder()
        let tap = TapRing()
        let desk = JournalDesk(directory: folder.path, taps: [tap], disk: disk) { Issue.record($0) }
        #expect(push(tap, 1, 0..<5))
        var calls = 0
        desk.drain([], now: Recording.origin + .milliseconds(80)) {
            calls += 1
            return [open(1, "c")]
        }
        #expect(calls == 1)
        desk.closeAll(now: Recording.origin)
        #expect(try sequences("\(folder.path)/2023/11/14/c.cjr") == [0, 1, 2, 3, 4])
    }

    @Test("a payload of a recording that nobody opened is left out")
    func unknown() throws {
        let folder = try TemporaryFolder()
        let tap = TapRing()
        let desk = JournalDesk(directory: folder.path, taps: [tap], disk: disk) { Issue.record($0) }
        #expect(push(tap, 3, 0..<5))
        desk.drain([], now: Recording.origin + .milliseconds(80)) { [] }
        #expect(desk.isEmpty)
    }

    @Test("while the disk refuses, payloads wait, and are there when it works again")
    func refusingDisk() throws {
        let folder = try TemporaryFolder()
        try folder.write([], as: "rec")
        let tap = TapRing()
        let problems = Mutex<[RecorderProblem]>([])
        let desk = JournalDesk(directory: "\(folder.path)/rec", taps: [tap], disk: disk) { problem in
            problems.withLock { $0.append(problem) }
        }
        let requests = Requests()
        requests.waiting = [open(1, "c")]
        for round in 0..<10 {
            #expect(push(tap, 1, 10 * round..<10 * (round + 1)))
            desk.drain(
                requests.take(), now: Recording.origin + .milliseconds(200 * (round + 1)), more: requests.take)
        }
        #expect(problems.withLock { $0.count } == 1)
        try folder.remove("rec")
        desk.drain([], now: Recording.origin + .seconds(3), more: requests.take)
        #expect(problems.withLock { $0.last } == .recovered(contact: "c"))
        desk.closeAll(now: Recording.origin + .seconds(4))
        #expect(try sequences("\(folder.path)/rec/2023/11/14/c.cjr") == (0..<100).map { UInt16($0) })
    }

    @Test("a recording that could not be made durable is told, and the next start completes it")
    func refusedSync() throws {
        let folder = try TemporaryFolder()
        let directory = "\(folder.path)/rec"
        let slow = DispatchQueue(label: "slow disk")
        slow.suspend()
        let tap = TapRing()
        let problems = Mutex<[RecorderProblem]>([])
        let desk = JournalDesk(directory: directory, taps: [tap], disk: slow) { problem in
            problems.withLock { $0.append(problem) }
        }
        let told = Mutex<Result<RecordedJournal, RecorderProblem>?>(nil)
        let requests = Requests()
        requests.waiting = [open(1, "c")]
        #expect(push(tap, 1, 0..<10))
        desk.drain(requests.take(), now: Recording.origin + .seconds(1), more: requests.take)
        requests.waiting = [.close(recording: 1) { result in told.withLock { $0 = result } }]
        desk.drain(requests.take(), now: Recording.origin + .seconds(2), more: requests.take)
        #expect(desk.isEmpty)
        #expect(told.withLock { $0 } == nil, "not before the disk has answered")
        try folder.move("rec", to: "away")
        slow.resume()
        slow.sync {}
        guard case .failure(.disk(let action, _, _)) = told.withLock({ $0 }) else {
            Issue.record("told of no failure")
            return
        }
        #expect(action == "sync")
        desk.drain(requests.take(), now: Recording.origin + .seconds(3), more: requests.take)
        #expect(problems.withLock { $0.count } == 1)
        let recovered = Recorder.recover(directory: "\(folder.path)/away")
        #expect(recovered.map(\.contact) == ["c"])
        #expect(try sequences("\(folder.path)/away/2023/11/14/c.cjr") == (0..<10).map { UInt16($0) })
    }

    @Test("a name that would be a path is refused, and the call goes on")
    func badName() throws {
        let folder = try TemporaryFolder()
        let problems = Mutex<[RecorderProblem]>([])
        let desk = JournalDesk(directory: folder.path, taps: [], disk: disk) { problem in
            problems.withLock { $0.append(problem) }
        }
        desk.drain([open(1, "../../etc/x")], now: Recording.origin) { [] }
        #expect(problems.withLock { $0 } == [.badContact("../../etc/x")])
        #expect(desk.isEmpty)
    }

    @Test("after a crash at any byte the journal is completed with its whole segments")
    func recovery() throws {
        var recording = Recording()
        try recording.add(Sound.silence(rate: 8_000, milliseconds: 2_500), side: .left, codec: .pcma, start: 0)
        let whole = recording.journal(end: nil)
        let header = Recording.header().bytes.count
        let folder = try TemporaryFolder()
        for length in [0, 5, header, header + 1, header + 47, header + 48] + stride(from: 200, to: whole.count, by: 997)
        {
            try folder.makeFolder("open")
            try folder.makeFolder("2023/11/14")
            try folder.write(Array("2023/11/14/c1.cjr".utf8), as: "open/c1")
            try folder.write(Array(whole[..<length]), as: "2023/11/14/c1.cjr")
            let recovered = Recorder.recover(directory: folder.path)
            #expect(recovered.count == 1)
            #expect(recovered.first?.wasOpen == true)
            #expect(recovered.first?.contact == "c1")
            #expect(Recorder.recover(directory: folder.path).isEmpty)
            guard length >= header else { continue }
            var journal = try Journal(path: "\(folder.path)/2023/11/14/c1.cjr")
            var count = 0
            while journal.nextSegment({ _, _ in count += 1 }) {}
            #expect(journal.ending == .closed)
            #expect(journal.damages == 0)
            #expect(journal.end?.cause == .recovered)
            let segment = JournalSegment.headLength + 50 * (JournalEntry.headLength + 160)
            #expect(count == (length - header) / segment * 50)
        }
    }

    @Test("a note that leads elsewhere is only removed")
    func foreignNote() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("open")
        try folder.write([1, 2, 3], as: "c1.cjr")
        for note in ["../c1.cjr", "/etc/passwd", "2023/11/14/other.cjr", "a/b/c/c1.cjr", ""] {
            try folder.write(Array(note.utf8), as: "open/c1")
            #expect(Recorder.recover(directory: folder.path).isEmpty)
        }
        #expect(try folder.read("c1.cjr") == [1, 2, 3])
    }
}
