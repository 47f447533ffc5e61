// What the recorder gets to know of one payload.

public import Timing

/// Precedes each payload in a `TapRing`.
public struct TapBlock: Sendable, BitwiseCopyable {
    /// Which of the two channels of the recording.
    public enum Side: UInt8, Sendable, BitwiseCopyable {
        /// Received from the leg.
        case left
        /// Sent to the leg.
        case right
    }

    public struct Flags: OptionSet, Sendable, BitwiseCopyable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// The first payload of its side since recording began or the stream's source changed.
        public static let streamStart = Flags(rawValue: 1)
        /// The payload holds a key, not sound.
        public static let digit = Flags(rawValue: 2)
        /// The payload was replaced by silence because it must not be recorded.
        public static let masked = Flags(rawValue: 4)
        /// The payload tells how a pause sounds (RFC 3389), under a codec of its clock; it is not sound itself.
        public static let noise = Flags(rawValue: 8)
        /// What takes a number of the stream and holds no sound.
        public static let soundless: Flags = [.digit, .noise]
    }

    public var recording: UInt32
    public var side: Side
    public var codec: Codec
    public var flags: Flags
    /// When it arrived or was sent.
    public var at: Instant
    /// In units of the codec's clock rate, as on the wire.
    public var rtpTimestamp: UInt32
    public var sequence: UInt16
    public var ssrc: SSRC
    /// Bytes of payload, at most 1,500.
    public var length: UInt16

    public init(
        recording: UInt32, side: Side, codec: Codec, flags: Flags = [], at: Instant, rtpTimestamp: UInt32,
        sequence: UInt16, ssrc: SSRC, length: UInt16
    ) {
        self.recording = recording
        self.side = side
        self.codec = codec
        self.flags = flags
        self.at = at
        self.rtpTimestamp = rtpTimestamp
        self.sequence = sequence
        self.ssrc = ssrc
        self.length = length
    }
}
