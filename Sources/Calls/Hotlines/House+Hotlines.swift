// Reloads, publications and changes of the folder, one after the other: checked aside, swapped whole, written down.

import Foundation
import IVR
import Logging
import SIP
import Store
import YAML

extension House {
    /// Reads the folder of hotlines again.
    func reload(isDryRun: Bool) async -> HotlineReload {
        await inTurn {
            let (loaded, findings) = await self.load()
            guard let new = loaded else { return self.refusal(findings, isDryRun: isDryRun) }
            guard !isDryRun else { return self.preview(new, findings, isDryRun: true) }
            let problems = await self.prepare(new)
            return await self.adopt(new, findings, problems)
        }
    }

    /// Makes a text live as a reload would, and puts it on disk when nothing speaks against it: a text that is refused never
    /// gets there, and one that is there already is never overwritten unseen.
    func publish(_ draft: HotlineDraft) async -> Publication {
        await inTurn {
            let directory = self.configuration.hotlinesDirectory
            let found = await Task.detached { HotlineFile(draft.file, in: directory) }.value
            guard let file = found else { return .noSuchFile }
            let (loaded, findings) = await self.load(drafts: [draft.file: draft.text])
            guard let new = loaded else { return .refused(self.refusal(findings, isDryRun: false)) }
            let problems = await self.prepare(new)
            do {
                try await Task.detached { try file.replace(with: draft.text, expecting: draft.base) }.value
            } catch HotlineFile.Obstacle.changed(let text) {
                return .conflict(text)
            } catch {
                self.log.error("hotlines.write", metadata: ["file": "\(file.path)", "error": "\(error)"])
                guard case HotlineFile.Obstacle.failed(let why) = error else { return .failed("\(error)") }
                return .failed(why)
            }
            let author = HotlineAuthor(file: draft.file, name: draft.author, note: draft.note)
            return .published(await self.adopt(new, findings, problems, by: author))
        }
    }

    /// Puts a file that is not there yet into the folder and makes it live, when nothing speaks against it.
    func make(_ draft: HotlineDraft) async -> FolderChange {
        await change(draft.file, to: draft.text, author: draft.author, note: draft.note) { directory in
            try HotlineFile.make(draft.file, in: directory, text: draft.text) ? nil : .exists
        }
    }

    /// Takes a file out of the folder: no call comes to it any more, those that are going on end as they began.
    /// - Parameter draft: what whoever deletes it has seen, and why.
    func delete(_ draft: HotlineDraft) async -> FolderChange {
        await change(draft.file, to: nil, author: draft.author, note: draft.note) { directory in
            guard let file = HotlineFile(draft.file, in: directory) else { return .noSuchFile }
            guard HotlineLibrary.files(in: directory).count > 1 else { return .last }
            try file.delete(expecting: draft.base)
            return nil
        }
    }

    /// - Parameter step: touches the disk, once the rest of the folder is known to be good; tells what stands in the way.
    private func change(
        _ name: String, to text: String?, author: String, note: String,
        _ step: @escaping @Sendable (_ directory: String) throws -> FolderChange?
    ) async -> FolderChange {
        await inTurn {
            let directory = self.configuration.hotlinesDirectory
            let names = await Task.detached { HotlineLibrary.files(in: directory) }.value
            if text != nil, names.contains(name) { return .exists }
            if text == nil, names == [name] { return .last }
            if text == nil, !names.contains(name) { return .noSuchFile }
            let (loaded, findings) = await self.load(drafts: [name: text])
            guard let new = loaded else { return .refused(self.refusal(findings, isDryRun: false)) }
            let problems = await self.prepare(new)
            do {
                if let obstacle = try await Task.detached(operation: { try step(directory) }).value { return obstacle }
            } catch HotlineFile.Obstacle.changed {
                return .changed
            } catch {
                self.log.error("hotlines.write", metadata: ["file": "\(name)", "error": "\(error)"])
                guard case HotlineFile.Obstacle.failed(let why) = error else { return .failed("\(error)") }
                return .failed(why)
            }
            return .done(
                await self.adopt(new, findings, problems, by: HotlineAuthor(file: name, name: author, note: note)))
        }
    }

    /// The texts by which calls are led that are going on now, one for each call, with the names of their files.
    func textsInUse() -> [(file: String, text: String)] {
        calls.calls.values.map { ($0.hotline.fileName, $0.hotline.text) }
    }

    /// One reload or publication at a time, in the order in which they were asked for.
    private func inTurn<Value: Sendable>(_ work: @escaping @Signalling () async -> Value) async -> Value {
        let previous = lastReload
        let turn = Task { @Signalling in
            await previous?.value
            return await work()
        }
        lastReload = Task { _ = await turn.value }
        return await turn.value
    }

    private func load(drafts: [String: String?] = [:]) async -> (library: HotlineLibrary?, findings: [Finding]) {
        let configuration = configuration
        return await Task.detached {
            HotlineLibrary.load(
                directory: configuration.hotlinesDirectory,
                surroundings: configuration.surroundings, drafts: drafts)
        }.value
    }

    private func refusal(_ findings: [Finding], isDryRun: Bool) -> HotlineReload {
        log.error("hotlines.refused", metadata: ["findings": "\(findings.map(\.text).joined(separator: "\n"))"])
        return HotlineReload(isDryRun: isDryRun, findings: findings)
    }

    private func prepare(_ new: HotlineLibrary) async -> [String] {
        var problems: [String] = []
        for hotline in new.hotlines { problems += await prompts.prepare(hotline) }
        return problems
    }

    private func preview(_ new: HotlineLibrary, _ findings: [Finding], isDryRun: Bool) -> HotlineReload {
        var reload = HotlineReload(isDryRun: isDryRun, findings: findings)
        let difference = LibraryDifference(from: library, to: new)
        let removed = difference.removedSteps
        reload.difference = difference
        reload.calls = calls.calls.values.count { difference.touches($0.hotline.name) }
        reload.callsOnRemovedSteps = calls.calls.values.count { call in
            call.step.map { removed[call.hotline.name]?.contains($0) == true } ?? false
        }
        return reload
    }

    private func adopt(
        _ new: HotlineLibrary, _ findings: [Finding], _ problems: [String], by author: HotlineAuthor? = nil
    ) async -> HotlineReload {
        // From here on without a pause: what is counted, compared and swapped belongs together.
        var reload = preview(new, findings, isDryRun: false)
        reload.problems = problems
        queues.configure(new.hotlines, besides: calls.calls.values.map(\.hotline))
        calls.library = new
        await queues.learn(from: store, new.hotlines)
        do {
            try await store.keepVersions(of: new, by: author, now: Store.wallClock())
        } catch {
            log.error("hotlines.history", metadata: ["error": "\(error)"])
        }
        for problem in problems { log.warning("prompt.missing", metadata: ["what": "\(problem)"]) }
        for finding in findings { log.warning("hotline", metadata: ["finding": "\(finding.text)"]) }
        log.notice(
            "hotlines.reloaded",
            metadata: [
                "changes": "\(reload.difference?.text(in: .en) ?? "")", "calls_on_former_version": "\(reload.calls)",
                "by": "\(author?.name ?? "file")",
            ])
        return reload
    }
}
