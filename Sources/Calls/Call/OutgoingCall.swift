// A call that we place: an INVITE with our offer, then a leg of its own.

import Logging
import Media
import SIP

/// From our INVITE to the end, whoever ends it.
@Signalling
final class OutgoingCall {
    enum News {
        /// The other end can hear us.
        case answered(MediaLeg)
        /// It rang out or was refused. Nothing follows.
        case failed(reason: String)
        /// It was answered and is over now. Nothing follows.
        case ended(reason: String)
    }

    private enum State {
        /// Goes to: talking, over.
        case calling(LocalPorts, LocalMedia, SessionDescription)
        /// Goes to: over.
        case talking(MediaLeg)
        case over
    }

    private let dialog: Dialog
    private let services: CallServices
    private let onNews: (News) -> Void
    private var state: State
    private var renegotiation: Renegotiation

    /// Throws when there is no port, no room for another call, or the server stops.
    /// `ip`: the address of the other end's host, by which the local one for the sound is found.
    init(
        to address: SIPAddress, ip: String, from: SIPIdentity, services: CallServices,
        onNews: @escaping (News) -> Void
    ) throws {
        guard let place = services.place else { throw SIPError.closed }
        let ports = try services.media.openPorts(towards: ip, rtcpMux: false)
        let local = ports.local(codecs: Codec.preference)
        let offer = Negotiation.offer(local: local, hold: false)
        do {
            dialog = try place(address, from, offer.text)
        } catch {
            ports.close()
            throw error
        }
        renegotiation = Renegotiation(dialog: dialog, log: services.log)
        state = .calling(ports, local, offer)
        self.services = services
        self.onNews = onNews
        dialog.onEvent = { [weak self] in self?.handle($0) }
    }

    /// BYE, or CANCEL while it rings. No news follows.
    func hangUp() {
        let last = state
        state = .over
        release(last)
        dialog.hangUp(reason: .normal)
    }

    private func release(_ state: State) {
        switch state {
        case .calling(let ports, _, _): ports.close()
        case .talking(let leg): leg.close()
        case .over: break
        }
    }

    private func handle(_ event: DialogEvent) {
        switch event {
        case .confirmed(let sdp): confirmed(sdp)
        case .reoffered, .reofferAnswered, .reofferFailed:
            renegotiation.handle(event)
        case .digit: break
        case .ended(_, let cause, let reason):
            end([cause.map { "\($0)" }, reason].compactMap { $0 }.joined(separator: " "))
        case .cancelled: end("cancelled")
        }
    }

    private func confirmed(_ sdp: String?) {
        guard case .calling(let ports, let local, let offer) = state else { return dialog.hangUp(reason: .normal) }
        do {
            let answer = try SessionDescription(parsing: sdp ?? "")
            let plan = try Negotiation.accept(answer, to: offer, local: local)
            let leg = try services.media.add(ports, plan: plan, ice: nil)
            state = .talking(leg)
            renegotiation.agreed(leg, local)
            leg.onEvent = { [weak self] in self?.heard($0) }
            onNews(.answered(leg))
        } catch {
            end("\(error)")
            dialog.hangUp(reason: .normal)
        }
    }

    private func heard(_ news: LegNews) {
        guard case .lost(let reason) = news else { return }
        end("\(reason)")
        dialog.hangUp(reason: .normal)
    }

    private func end(_ reason: String) {
        let last = state
        state = .over
        release(last)
        switch last {
        case .calling: onNews(.failed(reason: reason))
        case .talking: onNews(.ended(reason: reason))
        case .over: break
        }
    }
}
