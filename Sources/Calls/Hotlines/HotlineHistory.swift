// Which text of which hotline file is served, written down for "roll back".

import IVR
import Store

extension Store {
    /// Writes down the texts that are served now, where they are others than before. `draft` tells whose one of them is; the
    /// rest was read from disk.
    func keepVersions(of library: HotlineLibrary, published draft: HotlineDraft? = nil, now: Int64) async throws {
        for hotline in library.hotlines {
            let file = hotline.fileName
            let own = draft?.file == file ? draft : nil
            try await keepVersion(of: file, text: hotline.text, at: now, by: own?.author, note: own?.note ?? "")
        }
    }
}
