// A message that a caller leaves: a tone, then a recording of its own beside the call's.

import IVR
import SIP
import Store

/// Nothing of the call's own recording is made while the caller speaks to the mailbox.
@Signalling
final class CallMessage {
    private enum State {
        /// The tone plays. Goes to: recording, over.
        case tone
        /// Goes to: over.
        case recording(UInt32)
        case over
    }

    /// Also the name of the journal.
    private let id: String
    private let detail: [String: String]
    private let contact: String
    private let leg: MediaLeg
    private let services: CallServices
    private var state = State.tone

    init(
        id: String, contact: String, mailbox: String, hotline: Hotline, language: String, leg: MediaLeg,
        services: CallServices
    ) {
        self.id = id
        var detail = ["id": id, "mailbox": mailbox, "hotline": hotline.name, "language": language]
        switch hotline.mailboxes[mailbox]?.destination {
        case .mail(let address), .url(let address):
            detail["sendTo"] = address
            detail["sendTitle"] = hotline.title
            detail["sendZone"] = hotline.timeZone
            detail["sendLanguage"] = hotline.languages.first
        case .tickets, nil: break
        }
        self.detail = detail
        self.contact = contact
        self.leg = leg
        self.services = services
    }

    /// After the tone.
    func record() {
        guard case .tone = state else { return }
        let recording = services.recordings.open(contact: id)
        services.facts.append(contact, .message, detail)
        leg.record(recording)
        // Something must be sent: trunks end calls on which nothing comes.
        leg.play(services.prompts.silence)
        state = .recording(recording)
    }

    func end() {
        if case .recording(let recording) = state {
            leg.stopRecording()
            services.recordings.closeMessage(recording, contact: contact, detail: detail, of: leg)
        }
        state = .over
    }
}
