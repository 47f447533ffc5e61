// Our m=audio section, written for an answer or an offer.

/// What we say about our audio stream.
struct LocalAudio {
    let local: LocalMedia
    let plan: MediaPlan

    /// The answer to `offer`, whose section `index` became `plan`.
    func answer(_ offer: SessionDescription, index: Int) -> SessionDescription {
        let accepted = offer.media[index]
        var session: [SDPAttribute] = []
        if isICE { session.append(SDPAttribute("ice-lite")) }
        if let mid = accepted.value("mid"), LocalAudio.isBundled(mid, in: offer) {
            session.append(SDPAttribute("group", "BUNDLE \(mid)"))
        }
        let media = offer.media.indices.map { at in
            at == index ? section(answering: accepted) : LocalAudio.refusal(of: offer.media[at])
        }
        return SessionDescription(
            origin: LocalAudio.origin(local), connection: SDPConnection(address: local.address), attributes: session,
            media: media)
    }

    /// An offer of our own.
    static func offer(local: LocalMedia, hold: Bool, continuing: MediaPlan?) -> SessionDescription {
        let codecs = local.codecs.map { codec in
            let known = continuing?.codecs.first { $0.codec == codec }
            return CodecBinding(codec: codec, payloadType: known?.receivePayloadType ?? codec.defaultPayloadType)
        }
        let rates = local.codecs.contains(.opus) ? [48_000, 8_000] : [8_000]
        let events = rates.map { rate in
            let known = continuing?.telephoneEvents.first { $0.clockRate == rate }
            return TelephoneEventBinding(
                payloadType: known?.receivePayloadType ?? (rate == 8_000 ? 101 : 110), clockRate: rate)
        }
        var plan = MediaPlan(codecs: codecs, telephoneEvents: events, receives: !hold, rtcpMux: true, reports: .all)
        // Only kept, never proposed: a peer that was not asked for it is not made to leave its pauses out.
        plan.comfortNoise = continuing?.comfortNoise.map { ComfortNoiseBinding(payloadType: $0.receivePayloadType) }
        let isSecure = local.fingerprint != nil
        if isSecure {
            plan.security = .dtls(DTLSTerms(remoteFingerprints: [], remoteICE: local.ice, role: .server))
        }
        let writer = LocalAudio(local: local, plan: plan)
        let section = MediaDescription(
            kind: "audio", port: local.rtpPort, transport: isSecure ? "UDP/TLS/RTP/SAVPF" : "RTP/AVP",
            formats: writer.formats, connection: nil, attributes: writer.attributes(setup: "actpass"))
        return SessionDescription(
            origin: origin(local), connection: SDPConnection(address: local.address),
            attributes: writer.isICE ? [SDPAttribute("ice-lite")] : [], media: [section])
    }

    private func section(answering accepted: MediaDescription) -> MediaDescription {
        var attributes: [SDPAttribute] = []
        if let mid = accepted.value("mid") { attributes.append(SDPAttribute("mid", mid)) }
        attributes += self.attributes(setup: setup)
        return MediaDescription(
            kind: "audio", port: local.rtpPort, transport: accepted.transport, formats: formats, connection: nil,
            attributes: attributes)
    }

    /// RFC 3264 §6: a refused stream keeps its place, with port 0 and at least one format.
    private static func refusal(of section: MediaDescription) -> MediaDescription {
        var attributes = section.value("mid").map { [SDPAttribute("mid", $0)] } ?? []
        attributes.append(SDPAttribute("inactive"))
        return MediaDescription(
            kind: section.kind, port: 0, transport: section.transport, formats: section.formats, connection: nil,
            attributes: attributes)
    }

    private static func origin(_ local: LocalMedia) -> SDPOrigin {
        SDPOrigin(
            username: "-", sessionID: String(local.sessionID), sessionVersion: String(local.sessionVersion),
            connection: SDPConnection(address: local.address))
    }

    private static func isBundled(_ mid: String, in offer: SessionDescription) -> Bool {
        offer.attributes.contains { attribute in
            guard attribute.name == "group", let words = attribute.value?.split(separator: " ") else { return false }
            return words.first == "BUNDLE" && words.dropFirst().contains { $0 == mid }
        }
    }

