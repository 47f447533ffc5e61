// What a crash left behind is put in order before the first call.

import Glibc
import Logging
import Recorder
import Store
import Timing

enum Recovery {
    /// Closes open contacts as failed and gives each journal that was still open its entry.
    static func run(store: Store, recordings: String, exports: String, log: Logger) async throws {
        let now = Clock.unixMilliseconds()
        DictationSound.clearUp(exports)
        for journal in Recorder.recover(directory: recordings) {
            // What was said to the prompts studio and not kept is nobody's.
            if Dictation.owns(journal.contact) {
                unlink(journal.path)
                continue
            }
            guard journal.duration > .zero else { continue }
            let detail = ["path": journal.path, "duration": "\(journal.duration.milliseconds)"]
            let name = journal.contact.split(separator: "-").map(String.init)
            if name.count == 2 {
                // A message: what is not known of it stands in the fact of its beginning.
                let began = try await store.facts(name[0]).first { $0.detail["id"] == journal.contact }
                guard let began else { continue }
                let ready = began.detail.merging(detail) { own, _ in own }
                try await store.append([Fact(contact: name[0], at: now, kind: .messageReady, detail: ready)])
            } else {
                try await store.append([Fact(contact: journal.contact, at: now, kind: .recordingReady, detail: detail)])
            }
            log.notice("recording.recovered", metadata: ["contact": "\(journal.contact)"])
        }
        for contact in try await store.closeInterrupted(at: now) {
            log.notice("contact.interrupted", metadata: ["contact": "\(contact)"])
        }
    }
}
