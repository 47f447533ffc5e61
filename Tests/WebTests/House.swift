// A whole web server on a port of its own, with a real store and a conductor that only remembers what it was told.

import Foundation
import IVR
import Logging
import Speech
import Store
import Synchronization

@testable import Calls
@testable import Web

/// What pages said to the conductor, and the ways back to them.
final class Conductor: Sendable {
    private let sends = Mutex<[String: @Sendable (String) -> Void]>([:])
    private let heard: AsyncStream<String>.Continuation
    let messages: AsyncStream<String>

    init() {
        (messages, heard) = AsyncStream.makeStream(of: String.self)
    }

    func open(_ who: String, _ send: @escaping @Sendable (String) -> Void) -> Switchboard.Talk {
        sends.withLock { $0[who] = send }
        heard.yield("opened \(who)")
        send(#"{"type":"welcome"}"#)
        return Switchboard.Talk(
            received: { [heard] text in
                heard.yield(text)
                send("heard \(text.utf8.count)")
            },
            closed: { [heard] in heard.yield("closed \(who)") },
            sessionEnded: { [heard] in heard.yield("session of \(who) ended") })
    }
}

/// Started once for all tests; what a test changes, it makes for itself.
struct House: Sendable {
    static let password = "correct horse battery"
    static let shared = Task { try await House() }

    let port: Int
    let store: Store
    let accounts: [String: Account]
    /// By account name.
    let oneTimePasswords: [String: String]
    let recording: String
    /// The folder of hotlines.
    let hotlines: String
    let conductor = Conductor()
    private let running: Task<Void, any Error>

    /// Contact ids in the store.
    static let hostile = String(repeating: "a1", count: 16)
    static let recorded = String(repeating: "b2", count: 16)
    static let sought = String(repeating: "c3", count: 16)
    /// A blank and a letter beyond ASCII: addresses must carry every name.
    static let hotlineFile = "próba 1.yaml"
    static let hotline = """
        hotline: 1
        name: proba
        title: \(script)
        timezone: Europe/Warsaw
        languages: [pl]
        numbers: ["8100"]
        start: koniec
        prompts: { slowo: { pl: Dzień dobry. } }
        steps: { koniec: { hangup: slowo } }
        tests: [{ test: wita, caller: [], expect: [hear slowo, hang up] }]

        """
    /// Two messages: one that a test says is done, one that stays open.
    static let followUp = recorded + "-1"
    static let openFollowUp = recorded + "-3"
    static let script = "<script>alert('\"&')</script>"

    init() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("web-\(UUID().uuidString)").path
        store = try Store(path: folder + "/store.sqlite")
        (accounts, oneTimePasswords) = try await Self.makeAccounts(store)
        recording = folder + "/recording.wav"
        try Data((0..<1000).map { UInt8($0 % 251) }).write(to: URL(fileURLWithPath: recording))
        try await Self.makeContacts(store)
        var configuration = WebConfiguration()
        configuration.port = 0
        var log = Logger(label: "test")
        log.logLevel = .critical
        hotlines = folder + "/hotlines"
        try FileManager.default.createDirectory(atPath: hotlines, withIntermediateDirectories: true)
        try await store.keepVersion(of: Self.hotlineFile, text: Self.hotline, at: 1, by: nil, note: "")
        try Self.hotline.write(toFile: hotlines + "/" + Self.hotlineFile, atomically: true, encoding: .utf8)
        let server = WebServer(
            configuration,
            switchboard: Self.switchboard(
                store, conductor, recording: recording, editor: try Self.editor(hotlines, store),
                studio: try Self.studio(folder + "/prompts")),
            log: log)
        running = Task { try await server.run() }
        port = try await server.listeningPort()
    }

    /// A new session of this account: its cookie.
    func cookie(_ name: String) async throws -> String {
        guard let account = accounts[name] else { return "" }
        return "session=" + (try await store.createSession(account: account.id))
    }

    private static func makeAccounts(_ store: Store) async throws -> ([String: Account], [String: String]) {
        let wanted: [(String, Role)] = [
            ("consultant", .consultant), ("supervisor", .supervisor), ("administrator", .administrator),
            ("newcomer", .consultant), ("changer", .supervisor),
        ]
        var oneTime: [String: String] = [:]
        for (name, role) in wanted {
            let new = NewAccount(name: name, displayName: script + name, role: role)
            oneTime[name] = try await store.createAccount(new).oneTimePassword
        }
        for account in try await store.accounts() where !["newcomer", "changer"].contains(account.name) {
            try await store.setPassword(password, account: account.id)
        }
        let accounts = Dictionary(uniqueKeysWithValues: try await store.accounts().map { ($0.name, $0) })
        return (accounts, oneTime)
    }