    private var isICE: Bool {
        guard case .dtls(let terms) = plan.security else { return false }
        return terms.remoteICE != nil && local.ice != nil
    }

    /// RFC 8842 §5.3: the answer is never actpass.
    private var setup: String {
        guard case .dtls(let terms) = plan.security else { return "" }
        switch terms.role {
        case .client: return "active"
        case .server: return "passive"
        }
    }

    /// What arrives comes under these numbers.
    private var formats: [String] {
        plan.codecs.map { String($0.receivePayloadType) } + noise
            + plan.telephoneEvents.map { String($0.receivePayloadType) }
    }

    private var noise: [String] { plan.comfortNoise.map { [String($0.receivePayloadType)] } ?? [] }

    private func attributes(setup: String) -> [SDPAttribute] {
        var list: [SDPAttribute] = []
        for binding in plan.codecs {
            let codec = binding.codec
            let channels = codec.rtpmapChannels == 1 ? "" : "/\(codec.rtpmapChannels)"
            list.append(
                SDPAttribute("rtpmap", "\(binding.receivePayloadType) \(codec.name)/\(codec.clockRate)\(channels)"))
            if codec == .opus {
                // We play and record 16 kHz: what lies above would be sent for nothing (RFC 7587 §6.1).
                let asked = [
                    "maxplaybackrate=16000", "sprop-maxcapturerate=16000",
                    "maxaveragebitrate=\(OpusEncoder.askedBitrate)", "useinbandfec=1",
                ]
                list.append(SDPAttribute("fmtp", "\(binding.receivePayloadType) \(asked.joined(separator: ";"))"))
            }
        }
        if let g729 = plan.codecs.first(where: { $0.codec == .g729 }), !plan.takesPausesInG729 {
            // Who says no gets no (RFC 7261 §3.2); we could take Annex B all the same.
            list.append(SDPAttribute("fmtp", "\(g729.receivePayloadType) annexb=no"))
        }
        if let noise = plan.comfortNoise {
            list.append(SDPAttribute("rtpmap", "\(noise.receivePayloadType) CN/8000"))
        }
        for event in plan.telephoneEvents {
            list.append(SDPAttribute("rtpmap", "\(event.receivePayloadType) telephone-event/\(event.clockRate)"))
            list.append(SDPAttribute("fmtp", "\(event.receivePayloadType) 0-15"))
        }
        list.append(SDPAttribute("ptime", String(local.packetTime)))
        list.append(SDPAttribute("maxptime", "60"))
        list.append(SDPAttribute(direction))
        if plan.rtcpMux { list.append(SDPAttribute("rtcp-mux")) }
        if let reports = plan.reports.attribute { list.append(reports) }
        return list + security(setup: setup)
    }

    /// What we do, seen from us.
    private var direction: String {
        switch (plan.sends, plan.receives) {
        case (true, true): "sendrecv"
        case (true, false): "sendonly"
        case (false, true): "recvonly"
        case (false, false): "inactive"
        }
    }

    private func security(setup: String) -> [SDPAttribute] {
        guard case .dtls = plan.security, let fingerprint = local.fingerprint else { return [] }
        var list = [SDPAttribute("setup", setup), SDPAttribute("fingerprint", fingerprint.text)]
        guard isICE, let ice = local.ice else { return list }
        // The page's ontrack event has a stream only when the track is said to belong to one (RFC 8830).
        list.append(SDPAttribute("msid", "centrala audio"))
        list.append(SDPAttribute("ice-ufrag", ice.usernameFragment))
        list.append(SDPAttribute("ice-pwd", ice.password))
        // Priority of the only host candidate: 2^24 × 126 + 2^8 × 65535 + 255 (RFC 8445 §5.1.2.1).
        list.append(SDPAttribute("candidate", "1 1 udp 2130706431 \(local.address) \(local.rtpPort) typ host"))
        list.append(SDPAttribute("end-of-candidates"))
        return list
    }
}
