// What rendering a recording found and did.

public import Media

/// One side of a recording.
public struct RenderedSide: Sendable, Equatable {
    /// Payloads in the journal.
    public internal(set) var packets = 0
    /// Came twice.
    public internal(set) var duplicates = 0
    /// Came so late that their place had been written already, or where something else was.
    public internal(set) var misplaced = 0
    /// Not what their codec says.
    public internal(set) var undecodable = 0
    /// Lost packets' time that was filled by concealment.
    public internal(set) var concealed = Duration.zero
    /// Streams that followed one another: a new source, or a jump of its clock.
    public internal(set) var streams = 0
}

public struct RenderReport: Sendable, Equatable {
    public internal(set) var duration = Duration.zero
    /// 8,000, or 16,000 when Opus or G.722 is in it.
    public internal(set) var sampleRate = 8_000
    /// Received from the caller.
    public internal(set) var left = RenderedSide()
    /// Sent to the caller.
    public internal(set) var right = RenderedSide()
    /// Damaged places in the journal.
    public internal(set) var damages = 0
    public internal(set) var ending = Journal.Ending.interrupted

    subscript(side: TapBlock.Side) -> RenderedSide {
        get { side == .left ? left : right }
        set {
            switch side {
            case .left: left = newValue
            case .right: right = newValue
            }
        }
    }
}

/// Why there is no file.
public enum RenderError: Error, Sendable, Equatable, CustomStringConvertible {
    case journal(JournalError)
    case sound(SoundFileError)
    /// Not one payload was recorded.
    case empty
    /// Its clock says more than a day: no call lasts that long, no disk has room for it.
    case tooLong
    case system(String)

    public var description: String {
        switch self {
        case .journal(let error): error.description
        case .sound(let error): "the recording cannot be written: \(error)"
        case .empty: "nothing was recorded"
        case .tooLong: "the recording claims to be longer than a day"
        case .system(let reason): "the recording cannot be written: \(reason)"
        }
    }
}
