// The façade of the house: what pages and the command may ask of it, from any thread.

import ACD
import Foundation
public import IVR
public import Logging
import Media
import Outside
import Recorder
import SIP
import Speech
public import Store
import Timing

/// A running hotline: SIP, media, queues, recordings and the store, started and stopped together.
public final class CallCentre: Sendable {
    public let store: Store
    public let editor: HotlineEditor
    /// What callers are told, and recordings of it.
    public let studio: PromptStudio
    private let house: House
    private let post: PostOffice
    private let exports: RecordingExports

    private init(
        store: Store, editor: HotlineEditor, studio: PromptStudio, house: House, post: PostOffice,
        exports: RecordingExports
    ) {
        self.store = store
        self.editor = editor
        self.studio = studio
        self.house = house
        self.post = post
        self.exports = exports
    }

    /// Opens the store, makes the prompts, starts all threads and listens. Throws what an administrator can mend.
    public static func start(
        _ configuration: CallCentreConfiguration, hotlines: HotlineLibrary, log: Logger
    ) async throws -> CallCentre {
        try configuration.makeDirectories()
        let store = try Store(path: configuration.storePath)
        try await Recovery.run(
            store: store, recordings: configuration.recordingsDirectory,
            exports: configuration.exportsDirectory, log: log)
        let exports = RecordingExports(store: store, directory: configuration.exportsDirectory)
        let outside = LookupClient(policy: configuration.lookups)
        let carrier = Carrier(
            mail: configuration.mail.map { MailClient(server: $0) }, outside: outside, exports: exports,
            pages: configuration.pages, log: log)
        let post = PostOffice(store: store, log: log) { await carrier.carry($0, $1) }
        let house = try await House.open(
            configuration, hotlines: hotlines, store: store, outside: outside, log: log
        ) { post.ring() }
        try await store.keepVersions(of: hotlines, now: Store.wallClock())
        await post.open()
        let editor = HotlineEditor(
            directory: configuration.hotlinesDirectory,
            surroundings: { configuration.surroundings }, store: store,
            library: { await house.library },
            house: HotlineEditor.House(
                publish: { await house.publish($0) }, make: { await house.make($0) },
                delete: { await house.delete($0) }, textsInUse: { await house.textsInUse() }))
        let studio = PromptStudio(
            library: house.prompts.library, directory: configuration.promptsDirectory,
            phoneNumber: configuration.studioNumber, hotlines: { await house.library.hotlines },
            reload: { await house.reload(isDryRun: false) })
        await house.answer(for: studio)
        return CallCentre(
            store: store, editor: editor, studio: studio, house: house, post: post, exports: exports)
    }

    /// Where a phone can dial, `ip:port`: for "all addresses" this machine's own and the one that others see.
    public func sipAddresses() async -> [String] {
        await house.userAgent.addresses.flatMap { address in
            // 192.0.2.1 and 2001:db8::1 stand for "somewhere else" (RFC 5737, RFC 3849); nothing is sent there.
            if let port = address.suffix(after: "0.0.0.0:") {
                return ["127.0.0.1", LocalRoute.address(towards: "192.0.2.1")].compactMap { $0.map { "\($0):\(port)" } }
            }
            if let port = address.suffix(after: "[::]:") {
                return ["::1", LocalRoute.address(towards: "2001:db8::1")].compactMap { $0.map { "[\($0)]:\(port)" } }
            }
            return [address]
        }
    }

    // MARK: Consultants' pages

    /// A consultant's page has connected. Messages come by `received`, answers go by `send`.
    public func openConsultant(
        account: Account, remote: String, send: @escaping @Sendable (String) -> Void,
        close: @escaping @Sendable (_ code: UInt16, _ reason: String) -> Void
    ) async -> SocketID {
        await house.openConsultant(account, remote: remote, send: send, close: close)
    }

    /// The page "call from this browser" has connected; `remote` is the peer's IP address.
    public func openCaller(
        remote: String, send: @escaping @Sendable (String) -> Void,
        close: @escaping @Sendable (_ code: UInt16, _ reason: String) -> Void
    ) async -> SocketID {
        await house.openCaller(remote: remote, send: send, close: close)
    }

    /// One text message of a page, JSON. Whatever it holds, the worst that happens is an `error` in return.
    public func received(_ text: String, on socket: SocketID) async { await house.received(text, on: socket) }

    public func closed(_ socket: SocketID) async { await house.closed(socket) }

    /// The log-in under which a consultant's page was opened has ended. The page is closed with 4401: now, or when the talk
    /// is over that it is in, for no caller is to lose theirs by the clock.
    public func sessionEnded(_ socket: SocketID) async { await house.sessionEnded(socket) }

    // MARK: Pages

    /// Other groups, languages or skills of an account, in force at once. `actor`: who says so. Throws `StoreError`.
    public func changeStaff(_ account: Account, by actor: String) async throws {
        try await store.updateAccount(account, by: actor)
        await house.changed(account)
    }

    public func board() async -> Board { await house.board() }

    public func hotlines() async -> [HotlineSummary] { await house.hotlines() }

    /// The path of a rendered recording; rendered at the first request, kept for the next.
    /// Throws `RecordingExports.Failure`.
    public func recording(contact: String, format: String) async throws -> String {
        await house.facts.flush()
        return try await exports.file(contact: contact, format: format)
    }

    /// The same for a message that a caller left; `id` is that of the follow-up.
    public func message(_ id: String, format: String) async throws -> String {
        await house.facts.flush()
        return try await exports.file(message: id, format: format)
    }

    /// Reads the folder of hotlines again: checked aside, swapped whole. Calls that are going on keep the version that they
    /// began with; a folder with an error changes nothing. A dry run changes nothing either.
    public func reload(isDryRun: Bool = false) async -> HotlineReload { await house.reload(isDryRun: isDryRun) }

    /// Begins anew to send a message that was given up; `id` is that of the follow-up. False when there is none such.
    public func sendAgain(_ id: String) async throws -> Bool {
        let isThere = try await store.sendAgain(followUp: id, at: Store.wallClock())
        post.ring()
        return isThere
    }

    /// Ends every call with BYE, writes what is still in memory, stops all threads.
    public func stop() async {
        await post.close()
        await house.stop()
    }
}

extension String {
    fileprivate func suffix(after prefix: String) -> String? {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
    }
}
