// A recording that nobody has accepted yet: what callers would hear of it, and where its speech ends.

import Media

/// Mono at `Frame.sampleRate`, as it was recorded. Costs CPU: never on a signalling or media thread.
public struct Rehearsal: Sendable {
    private let recorded: [Int16]

    public init(_ recorded: [Int16]) { self.recorded = recorded }

    /// Trimmed and levelled as a take is.
    /// - Throws: `TakeProblem.silent`, `.tooLong`.
    public func polished() throws(TakeProblem) -> [Int16] { try TakePolish.polish(recorded).samples }

    /// Where the last sound of speech ends, in seconds; nil when there is no speech in it.
    public var speechEnd: Double? {
        RecordedTrim.trim(recorded).map { Double($0.range.upperBound - RecordedTrim.margin) / Double(Frame.sampleRate) }
    }

    /// To be kept as a take.
    public var wav: [UInt8] { WAVBytes.of(recorded) }
}
