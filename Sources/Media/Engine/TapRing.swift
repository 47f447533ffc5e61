// Payloads on their way from a media thread to the recorder.

import Synchronization
public import Timing

/// A byte ring for one writer and one reader. When full, blocks are dropped and counted: recording never delays sound.
///
/// Its memory is cut into chunks, and a chunk that was read is written again before one that never was: what the reader
/// does not leave waiting is never touched and costs nothing.
public final class TapRing: @unchecked Sendable {
    // @unchecked because `memory` and `chunks` are written by the one writer before `tail` is released, and read by the one
    // reader between acquiring `tail` and releasing `head`

    /// A record is its own length, a block and a payload, in multiples of 8 bytes; a record of length `wrap` sends the
    /// reader on to the next chunk.
    private static let wrap: UInt64 = .max
    private static let blockOffset = 8
    private static var payloadOffset: Int { blockOffset + (MemoryLayout<TapBlock>.stride + 7) & ~7 }
    /// A chunk holds every record (1,500 bytes and its block).
    private static let shortestChunk = 1 << 11
    private static let longestChunk = 1 << 16

    private let memory: UnsafeMutableRawPointer
    private let chunkCount: Int
    /// A chunk has 1 << `chunkShift` bytes.
    private let chunkShift: Int
    /// Which chunk of the memory is the n-th of the stream, at n modulo their number. The writer's, as the next two are.
    private let chunks: UnsafeMutablePointer<Int>
    /// Chunks of the stream whose memory was taken again.
    private var chunksReused = 0
    /// Chunks of the memory that were ever written.
    private var chunksTouched = 0
    /// Places in the stream of all bytes; they only grow.
    private let head = Atomic<Int>(0)
    private let tail = Atomic<Int>(0)
    private let lost = Atomic<Int>(0)

    /// `capacity` in bytes, a power of two of at least 4,096. A second of one recorded call takes about 23 KB.
    public init(capacity: Int = 1 << 22) {
        precondition(capacity >= 4_096 && capacity & (capacity - 1) == 0, "a tap ring's capacity is a power of two")
        let chunk = max(TapRing.shortestChunk, min(TapRing.longestChunk, capacity / 8))
        chunkShift = chunk.trailingZeroBitCount
        chunkCount = capacity / chunk
        memory = .allocate(byteCount: capacity, alignment: 64)
        chunks = .allocate(capacity: chunkCount)
        chunks.initialize(repeating: 0, count: chunkCount)
    }

    deinit {
        memory.deallocate()
        chunks.deallocate()
    }

    /// Blocks that found no room since the start.
    public var dropped: Int { lost.load(ordering: .relaxed) }

    /// False, and counted, when there is no room. `block.length` must be the payload's. Only from the writer's thread.
    public func push(_ block: TapBlock, payload: UnsafeRawBufferPointer) -> Bool {
        let size = (TapRing.payloadOffset + payload.count + 7) & ~7
        let place = tail.load(ordering: .relaxed)
        let end = endOfChunk(place)
        var start = place
        if place + size > end {
            guard beginChunk(end >> chunkShift) else {
                lost.store(lost.load(ordering: .relaxed) &+ 1, ordering: .relaxed)
                return false
            }
            if place < end { address(place).storeBytes(of: TapRing.wrap, as: UInt64.self) }
            start = end
        }
        let record = address(start)
        record.storeBytes(of: UInt64(size), as: UInt64.self)
        record.storeBytes(of: block, toByteOffset: TapRing.blockOffset, as: TapBlock.self)
        if let bytes = payload.baseAddress {
            (record + TapRing.payloadOffset).copyMemory(from: bytes, byteCount: payload.count)
        }
        tail.store(start + size, ordering: .releasing)
        return true
    }

    /// Where the chunk of `place` ends; at the border between two chunks, `place`.
    private func endOfChunk(_ place: Int) -> Int {
        let size = 1 << chunkShift
        return (place + size - 1) & ~(size - 1)
    }

    private func address(_ place: Int) -> UnsafeMutableRawPointer {
        let chunk = chunks[(place >> chunkShift) & (chunkCount - 1)]
        return memory + (chunk << chunkShift) + (place & ((1 << chunkShift) - 1))
    }

    /// Gives the stream's chunk of that number a place in the memory. False when the reader has left none.
    private func beginChunk(_ number: Int) -> Bool {
        let chunk: Int
        if chunksReused < (head.load(ordering: .acquiring) >> chunkShift) {
            chunk = chunks[chunksReused & (chunkCount - 1)]
            chunksReused += 1
        } else if chunksTouched < chunkCount {
            chunk = chunksTouched
            chunksTouched += 1
        } else {
            return false
        }
        chunks[number & (chunkCount - 1)] = chunk
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
        // The record behind the mark came with it.
        if address(place).load(as: UInt64.self) == TapRing.wrap { place = endOfChunk(place) }
        let record = address(place)
        return (record, place + Int(record.load(as: UInt64.self)))
    }
}
