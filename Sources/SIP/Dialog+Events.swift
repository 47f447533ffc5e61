// What sofia tells of a dialog, and what becomes of it.

extension Dialog {
    func handle(_ event: SIPEvent) {
        switch event.kind {
        case .invite, .update: offered(event)
        case .ack: acknowledged(event.message)
        case .inviteAnswer: inviteAnswered(event)
        case .cancel: cancelled()
        case .bye: left(event.message.reason)
        case .info: informed(event)
        case .options: handle.respondToOptions(200, retryAfter: nil, request: handle.holdRequest())
        case .error: failed(event)
        case .stateTerminating: stackLeaves(event)
        case .terminated: terminated()
        case .shutdownAnswer, .other: break
        }
    }

    // MARK: The first INVITE

    private func acknowledged(_ message: SIPMessage) {
        switch state {
        case .answered(let isOfferOurs, let hangUp):
            if let reason = hangUp { return leave { $0.bye(reason) } }
            confirm(isOfferOurs ? message.body.sdp : nil)
        case .talking:
            if let event = negotiation.acknowledged(message.body.sdp) { onEvent(event) }
            sendWaitingOffer()
        case .invited, .calling, .owesAnswer, .leaving, .told, .over: break
        }
    }

    private func inviteAnswered(_ event: SIPEvent) {
        switch state {
        case .calling: callAnswered(event)
        case .leaving where 200...299 ~= event.status, .told where 200...299 ~= event.status:
            // Our CANCEL came too late: the call stands and has to be ended again.
            handle.bye(.normal)
        case .leaving: if event.status >= 300 { end(.ended(by: .local, cause: nil, reason: nil)) }
        case .talking: reofferAnswered(event)
        case .invited, .answered, .owesAnswer, .told, .over: break
        }
    }

    private func callAnswered(_ event: SIPEvent) {
        switch event.status {
        case ..<101: break
        case ..<200: onProgress(event.status, event.message.body.sdp)
        case ..<300:
            refresh.learn(from: event.message, isAnswer: true)
            confirm(event.message.body.sdp)
        default:
            let by: DialogEvent.Ending = event.hasMessage ? .remote : .network
            end(.ended(by: by, cause: event.status, reason: event.phrase))
        }
    }

    private func cancelled() {
        switch state {
        case .invited(let request, _):
            handle.drop(request)
            state = .invited(nil, isAnswered: false)
            end(.cancelled)
        // The peer took a re-INVITE back; the stack has answered it with 487.
        case .talking: negotiation.withdrawn(handle)
        case .answered, .calling, .owesAnswer, .leaving, .told, .over: break
        }
    }

    // MARK: The end

    private func left(_ reason: SIPReason?) {
        end(.ended(by: isLeaving ? .local : .remote, cause: reason?.cause, reason: reason?.text))
    }

    private var isLeaving: Bool {
        switch state {
        case .leaving: true
        case .invited, .answered, .calling, .owesAnswer, .talking, .told, .over: false
        }
    }

    private func failed(_ event: SIPEvent) {
        userAgent.counters.stackErrors += 1
        // Our 200 or a reliable 1xx was never acknowledged; the stack ends the session itself.
        guard event.status == 408 || event.status == 504 else { return }
        lose(event.status, event.phrase)
    }

    /// The stack ends the session for a reason of its own: no refresh in time (RFC 4028 §10), no ACK.
    private func stackLeaves(_ event: SIPEvent) {
        switch state {
        case .leaving, .told, .over, .invited, .calling: break
        case .answered, .owesAnswer, .talking: lose(408, "The session was lost")
        }
    }

    private func terminated() {
        switch state {
        case .leaving, .answered(_, .some): end(.ended(by: .local, cause: nil, reason: nil))
        case .told, .over: break
        case .invited, .answered, .calling, .owesAnswer, .talking: lose(408, "The session was lost")
        }
        finish()
    }

    // MARK: INFO

    private func informed(_ event: SIPEvent) {
        guard event.status < 200 else { return }
        let request = handle.holdRequest()
        switch event.message.body {
        case .none, .sdp: handle.respond(200, to: request)
        case .refused(let status): refuseInfo(status, request)
        case .other(let type, let text):
            do throws(InfoDigit.Problem) {
                let digit = try InfoDigit(type: type, text: text)
                handle.respond(200, to: request)
                onEvent(.digit(digit.digit, milliseconds: digit.milliseconds))
            } catch {
                switch error {
                case .unknownType: refuseInfo(415, request)
                case .noDigit: refuseInfo(400, request)
                case .flash: handle.respond(200, to: request)
                }
            }
        }
    }

    private func refuseInfo(_ status: Int, _ request: HeldRequest?) {
        userAgent.counters.refusedInfos += 1
        handle.respond(status, to: request)
    }
}
