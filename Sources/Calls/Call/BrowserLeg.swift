// A leg towards a browser: its offer answered, ICE-lite and DTLS-SRTP behind one port.

import Media
import SIP

/// The same for consultants and for callers who dial from a page.
@Signalling
struct BrowserLeg {
    let leg: MediaLeg
    /// SDP for the page.
    let answer: String

    /// What most callers speak comes first, so that a consultant's page sends what can be relayed; it is told when
    /// another codec is better, for it serves all calls from log-in on.
    static let consultant: [Codec] = [.pcma, .pcmu, .g722, .opus]
    /// A page talks with a page: Opus both ways.
    static let caller = Codec.preference

    /// Throws what the page should be told: malformed SDP, no common codec, no free port.
    static func answer(_ offer: String, remote: String, codecs: [Codec], media: MediaDesk) throws -> BrowserLeg {
        let description = try SessionDescription(parsing: offer)
        let ports = try media.openPorts(towards: remote, rtcpMux: true)
        do {
            let ice = ICECredentials.random()
            let local = ports.local(
                codecs: codecs, ice: ice, fingerprint: media.certificate.fingerprint)
            var (answer, plan) = try Negotiation.answer(description, local: local)
            plan.peerFollows = true
            return BrowserLeg(leg: try media.add(ports, plan: plan, ice: ice), answer: answer.text)
        } catch {
            ports.close()
            throw error
        }
    }
}
