// Long work on a terminal: one line that counts up. Nothing when nobody watches.

import Foundation

enum Progress {
    static func show(_ what: String, _ share: Double) {
        guard isatty(STDERR_FILENO) == 1 else { return }
        FileHandle.standardError.write(Data("\r\(what) \(Int(share * 100)) %".utf8))
    }

    /// Clears the line.
    static func end() {
        guard isatty(STDERR_FILENO) == 1 else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
