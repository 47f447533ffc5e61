// A leg towards a browser: its offer answered, ICE-lite and DTLS-SRTP behind one port.

import Media
import SIP

/// The same for consultants and for callers who dial from a page.
@Signalling
struct BrowserLeg {
    let leg: MediaLeg
    /// SDP for the page.
    let answer: String

    /// Throws what the page should be told: malformed SDP, no common codec, no free port.
    static func answer(_ offer: String, remote: String, media: MediaDesk) throws -> BrowserLeg {
        let description = try SessionDescription(parsing: offer)
        let ports = try media.openPorts(towards: remote, rtcpMux: true)
        do {
            let ice = ICECredentials.random()
            let local = ports.local(
                codecs: Codec.preference, ice: ice, fingerprint: media.certificate.fingerprint)
            let (answer, plan) = try Negotiation.answer(description, local: local)
            return BrowserLeg(leg: try media.add(ports, plan: plan, ice: ice), answer: answer.text)
        } catch {
            ports.close()
            throw error
        }
    }
}
