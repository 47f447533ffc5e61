// What pages need from the conductor, as closures: the real ones ask `CallCentre`, tests bring their own.

import Calls
import Store

/// The seam between the web and calls. Nothing else in this module knows `CallCentre`.
struct Switchboard: Sendable {
    /// One page's talk with the conductor, from its opening to its end.
    struct Talk: Sendable {
        var received: @Sendable (String) async -> Void
        var closed: @Sendable () async -> Void
        /// The log-in has ended: the conductor closes the page, at the end of the talk if there is one.
        var sessionEnded: @Sendable () async -> Void
    }

    /// Why there is nothing to play.
    enum RecordingFailure: Error { case notFound, notReady }

    typealias Send = @Sendable (String) -> Void
    typealias Close = @Sendable (_ code: UInt16, _ reason: String) -> Void

    var store: Store
    var openConsultant: @Sendable (Account, _ remote: String, @escaping Send, @escaping Close) async -> Talk
    var openCaller: @Sendable (_ remote: String, @escaping Send, @escaping Close) async -> Talk
    var board: @Sendable () async -> Board
    var hotlines: @Sendable () async -> [HotlineSummary]
    var changeStaff: @Sendable (Account, _ by: String) async throws -> Void
    /// The path of a rendered file.
    var recording: @Sendable (_ contact: String, _ format: String) async throws -> String
    /// The same for the message of a follow-up.
    var message: @Sendable (_ id: String, _ format: String) async throws -> String
    /// Begins anew to send the message of a follow-up; false when it was not given up.
    var sendAgain: @Sendable (_ id: String) async throws -> Bool
    var editor: HotlineEditor
    var studio: PromptStudio
}

extension Switchboard {
    init(_ centre: CallCentre) {
        store = centre.store
        openConsultant = { account, remote, send, close in
            let id = await centre.openConsultant(account: account, remote: remote, send: send, close: close)
            return Self.talk(centre, id)
        }
        openCaller = { remote, send, close in
            Self.talk(centre, await centre.openCaller(remote: remote, send: send, close: close))
        }
        board = { await centre.board() }
        hotlines = { await centre.hotlines() }
        changeStaff = { try await centre.changeStaff($0, by: $1) }
        recording = { contact, format in
            try await Self.file { try await centre.recording(contact: contact, format: format) }
        }
        message = { id, format in try await Self.file { try await centre.message(id, format: format) } }
        sendAgain = { try await centre.sendAgain($0) }
        editor = centre.editor
        studio = centre.studio
    }

    private static func file(_ path: () async throws -> String) async throws -> String {
        do {
            return try await path()
        } catch let failure as RecordingExports.Failure {
            switch failure {
            case .notReady: throw RecordingFailure.notReady
            case .notFound, .unknownFormat: throw RecordingFailure.notFound
            }
        }
    }

    private static func talk(_ centre: CallCentre, _ id: SocketID) -> Talk {
        Talk(
            received: { await centre.received($0, on: id) }, closed: { await centre.closed(id) },
            sessionEnded: { await centre.sessionEnded(id) })
    }
}
