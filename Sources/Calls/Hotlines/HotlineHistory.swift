// Which text of which hotline file is served, and which file is no more, written down for "roll back".

import IVR
import Store

/// Who changed a file on the page, and why; nil where it was changed on disk.
struct HotlineAuthor: Sendable {
    let file: String
    let name: String
    let note: String
}

extension Store {
    /// Writes down the texts that are served now, where they are others than before, and the files that are no more. `author` tells
    /// who changed one of them; the rest was changed on disk.
    func keepVersions(of library: HotlineLibrary, by author: HotlineAuthor? = nil, now: Int64) async throws {
        var texts = Dictionary(library.hotlines.map { ($0.fileName, $0.text) }) { first, _ in first }
        for newest in try await newestVersions() where texts[newest.file] == nil { texts[newest.file] = "" }
        for (file, text) in texts {
            let own = author?.file == file ? author : nil
            try await keepVersion(of: file, text: text, at: now, by: own?.name, note: own?.note ?? "")
        }
    }
}
