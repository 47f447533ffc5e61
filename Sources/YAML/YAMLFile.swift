// Reading a file from disk, bounded, before it is composed.

import Glibc

/// A file on disk that should hold YAML.
public enum YAMLFile {
    /// The composed file, or nil with the reason in the log (E008 when it cannot be read, E001 when it is not UTF-8).
    public static func compose(path: String) -> (root: YAMLNode?, log: FindingLog) {
        let (text, log) = read(path: path)
        return text.map { YAMLComposer.compose($0, file: path) } ?? (nil, log)
    }

    /// The text of a file of at most `YAMLComposer.maximumBytes`, or nil with the reason in the log.
    public static func read(path: String) -> (text: String?, log: FindingLog) {
        let empty = FindingLog(source: SourceText(file: path, text: ""))
        guard let file = fopen(path, "rb") else {
            empty.error(
                "E008", at: .start, "the file cannot be read: \(FindingText(foreign: String(cString: strerror(errno))))"
            )
            return (nil, empty)
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: YAMLComposer.maximumBytes + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else {
            empty.error(
                "E008", at: .start, "the file cannot be read: \(FindingText(foreign: String(cString: strerror(errno))))"
            )
            return (nil, empty)
        }
        guard count <= YAMLComposer.maximumBytes else {
            empty.error("E006", at: .start, "the file is larger than \(YAMLComposer.maximumBytes) bytes")
            return (nil, empty)
        }
        bytes.removeLast(bytes.count - count)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            let log = FindingLog(source: SourceText(file: path, text: String(decoding: bytes, as: UTF8.self)))
            log.error("E001", at: firstReplacement(log.source), "the file is not UTF-8 text")
            return (nil, log)
        }
        return (text, empty)
    }

    private static func firstReplacement(_ source: SourceText) -> Position {
        let scalars = source.text.unicodeScalars
        let index = scalars.firstIndex(of: "\u{FFFD}") ?? scalars.startIndex
        return source.position(scalar: scalars.distance(from: scalars.startIndex, to: index))
    }
}
