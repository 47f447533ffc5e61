// User agents for tests: on a free loopback port, with everything they hear in inboxes.

import SIP

/// A user agent that hands out what comes.
@Signalling
final class Station {
    let userAgent: UserAgent
    let calls = Inbox<Conversation>()

    init(_ change: (inout SIPConfiguration) -> Void = { _ in }) throws {
        try Signalling.start()
        var configuration = SIPConfiguration()
        configuration.listen = ["127.0.0.1:0"]
        change(&configuration)
        userAgent = try UserAgent(configuration)
        userAgent.onIncoming = { [calls] in calls.put(Conversation($0)) }
    }

    func call(_ other: Station, sdp: String?, transport: SIPAddress.Transport = .udp) throws -> Conversation {
        let to = SIPAddress(user: "+48221234567", host: "127.0.0.1", port: other.userAgent.port, transport: transport)
        let from = SIPIdentity(user: "+48600100200", host: "", displayName: "Jan \"X\" Nowak")
        return Conversation(try userAgent.call(to: to, from: from, sdp: sdp))
    }

    /// Picks up every call with `sdp` as answer or offer, and answers every offer with it.
    func answerAll(sdp: String) {
        userAgent.onIncoming = { [calls] dialog in
            let conversation = Conversation(dialog)
            conversation.onEvent = { event in
                if case .reoffered = event { dialog.respond(sdp: sdp) }
            }
            dialog.answer(sdp: sdp)
            calls.put(conversation)
        }
    }
}

/// A dialog and what it has told.
@Signalling
final class Conversation {
    let dialog: Dialog
    let events = Inbox<DialogEvent>()
    let progress = Inbox<Progress>()
    var onEvent: (DialogEvent) -> Void = { _ in }

    struct Progress: Hashable {
        let status: Int
        let sdp: String?
    }

    init(_ dialog: Dialog) {
        self.dialog = dialog
        dialog.onEvent = { [weak self] event in
            self?.onEvent(event)
            self?.events.put(event)
        }
        dialog.onProgress = { [weak self] in self?.progress.put(Progress(status: $0, sdp: $1)) }
    }
}

enum SDP {
    static func audio(_ session: Int, version: Int = 1, direction: String = "sendrecv", port: Int = 40_000) -> String {
        """
        v=0\r
        o=- \(session) \(version) IN IP4 127.0.0.1\r
        s=-\r
        c=IN IP4 127.0.0.1\r
        t=0 0\r
        m=audio \(port) RTP/AVP 8 101\r
        a=rtpmap:8 PCMA/8000\r
        a=rtpmap:101 telephone-event/8000\r
        a=\(direction)\r

        """
    }
}
