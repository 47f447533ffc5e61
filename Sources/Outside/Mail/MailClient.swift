// Gives letters to the mail server, by libcurl.

import CCurl
import Dispatch
import Foundation
import Synchronization

/// For any thread. Each letter has a connection and a thread of its own: who sends takes care that they are few.
public final class MailClient: Sendable {
    /// For a whole letter: name, connection, login, 25 MB on a slow line.
    private static let limit = 180

    private static let isStarted: Bool = CCurl_start() == CURLE_OK
    private static let threads = DispatchQueue(label: "outside.mail", qos: .utility, attributes: .concurrent)

    private let server: MailServer
    private let trust: String?
    private let seconds: Int

    public convenience init(server: MailServer) {
        self.init(server: server, trust: nil, seconds: Self.limit)
    }

    /// - Parameter trust: a PEM file of authorities instead of the system's.
    init(server: MailServer, trust: String?, seconds: Int) {
        self.server = server
        self.trust = trust
        self.seconds = seconds
    }

    /// Nil: the server has taken it. Ends within a second or two when the task is cancelled.
    public func send(_ letter: Letter) async -> SendError? {
        await send(letter.bytes(from: server.from), to: letter.to)
    }

    /// Lines end with CR LF.
    func send(_ text: Data, to: MailAddress) async -> SendError? {
        let stop = Stop()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { done in
                Self.threads.async { done.resume(returning: self.perform(text, to: to, stop)) }
            }
        } onCancel: {
            stop.isAsked.store(true, ordering: .relaxed)
        }
    }

    private final class Stop: Sendable {
        let isAsked = Atomic(false)
    }

    private func perform(_ text: Data, to: MailAddress, _ stop: Stop) -> SendError? {
        precondition(Self.isStarted, "libcurl starts unless memory is out")
        let strings = [
            server.url, trust, server.login?.user, server.login?.password, "<\(server.from.text)>", "<\(to.text)>",
        ].map { $0.map { strdup($0) } ?? nil }
        defer { for string in strings { free(string) } }
        let outcome = text.withUnsafeBytes { bytes in
            var letter = CCurl_Letter()
            letter.url = UnsafePointer(strings[0])
            letter.needsTLS = server.security == .none ? 0 : 1
            letter.trust = UnsafePointer(strings[1])
            letter.user = UnsafePointer(strings[2])
            letter.password = UnsafePointer(strings[3])
            letter.from = UnsafePointer(strings[4])
            letter.to = UnsafePointer(strings[5])
            letter.text = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
            letter.size = bytes.count
            letter.seconds = seconds
            // because `stop` outlives the call below.
            letter.owner = Unmanaged.passUnretained(stop).toOpaque()
            letter.isStopped = { owner in
                guard let owner else { return 0 }
                // because `owner` is the pointer given above.
                return Unmanaged<Stop>.fromOpaque(owner).takeUnretainedValue().isAsked.load(ordering: .relaxed) ? 1 : 0
            }
            return withExtendedLifetime(stop) { CCurl_send(&letter) }
        }
        return SendError(reading: outcome)
    }
}

extension SendError {
    /// Nil: sent. What libcurl and the server say, in our words.
    fileprivate init?(reading outcome: CCurl_Outcome) {
        switch outcome.code {
        case CURLE_OK: return nil
        case CURLE_ABORTED_BY_CALLBACK: self = .stopped
        case CURLE_COULDNT_RESOLVE_HOST: self = .unknownName
        case CURLE_COULDNT_CONNECT: self = .unreachable
        case CURLE_USE_SSL_FAILED: self = .tlsMissing
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CERTPROBLEM,
            CURLE_SSL_CIPHER, CURLE_SSL_CACERT_BADFILE:
            self = .untrusted
        case CURLE_LOGIN_DENIED: self = .loginRefused
        case CURLE_OPERATION_TIMEDOUT: self = .tooSlow
        default:
            switch outcome.status {
            // Other permanent replies (500, 530, 535 …) speak of us or of the server, which people mend.
            case 550...559: self = .refused(outcome.status)
            case 400...599: self = .postponed(outcome.status)
            default: self = .broken
            }
        }
    }
}
