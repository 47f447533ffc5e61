// Offer and answer (RFC 3264) for one audio stream, with SIP phones and with browsers (RFC 8829).

/// Why no media can be agreed on. All are answered 488 Not Acceptable Here.
public enum NegotiationError: Error, Equatable, Sendable {
    /// No audio stream that is not refused.
    case noAudio
    case noCommonCodec
    /// A line without which nothing works is missing or unreadable.
    case malformed
    /// Encryption is demanded that we do not offer, or lacks its fingerprint; or we demanded it and it was refused.
    case insecure
    /// The media address is a name, multicast, or of an IP version that our address is not.
    case unreachable
}

/// Turns descriptions into a `MediaPlan`. Pure.
public enum Negotiation {
    /// Answers an offer. The first audio section that fits is taken; all others are refused with port 0, their order
    /// kept (RFC 3264 §6). Codecs come in our order of preference, under the peer's payload types; without telephone-event
    /// those that carry keys in band come first.
    public static func answer(
        _ offer: SessionDescription, local: LocalMedia
    ) throws(NegotiationError) -> (answer: SessionDescription, plan: MediaPlan) {
        var firstError: NegotiationError?
        for index in offer.media.indices where offer.media[index].kind == "audio" && offer.media[index].port != 0 {
            do {
                let remote = RemoteAudio(offer, index: index)
                let plan = try plan(answering: remote, local: local)
                return (LocalAudio(local: local, plan: plan).answer(offer, index: index), plan)
            } catch {
                firstError = firstError ?? error
            }
        }
        throw firstError ?? .noAudio
    }

    /// An offer of our own: for an INVITE that came without one, and for re-INVITEs. `hold` offers `sendonly`.
    /// `continuing` is what is in force: its payload types keep their meaning (RFC 3264 §8.3.2).
    public static func offer(local: LocalMedia, hold: Bool, continuing plan: MediaPlan? = nil) -> SessionDescription {
        LocalAudio.offer(local: local, hold: hold, continuing: plan)
    }

    /// What an answer to our offer decided.
    public static func accept(
        _ answer: SessionDescription, to offer: SessionDescription, local: LocalMedia
    ) throws(NegotiationError) -> MediaPlan {
        guard let index = offer.media.firstIndex(where: { $0.kind == "audio" }), answer.media.count > index else {
            throw .malformed
        }
        let ours = RemoteAudio(offer, index: index)
        let remote = RemoteAudio(answer, index: index)
        guard remote.section.kind == "audio", remote.section.port != 0 else { throw .noAudio }
        guard remote.section.transport.uppercased() == ours.section.transport.uppercased() else { throw .insecure }

        let offered = ours.formats
        let codecs = remote.codecs(among: local.codecs).compactMap { binding -> CodecBinding? in
            guard let own = offered.first(where: { $0.codec == binding.codec }) else { return nil }
            return CodecBinding(
                codec: binding.codec, payloadType: binding.payloadType, receivePayloadType: own.payloadType)
        }
        let events = remote.telephoneEvents.compactMap { binding -> TelephoneEventBinding? in
            guard let own = ours.telephoneEvents.first(where: { $0.clockRate == binding.clockRate }) else { return nil }
            return TelephoneEventBinding(
                payloadType: binding.payloadType, receivePayloadType: own.payloadType, clockRate: binding.clockRate)
        }
        var plan = try plan(with: remote, codecs: codecs, events: events, local: local)
        if let own = ours.comfortNoise {
            plan.comfortNoise?.receivePayloadType = own.payloadType
        } else {
            plan.comfortNoise = nil
        }
        plan.sends = plan.sends && ours.direction.sends
        plan.receives = plan.receives && ours.direction.receives
        plan.rtcpMux = plan.rtcpMux && ours.rtcpMux
        return plan
    }

    private static func plan(answering remote: RemoteAudio, local: LocalMedia) throws(NegotiationError) -> MediaPlan {
        let offered = remote.codecs(among: local.codecs)
        let events = remote.telephoneEvents
        let preferred =
            events.isEmpty
            ? local.codecs.filter(\.carriesTones) + local.codecs.filter { !$0.carriesTones } : local.codecs
        let codecs = preferred.compactMap { codec in offered.first { $0.codec == codec } }
        guard let first = codecs.first else { throw .noCommonCodec }
        // One clock rate only: Chromium sends each key three times over when it is answered both beside Opus. The
        // codec's own rate where there is a choice (RFC 4733 §2.1), or else whatever was offered.
        let matching = events.filter { $0.clockRate == first.codec.clockRate }
        return try plan(
            with: remote, codecs: codecs, events: Array((matching.isEmpty ? events : matching).prefix(1)), local: local)
    }

