// Payloads on their way from a media thread to the recorder.

import Synchronization
public import Timing

/// A byte ring for one writer and one reader. When full, blocks are dropped and counted: recording never delays sound.
public final class TapRing: @unchecked Sendable {
    // @unchecked because `memory` is written by the one writer before `tail` is released, and read by the one reader
    // between acquiring `tail` and releasing `head`

    /// A record is its own length, a block and a payload, in multiples of 8 bytes; a record of length `wrap` sends the
    /// reader back to the beginning of the memory.
    private static let wrap: UInt64 = .max
    private static let blockOffset = 8
    private static var payloadOffset: Int { blockOffset + (MemoryLayout<TapBlock>.stride + 7) & ~7 }

    private let memory: UnsafeMutableRawPointer
    private let capacity: Int
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)

    /// `capacity` in bytes, a power of two of at least 4,096. A second of one recorded call takes about 23 KB.
    public init(capacity: Int = 1 << 22) {
        precondition(capacity >= 4_096 && capacity & (capacity - 1) == 0, "a tap ring's capacity is a power of two")
        self.capacity = capacity
        memory = .allocate(byteCount: capacity, alignment: 64)
    }

    deinit { memory.deallocate() }

    /// Blocks that found no room since the start.
    public var dropped: Int { lost.load(ordering: .relaxed) }

    /// False, and counted, when there is no room. `block.length` must be the payload's. Only from the writer's thread.
    public func push(_ block: TapBlock, payload: UnsafeRawBufferPointer) -> Bool {
        let size = (TapRing.payloadOffset + payload.count + 7) & ~7
        let place = tail.load(ordering: .relaxed)
        let used = place &- head.load(ordering: .acquiring)
        let offset = place & (capacity - 1)
        let untilEnd = capacity - offset
        let skipped = size > untilEnd ? untilEnd : 0
        guard used + skipped + size <= capacity else {
            lost.store(lost.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
            return false
        }
        if skipped > 0 { memory.storeBytes(of: TapRing.wrap, toByteOffset: offset, as: UInt64.self) }
        let record = memory + (skipped > 0 ? 0 : offset)
        record.storeBytes(of: UInt64(size), as: UInt64.self)
        record.storeBytes(of: block, toByteOffset: TapRing.blockOffset, as: TapBlock.self)
        if let bytes = payload.baseAddress {
            (record + TapRing.payloadOffset).copyMemory(from: bytes, byteCount: payload.count)
        }
        tail.store(place &+ skipped &+ size, ordering: .releasing)
        return true
    }

    /// When the oldest waiting block was made; nil when none waits. Only from the reader's thread.
    public var oldest: Instant? {
        front().map { $0.record.load(fromByteOffset: TapRing.blockOffset, as: TapBlock.self).at }
    }

    /// Hands the oldest waiting block to `body`; the payload is valid only inside. Only from the reader's thread.
    /// - Returns: false when none waits.
    public func readOne(_ body: (TapBlock, UnsafeRawBufferPointer) -> Void) -> Bool {
        guard let (record, next) = front() else { return false }
        let block = record.load(fromByteOffset: TapRing.blockOffset, as: TapBlock.self)
        body(block, UnsafeRawBufferPointer(start: record + TapRing.payloadOffset, count: Int(block.length)))
        head.store(next, ordering: .releasing)
        return true
    }

    /// Hands all waiting blocks to `body`, oldest first; the payload is valid only inside. Only from the reader's
    /// thread.
    /// - Returns: how many blocks there were.
    @discardableResult
    public func read(_ body: (TapBlock, UnsafeRawBufferPointer) -> Void) -> Int {
        var count = 0
        while readOne(body) { count += 1 }
        return count
    }

    /// The oldest record, and the place of the one after it.
    private func front() -> (record: UnsafeMutableRawPointer, next: Int)? {
        var place = head.load(ordering: .relaxed)
        guard place != tail.load(ordering: .acquiring) else { return nil }
        var record = memory + place & (capacity - 1)
        if record.load(as: UInt64.self) == TapRing.wrap {
            // The record behind the mark came with it.
            place &+= capacity - place & (capacity - 1)
            record = memory
        }
        return (record, place &+ Int(record.load(as: UInt64.self)))
    }
}