    private static func makeContacts(_ store: Store) async throws {
        let start: Int64 = 1_795_000_000_000
        let who = ["hotline": script, "caller": script, "called": script]
        try await store.append([
            Fact(contact: hostile, at: start, kind: .received, detail: who),
            Fact(contact: hostile, at: start + 1, kind: .tag, detail: ["tag": script]),
            Fact(contact: hostile, at: start + 2, kind: .queued, detail: ["queue": script]),
            Fact(contact: hostile, at: start + 3, kind: .connected, detail: ["account": "1", "name": script]),
            Fact(contact: hostile, at: start + 9, kind: .ended, detail: ["by": script, "outcome": script]),
            Fact(
                contact: recorded, at: start, kind: .received,
                detail: ["hotline": "demo", "caller": "+48601234567", "called": "1"]),
            Fact(contact: recorded, at: start + 5_000, kind: .quality, detail: ["leg": "caller", "mosCQ": "4.321"]),
            Fact(
                contact: recorded, at: start + 60_999, kind: .qualitySummary,
                detail: ["leg": "caller", "r": "91", "duration": "61000", "mos": "4.3", "loss": "0.4 %"]),
            Fact(contact: recorded, at: start + 61_000, kind: .ended, detail: ["by": "caller"]),
            Fact(
                contact: recorded, at: start + 61_001, kind: .recordingReady,
                detail: ["path": "somewhere.cjr", "duration": "60000"]),
            Fact(
                contact: recorded, at: start + 61_002, kind: .messageReady,
                detail: [
                    "id": followUp, "mailbox": script, "hotline": "demo", "path": "message.cjr",
                    "duration": "7000",
                ]),
            Fact(
                contact: recorded, at: start + 61_003, kind: .messageReady,
                detail: [
                    "id": openFollowUp, "mailbox": script, "hotline": "demo", "path": "message.cjr",
                    "duration": "7000",
                ]),
        ])
    }

    /// Serves the one hotline; a text is published when it loads and the file is still what it was.
    private static func editor(_ folder: String, _ store: Store) throws -> HotlineEditor {
        let load = { @Sendable (drafts: [String: String]) in
            HotlineLibrary.load(directory: folder, surroundings: .served(promptsDirectory: folder), drafts: drafts)
        }
        guard let library = load([:]).library else { fatalError("a fixture that is written here") }
        return HotlineEditor(
            directory: folder, surroundings: { .served(promptsDirectory: folder) }, store: store,
            library: { library },
            house: .init(
                publish: { draft in
                    let (loaded, findings) = load([draft.file: draft.text])
                    var reload = HotlineReload(isDryRun: false, findings: findings)
                    guard let loaded else { return .refused(reload) }
                    guard draft.note != "no rights" else { return .failed("Permission denied") }
                    guard let file = HotlineFile(draft.file, in: folder) else { return .noSuchFile }
                    do {
                        try file.replace(with: draft.text, expecting: draft.base)
                        try await store.keepVersion(
                            of: draft.file, text: draft.text, at: 1, by: draft.author, note: draft.note)
                    } catch HotlineFile.Obstacle.changed(let theirs) {
                        return .conflict(theirs)
                    } catch {
                        return .failed("\(error)")
                    }
                    reload.difference = LibraryDifference(from: library, to: loaded)
                    return .published(reload)
                },
                make: { draft in
                    guard draft.text.contains("8500") else { return .exists }
                    return .done(HotlineReload(isDryRun: false, findings: []))
                },
                delete: { draft in
                    draft.base == textDigest(hotline) ? .last : .changed
                }, textsInUse: { [(hotlineFile, hotline), (hotlineFile, hotline), (hotlineFile, "former")] }))
    }

    /// A real studio with one hotline, whose texts would be scripts if pages let them.
    private static func studio(_ folder: String) throws -> PromptStudio {
        try FileManager.default.createDirectory(atPath: folder + "/hotlines", withIntermediateDirectories: true)
        let text = """
            hotline: 1
            name: demo
            title: "<script>alert(1)</script>"
            timezone: Europe/Warsaw
            languages: [pl, en]
            numbers: ["8001"]
            start: koniec
            prompts:
              koniec: { pl: "Do widzenia <script>alert(1)</script>", en: Goodbye }
              tylko: { pl: "Tylko po polsku, {ahead}." }
            queues:
              kolejka: { agents: demo, max_wait: 10m }
            steps:
              koniec: { hangup: koniec }
            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/hotlines/demo.yaml"))
        let load: @Sendable () -> [Hotline] = {
            HotlineLibrary.load(
                directory: folder + "/hotlines", surroundings: .served(promptsDirectory: folder)
            ).library?.hotlines ?? []
        }
        return PromptStudio(
            library: PromptLibrary(cacheDirectory: folder + "/cache", promptsDirectory: folder), directory: folder,
            phoneNumber: "8299", hotlines: load, reload: { HotlineReload(isDryRun: false, findings: []) })
    }

    private static func switchboard(
        _ store: Store, _ conductor: Conductor, recording: String, editor: HotlineEditor, studio: PromptStudio
    ) -> Switchboard {
        Switchboard(
            store: store,
            openConsultant: { account, _, send, _ in conductor.open(account.name, send) },
            openCaller: { _, send, _ in conductor.open("caller", send) },
            board: { Self.decode(#"{"queues":[],"consultants":[],"activeCalls":2}"#) },
            hotlines: {
                [Self.decode(#"{"name":"demo","title":"<script>alert(1)</script>","numbers":["+48222000100"]}"#)]
            },
            changeStaff: { account, actor in try await store.updateAccount(account, by: actor) },
            recording: { contact, _ in
                guard [recorded, sought].contains(contact) else { throw Switchboard.RecordingFailure.notFound }
                return recording
            },
            message: { id, _ in
                guard [followUp, openFollowUp].contains(id) else { throw Switchboard.RecordingFailure.notFound }
                return recording
            },
            sendAgain: { try await store.sendAgain(followUp: $0, at: 1) }, editor: editor, studio: studio)
    }

    private static func decode<T: Decodable>(_ json: String) -> T {
        do {
            return try JSONDecoder().decode(T.self, from: Data(json.utf8))
        } catch {
            fatalError("a fixture that is written here: \(error)")
        }
    }
}
