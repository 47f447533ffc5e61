// The name of a stream's source (RFC 3550 §3).

/// A synchronisation source: 32 random bits that name one stream of one sender.
public struct SSRC: Hashable, Sendable, BitwiseCopyable {
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue }
}
