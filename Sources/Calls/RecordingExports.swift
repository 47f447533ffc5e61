// Recordings as files that a person can play: rendered from the journal when somebody asks.

import Dispatch
import Foundation
import Recorder
import Store

/// Renders each recording once per format into the exports folder; the journal stays the truth.
public final class RecordingExports: Sendable {
    public enum Failure: Error, Equatable {
        /// No contact, or it was not recorded.
        case notFound
        /// The call goes on, or the journal is still being closed.
        case notReady
        /// Not a format that we write.
        case unknownFormat
    }

    private let store: Store
    private let directory: String
    private let queue = DispatchQueue(label: "centrala.exports", qos: .utility)

    init(store: Store, directory: String) {
        self.store = store
        self.directory = directory
    }

    func file(contact id: String, format name: String) async throws -> String {
        guard let format = ExportFormat(rawValue: name) else { throw Failure.unknownFormat }
        guard let contact = try await store.contact(id) else { throw Failure.notFound }
        guard let journal = contact.recording else {
            throw contact.ended == nil ? Failure.notReady : Failure.notFound
        }
        return try await rendered(journal, to: "\(directory)/\(contact.id).\(format.rawValue)", format)
    }

    /// The message of a follow-up.
    func file(message id: String, format name: String) async throws -> String {
        guard let format = ExportFormat(rawValue: name) else { throw Failure.unknownFormat }
        guard let journal = try await store.followUp(id)?.recording else { throw Failure.notFound }
        return try await rendered(journal, to: "\(directory)/\(id).\(format.rawValue)", format)
    }

    private func rendered(_ journal: String, to path: String, _ format: ExportFormat) async throws -> String {
        try await withCheckedThrowingContinuation { done in
            queue.async { done.resume(with: Result { try Self.render(journal, to: path, format) }) }
        }
    }

    private static func render(_ journal: String, to path: String, _ format: ExportFormat) throws -> String {
        if !FileManager.default.fileExists(atPath: path) {
            try Renderer.render(journal: journal, to: path, format: format)
        }
        return path
    }
}
