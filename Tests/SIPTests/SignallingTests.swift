// The signalling thread itself: isolation, timers, descriptors.

import Foundation
import Testing
import Timing

@testable import SIP

@Suite(.timeLimit(.minutes(5)))
@Signalling
struct SignallingTests {
    @Test func `Starting twice is starting once`() async throws {
        try Signalling.start()
        try Signalling.start()
        let here = pthread_self()
        let there = await Task.detached { await Self.thread() }.value
        #expect(pthread_equal(here, there) != 0)
        Signalling.assumeIsolated { #expect(pthread_equal(here, pthread_self()) != 0) }
    }

    private static func thread() -> pthread_t { pthread_self() }

    @Test func `Ten thousand jobs from many tasks all run`() async {
        let counter = Counter()
        await withTaskGroup { group in
            for _ in 0..<100 {
                group.addTask { for _ in 0..<100 { await counter.add() } }
            }
        }
        #expect(counter.value == 10_000)
    }

    @Signalling
    private final class Counter {
        var value = 0
        func add() { value += 1 }
    }

    @Test func `Timers fire in the order of their deadlines, cancelled ones never`() async throws {
        let inbox = Inbox<Int>()
        let now = Clock.monotonic()
        for number in [5, 1, 4, 2, 3] {
            Signalling.timer(at: now + .milliseconds(10 * number)) { inbox.put(number) }
        }
        let cancelled = Signalling.timer(at: now + .milliseconds(25)) { inbox.put(99) }
        cancelled.cancel()
        Signalling.timer(at: now - .seconds(1)) { inbox.put(0) }
        for number in 0...5 { #expect(try await inbox.next() == number) }
        #expect(Clock.monotonic() >= now + .milliseconds(50))
        #expect(inbox.rest.isEmpty)
    }

    @Test func `A timer set inside a timer fires`() async throws {
        let inbox = Inbox<Int>()
        Signalling.timer(at: Clock.monotonic()) {
            Signalling.timer(at: Clock.monotonic()) { inbox.put(1) }
        }
        #expect(try await inbox.next() == 1)
    }

    @Test func `A watched descriptor calls until it is cancelled`() async throws {
        let pipe = Pipe()
        let inbox = Inbox<Data>()
        var watch: Watch?
        watch = Signalling.watch(fd: pipe.fileHandleForReading.fileDescriptor) {
            inbox.put(pipe.fileHandleForReading.availableData)
        }
        for text in ["one", "two"] {
            pipe.fileHandleForWriting.write(Data(text.utf8))
            #expect(try await inbox.next() == Data(text.utf8))
        }
        watch?.cancel()
        watch?.cancel()
        pipe.fileHandleForWriting.write(Data("three".utf8))
        let after = Inbox<Void>()
        Signalling.timer(at: Clock.monotonic() + .milliseconds(20)) { after.put(()) }
        try await after.next()
        #expect(inbox.rest.isEmpty)
    }

    @Test func `A watch may cancel itself`() async throws {
        let pipe = Pipe()
        let inbox = Inbox<Int>()
        var watch: Watch?
        watch = Signalling.watch(fd: pipe.fileHandleForReading.fileDescriptor) {
            watch?.cancel()
            watch = nil
            inbox.put(1)
        }
        pipe.fileHandleForWriting.write(Data([1]))
        #expect(try await inbox.next() == 1)
    }

    @Test func `The heap gives back every deadline in order`() {
        var random = SystemRandomNumberGenerator()
        for count in [0, 1, 2, 3, 10, 1_000] {
            var heap = DeadlineHeap<Int>()
            let deadlines = (0..<count).map { _ in Int64.random(in: 0...50, using: &random) }
            for (index, deadline) in deadlines.enumerated() { heap.insert(index, at: Instant(nanoseconds: deadline)) }
            let expected = deadlines.enumerated().sorted { ($0.element, $0.offset) < ($1.element, $1.offset) }
            for (index, deadline) in expected {
                #expect(heap.popFirst(notAfter: Instant(nanoseconds: deadline - 1)) == nil)
                #expect(heap.popFirst(notAfter: Instant(nanoseconds: deadline)) == index)
            }
            #expect(heap.count == 0)
        }
    }

    @Test func `Taking elements out of the heap leaves the others in order`() {
        var heap = DeadlineHeap<Int>()
        for index in 0..<1_000 { heap.insert(index, at: Instant(nanoseconds: Int64(index * 7_919 % 100))) }
        heap.removeAll { $0 % 3 != 0 }
        #expect(heap.count == 334)
        var last = (deadline: -1, index: -1)
        while let index = heap.popFirst(notAfter: Instant(nanoseconds: 100)) {
            let next = (deadline: index * 7_919 % 100, index: index)
            #expect(index % 3 == 0 && last < next)
            last = next
        }
        #expect(heap.count == 0)
    }

    @Test func `Cancelled timers do not stay until their time`() throws {
        try Signalling.start()
        let far = Clock.monotonic() + .seconds(7_200)
        var kept: [TimerToken] = []
        for number in 0..<10_000 {
            let timer = Signalling.timer(at: far + .milliseconds(number)) {}
            if number % 100 == 0 { kept.append(timer) } else { timer.cancel() }
        }
        #expect(Deadlines.shared.count < 1_000)
        for timer in kept { timer.cancel() }
    }
}