    private static func plan(
        with remote: RemoteAudio, codecs: [CodecBinding], events: [TelephoneEventBinding], local: LocalMedia
    ) throws(NegotiationError) -> MediaPlan {
        guard let first = codecs.first else { throw .noCommonCodec }
        let security = try remote.security(local: local)
        var plan = MediaPlan(codecs: codecs, telephoneEvents: events, rtcpMux: remote.rtcpMux, security: security)
        // Where Opus may be sent, as with every browser, pauses are Opus' own: noise beside it would be a second way to say
        // them, in another clock.
        if codecs.allSatisfy(\.codec.takesComfortNoise) { plan.comfortNoise = remote.comfortNoise }
        plan.takesPausesInG729 = remote.takesPausesInG729
        plan.leavesPausesOut = remote.wantsPausesLeftOut
        plan.packetTime = remote.packetTime(for: first.codec, unless: local.packetTime)
        plan.sends = remote.direction.receives
        plan.receives = remote.direction.sends
        plan.isHold = !remote.direction.receives
        plan.reports = remote.value("rtcp-xr").map { ExtendedReportTerms(parsing: $0) } ?? ExtendedReportTerms()
        plan.feedback = remote.section.feedback(payloadType: first.payloadType)
        if case .dtls(let terms) = security, terms.remoteICE != nil { return plan }

        let rtp = try remote.rtpAddress()
        if let rtp, let own = SocketAddress(ip: local.address, port: 0), own.isIPv6 != rtp.isIPv6 {
            throw .unreachable
        }
        plan.remoteRTP = rtp
        plan.remoteRTCP = remote.rtcpAddress(rtp: rtp)
        plan.latching = latching(announced: rtp, local: local)
        if rtp == nil {
            // RFC 3264 §8.4: the old way to hold; nothing can be sent to 0.0.0.0.
            plan.isHold = true
            plan.sends = false
        }
        return plan
    }

    /// A private address that reaches us from elsewhere is behind NAT: its packets come from where its signalling
    /// comes from. So do those of a phone on this machine, which announces the machine's address and sends from
    /// loopback. Only when the signalling's source is unknown, and we are not on a private network ourselves, anyone
    /// may be first.
    private static func latching(announced: SocketAddress?, local: LocalMedia) -> LatchingRule {
        guard let announced else { return .announced }
        if let source = local.signallingSource, announced.isPrivate || source.isLoopback {
            return .signallingSource(source)
        }
        guard announced.isPrivate, local.signallingSource == nil else { return .announced }
        let own = SocketAddress(ip: local.address, port: 0)
        return own?.isPrivate == true ? .announced : .any
    }
}

extension RemoteAudio.Format {
    /// The codec that this is, if it is one of ours.
    var codec: Codec? {
        Codec.allCases.first {
            $0.name.lowercased() == name && $0.clockRate == clockRate && $0.rtpmapChannels == channels
        }
    }
}

extension RemoteAudio {
    /// The codecs of `known`, each under its first payload type, in the peer's order.
    func codecs(among known: [Codec]) -> [CodecBinding] {
        var found: [CodecBinding] = []
        for format in formats {
            guard let codec = format.codec, known.contains(codec), !found.contains(where: { $0.codec == codec }) else {
                continue
            }
            found.append(CodecBinding(codec: codec, payloadType: format.payloadType))
        }
        return found
    }

    /// What is said of its G.729.
    var takesPausesInG729: Bool {
        formats.first { $0.codec == .g729 }.map { parameter("annexb", of: $0.payloadType) != "no" } ?? true
    }

    /// What is said of its Opus.
    var wantsPausesLeftOut: Bool {
        formats.first { $0.codec == .opus }.map { parameter("usedtx", of: $0.payloadType) == "1" } ?? false
    }

    /// Comfort noise as it is offered beside codecs of this clock.
    var comfortNoise: ComfortNoiseBinding? {
        formats.first { $0.name == "cn" && $0.clockRate == 8_000 && $0.channels == 1 }
            .map { ComfortNoiseBinding(payloadType: $0.payloadType) }
    }

    /// The telephone-event formats, in the peer's order. Rates other than 8,000 and 48,000 belong to codecs that we
    /// do not have.
    var telephoneEvents: [TelephoneEventBinding] {
        formats
            .filter { $0.name == "telephone-event" && [8_000, 48_000].contains($0.clockRate) }
            .map { TelephoneEventBinding(payloadType: $0.payloadType, clockRate: $0.clockRate) }
    }
}
