// A SIP caller: joins one dialog to one call, from the offer to the last re-INVITE.

import IVR
import Logging
import Media
import SIP

/// RFC 3264 on our side of one dialog. Ends with the dialog.
@Signalling
final class PhoneCall {
    private enum State {
        /// Our answer is in the 200; waiting for the ACK. Goes to: running, done.
        case answered(any CallEnd)
        /// The INVITE had no offer, ours is in the 200; the answer comes in the ACK. Goes to: running, done.
        case offered(LocalPorts, LocalMedia, SessionDescription)
        /// Goes to: done.
        case running(any CallEnd)
        case done
    }

    private let dialog: Dialog
    /// Makes the other end of the call.
    private let reach: (Caller, MediaLeg) -> any CallEnd
    private let services: CallServices
    private var state = State.done
    private var renegotiation: Renegotiation
    var onDone: () -> Void = {}

    init(dialog: Dialog, services: CallServices, reach: @escaping (Caller, MediaLeg) -> any CallEnd) {
        self.dialog = dialog
        self.services = services
        self.reach = reach
        renegotiation = Renegotiation(dialog: dialog, log: services.log)
        dialog.onEvent = { [weak self] in self?.handle($0) }
    }

    func answer() {
        do {
            let ports = try services.media.openPorts(towards: dialog.sourceAddress, rtcpMux: false)
            do {
                try answer(on: ports)
            } catch {
                ports.close()
                throw error
            }
        } catch let error as NegotiationError {
            refuse(488, error)
        } catch let error as SDPError {
            refuse(400, error)
        } catch {
            refuse(503, error)
        }
    }

    private func answer(on ports: LocalPorts) throws {
        let local = ports.local(
            codecs: Codec.preference, signallingSource: SocketAddress(ip: dialog.sourceAddress, port: 0))
        guard let offer = dialog.offer else {
            let ours = Negotiation.offer(local: local, hold: false)
            state = .offered(ports, local, ours)
            return dialog.answer(sdp: ours.text)
        }
        let (answer, plan) = try Negotiation.answer(SessionDescription(parsing: offer), local: local)
        let leg = try services.media.add(ports, plan: plan, ice: nil)
        state = .answered(begin(leg, local))
        dialog.answer(sdp: answer.text)
    }

    private func begin(_ leg: MediaLeg, _ local: LocalMedia) -> any CallEnd {
        let identity = dialog.from
        let caller = Caller(number: identity.isAnonymous ? nil : identity.user, called: dialog.calledUser)
        renegotiation.agreed(leg, local)
        return reach(caller, leg)
    }

    private func refuse(_ status: Int, _ error: any Error) {
        services.log.notice(
            "call.refused",
            metadata: ["why": "\(error)", "status": "\(status)", "from": "\(dialog.source)"])
        dialog.reject(status: status, reason: nil, retryAfter: status == 503 ? 10 : nil)
        finish()
    }

    // MARK: What the dialog says

    private func handle(_ event: DialogEvent) {
        switch event {
        case .confirmed(let sdp): confirmed(sdp)
        case .reoffered, .reofferAnswered, .reofferFailed: renegotiation.handle(event)
        case .digit(let digit, _): call?.pressed(digit, how: "info")
        case .cancelled: ended(by: .caller, reason: "cancelled")
        case .ended(let by, let cause, let reason):
            let who: EndedBy =
                switch by {
                case .remote: .caller
                case .local: .system
                case .network: .network
                }
            ended(by: who, reason: [cause.map { "\($0)" }, reason].compactMap { $0 }.joined(separator: " "))
        }
    }

    private var call: (any CallEnd)? {
        switch state {
        case .answered(let call), .running(let call): call
        case .offered, .done: nil
        }
    }

    private func confirmed(_ sdp: String?) {
        switch state {
        case .answered(let call):
            state = .running(call)
            call.enter()
        case .offered(let ports, let local, let ours): accept(sdp, ports, local, ours)
        case .running, .done: break
        }
    }

    /// The answer to our offer came in the ACK (RFC 3261 §13.2.1). Without a usable one there is no call.
    private func accept(_ sdp: String?, _ ports: LocalPorts, _ local: LocalMedia, _ ours: SessionDescription) {
        do {
            let answer = try SessionDescription(parsing: sdp ?? "")
            let plan = try Negotiation.accept(answer, to: ours, local: local)
            let call = begin(try services.media.add(ports, plan: plan, ice: nil), local)
            state = .running(call)
            call.enter()
        } catch {
            ports.close()
            services.log.notice("call.refused", metadata: ["why": "\(error)", "from": "\(dialog.source)"])
            dialog.hangUp(reason: nil)
            finish()
        }
    }

    private func ended(by: EndedBy, reason: String) {
        switch state {
        case .offered(let ports, _, _): ports.close()
        case .answered(let call), .running(let call): call.end(by: by, reason: reason)
        case .done: break
        }
        finish()
    }

    private func finish() {
        state = .done
        let done = onDone
        onDone = {}
        done()
    }
}
