// The queues between threads, with two real threads at their ends.

import Glibc
import Testing
import Timing

@testable import Media

/// What the two threads of a test share.
private final class Ends: Sendable {
    static let count = 200_000
    let ring = Ring<Int>(capacity: 64, filledWith: 0)
    let taps = TapRing(capacity: 4_096)
}

/// Runs `body` on a thread of its own; the caller joins it.
private func onThread(_ ends: Ends, _ body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer?)
    -> pthread_t
{
    var thread = pthread_t()
    pthread_create(&thread, nil, body, Unmanaged.passRetained(ends).toOpaque())
    return thread
}

private func pushNumbers(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let raw else { return nil }
    // because `onThread` passed a retained reference
    let ends = Unmanaged<Ends>.fromOpaque(raw).takeRetainedValue()
    for number in 0..<Ends.count { while !ends.ring.push(number) { sched_yield() } }
    return nil
}

private func pushBlocks(_ raw: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let raw else { return nil }
    // because `onThread` passed a retained reference
    let ends = Unmanaged<Ends>.fromOpaque(raw).takeRetainedValue()
    for number in 0..<20_000 {
        let payload = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: number % 300)
        let block = TapBlock(
            recording: UInt32(number), side: .right, codec: .opus, at: Instant(nanoseconds: 0), rtpTimestamp: 0,
            sequence: 0, ssrc: SSRC(rawValue: 0), length: UInt16(payload.count))
        while !payload.withUnsafeBytes({ ends.taps.push(block, payload: $0) }) { sched_yield() }
    }
    return nil
}

@Suite struct RingTests {
    @Test func `between two threads nothing is lost, doubled or out of order`() {
        let ends = Ends()
        let writer = onThread(ends, pushNumbers)
        var next = 0
        var isInOrder = true
        while next < Ends.count {
            guard let number = ends.ring.pop() else {
                sched_yield()
                continue
            }
            isInOrder = isInOrder && number == next
            next += 1
        }
        pthread_join(writer, nil)
        #expect(isInOrder)
        let rest = ends.ring.pop()
        #expect(rest == nil)
    }

    @Test func `blocks of a tap cross threads whole`() {
        let ends = Ends()
        let writer = onThread(ends, pushBlocks)
        var next = 0
        var isWhole = true
        while next < 20_000 {
            let count = ends.taps.read { block, payload in
                let byte = UInt8(truncatingIfNeeded: next)
                isWhole =
                    isWhole && block.recording == UInt32(next) && payload.count == next % 300
                    && payload.allSatisfy { $0 == byte }
                next += 1
            }
            if count == 0 { sched_yield() }
        }
        pthread_join(writer, nil)
        #expect(isWhole)
    }

    @Test func `a full ring refuses and an empty one gives nothing`() {
        let ring = Ring<Int>(capacity: 4, filledWith: 0)
        let empty = ring.pop()
        #expect(empty == nil)
        for number in 0..<4 {
            let isIn = ring.push(number)
            #expect(isIn)
        }
        let isIn = ring.push(4)
        #expect(!isIn)
        let first = ring.pop()
        #expect(first == 0)
    }
}
