// How long a WAV file plays (RIFF, "Multimedia Programming Interface and Data Specifications 1.0").

import Foundation

/// Reads only the header of the file.
enum WAVLength {
    /// Nil for what is no WAV file, or one whose header does not say it.
    static func ofFile(_ path: String) -> Duration? {
        guard let file = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? file.close() }
        guard let head = try? file.read(upToCount: 4_096) else { return nil }
        return length([UInt8](head))
    }

    /// From the first bytes of a file: the size of `data` over the bytes a second of `fmt `.
    static func length(_ bytes: [UInt8]) -> Duration? {
        guard bytes.count >= 12, text(bytes, 0) == "RIFF", text(bytes, 8) == "WAVE" else { return nil }
        var at = 12
        var bytesPerSecond = 0
        while at + 8 <= bytes.count {
            let size = number(bytes, at + 4)
            switch text(bytes, at) {
            case "fmt " where at + 20 <= bytes.count: bytesPerSecond = number(bytes, at + 16)
            case "data":
                guard bytesPerSecond > 0, size > 0, size < Int(UInt32.max) else { return nil }
                return .milliseconds(size * 1_000 / bytesPerSecond)
            default: break
            }
            at += 8 + size + size % 2
        }
        return nil
    }

    private static func text(_ bytes: [UInt8], _ at: Int) -> String {
        String(decoding: bytes[at..<at + 4], as: UTF8.self)
    }

    private static func number(_ bytes: [UInt8], _ at: Int) -> Int {
        bytes[at..<at + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
