// One payload in a journal.

public import Media
import Timing

/// What the tap knew of a payload, on the recording's own clock. The payload itself comes beside it.
public struct JournalEntry: Sendable, Equatable, BitwiseCopyable {
    /// Bytes in front of the payload: side, codec, flags, 0, sequence (2), length (2), timestamp (4), SSRC (4), time (8).
    static let headLength = 24

    public let side: TapBlock.Side
    public let codec: Codec
    public let flags: TapBlock.Flags
    public let sequence: UInt16
    /// Bytes of payload.
    public let length: UInt16
    /// In units of the codec's clock rate.
    public let rtpTimestamp: UInt32
    public let ssrc: SSRC
    /// Nanoseconds from the recording's origin to the arrival or sending.
    public let offset: Int64

    init(_ block: TapBlock, origin: Instant) {
        side = block.side
        codec = block.codec
        flags = block.flags
        sequence = block.sequence
        length = block.length
        rtpTimestamp = block.rtpTimestamp
        ssrc = block.ssrc
        offset = block.at.nanoseconds &- origin.nanoseconds
    }

    /// - Returns: nil when the bytes at `place` are not an entry with its whole payload.
    init?(parsing bytes: UnsafeRawBufferPointer, at place: Int) {
        guard place + Self.headLength <= bytes.count,
            let side = TapBlock.Side(rawValue: bytes[place]), let codec = Codec(rawValue: bytes[place + 1])
        else { return nil }
        self.side = side
        self.codec = codec
        flags = TapBlock.Flags(rawValue: bytes[place + 2])
        sequence = LittleEndian.load(bytes, place + 4)
        length = LittleEndian.load(bytes, place + 6)
        rtpTimestamp = LittleEndian.load(bytes, place + 8)
        ssrc = SSRC(rawValue: LittleEndian.load(bytes, place + 12))
        offset = LittleEndian.load(bytes, place + 16)
        guard place + Self.headLength + Int(length) <= bytes.count else { return nil }
    }

    /// Adds the bytes in front of the payload.
    func write(to bytes: inout [UInt8]) {
        let words: InlineArray<3, UInt64> = [
            UInt64(side.rawValue) | UInt64(codec.rawValue) << 8 | UInt64(flags.rawValue) << 16 | UInt64(sequence) << 32
                | UInt64(length) << 48,
            UInt64(rtpTimestamp) | UInt64(ssrc.rawValue) << 32, UInt64(bitPattern: offset),
        ]
        for index in 0..<3 { LittleEndian.append(words[index], to: &bytes) }
    }
}

/// Numbers in a journal.
enum LittleEndian {
    static func load<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ place: Int
    ) -> Number {
        Number(littleEndian: bytes.loadUnaligned(fromByteOffset: place, as: Number.self))
    }

    static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    static func store<Number: FixedWidthInteger & BitwiseCopyable>(
        _ number: Number, in bytes: UnsafeMutableRawBufferPointer, at place: Int
    ) {
        bytes.storeBytes(of: number.littleEndian, toByteOffset: place, as: Number.self)
    }
}
