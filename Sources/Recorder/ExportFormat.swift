// The kinds of file that a recording is given out as.

import Media

/// The raw value is the file's extension and the word on the command line.
public enum ExportFormat: String, Sendable, CaseIterable {
    case wav
    case mp3
    case flac
    /// Opus in Ogg.
    case opus

    var soundFileFormat: SoundFileFormat {
        switch self {
        case .wav: .wav
        case .mp3: .mp3
        case .flac: .flac
        case .opus: .opus
        }
    }
}
