// config/centrala.yaml → settings; every mistake with file, line and column.

import ArgumentParser
import Calls
import Logging
import Web
import YAML

/// The whole of an administrator's choices.
struct ConfigurationFile {
    var callCentre = CallCentreConfiguration()
    var web = WebConfiguration()
    var logLevel = Logger.Level.info

    /// Throws one error that prints all findings.
    static func load(_ path: String) throws -> ConfigurationFile {
        let (root, log) = YAMLFile.compose(path: path)
        var file = ConfigurationFile()
        if let root { file.read(MappingReader(root, "the configuration", log: log)) }
        guard !log.hasErrors else {
            throw ConfigurationError(findings: log.findings.inReadingOrder)
        }
        return file
    }

    private mutating func read(_ root: MappingReader) {
        let log = root.log
        if let node = root.node("sip") { readSIP(MappingReader(node, .name("sip"), log: log)) }
        if let node = root.node("media") { readMedia(MappingReader(node, .name("media"), log: log)) }
        if let node = root.node("web") { readWeb(MappingReader(node, .name("web"), log: log)) }
        if let node = root.node("lookups") { readLookups(MappingReader(node, .name("lookups"), log: log)) }
        if let node = root.node("mail") {
            callCentre.mail = MailSection(MappingReader(node, .name("mail"), log: log)).read()
        }
        if let node = root.node("studio") { readStudio(MappingReader(node, .name("studio"), log: log)) }
        if let node = root.node("paths") { readPaths(MappingReader(node, .name("paths"), log: log)) }
        for node in log.list(root.node("breaks"), "breaks") ?? [] {
            readBreak(MappingReader(node, "a break", log: log))
        }
        if let node = root.node("log") {
            let section = MappingReader(node, .name("log"), log: log)
            let levels: [String: Logger.Level] = [
                "debug": .debug, "info": .info, "notice": .notice, "warning": .warning, "error": .error,
            ]
            logLevel = log.choice(section.node("level"), .name("log: level"), levels) ?? logLevel
            section.finish()
        }
        root.finish()
    }

    private mutating func readSIP(_ section: MappingReader) {
        let log = section.log
        if let nodes = log.list(section.node("listen"), .name("sip: listen")) {
            callCentre.sipListen = nodes.compactMap { node in
                guard let text = log.text(node, "an address to listen on") else { return nil }
                if ListenAddress(text) == nil { log.error("E005", at: node.position, Self.addressExpected(text)) }
                return text
            }
        }
        callCentre.sipPublicAddress = publicAddress(section, .name("sip: public_address"))
        callCentre.maximumCalls =
            log.integer(section.node("max_calls"), .name("sip: max_calls"), in: 1...2_000) ?? callCentre.maximumCalls
        if let node = section.node("trunk"), let text = log.text(node, .name("sip: trunk")), text != "none",
            !callCentre.setTrunk(text)
        {
            log.error(
                "E005", at: node.position, "sip: trunk is \(quoted(text)); HOST or HOST:PORT is expected, or none")
        }
        section.finish()
    }

    private mutating func readMedia(_ section: MappingReader) {
        let log = section.log
        if let node = section.node("ports"), let text = log.text(node, .name("media: ports")) {
            let numbers = text.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
            if numbers.count == 2, let low = numbers[0], let high = numbers[1], low >= 1024, high > low {
                callCentre.mediaPorts = low...high
            } else {
                log.error(
                    "E005", at: node.position, "media: ports is \(quoted(text)); a range such as 8000-40000 is expected"
                )
            }
        }
        callCentre.mediaPublicAddress = publicAddress(section, .name("media: public_address"))
        if let node = section.node("threads"), node.text != "auto" {
            callCentre.mediaThreads = log.integer(node, .name("media: threads"), in: 1...16) ?? callCentre.mediaThreads
        }
        section.finish()
    }

    private mutating func readWeb(_ section: MappingReader) {
        let log = section.log
        if let node = section.node("listen"), let text = log.text(node, .name("web: listen")) {
            if let address = ListenAddress(text) {
                web.address = address.ip
                web.port = Int(address.port)
            } else {
                log.error("E005", at: node.position, Self.addressExpected(text))
            }
        }
        web.certificatePath = file(section, "certificate")
        web.privateKeyPath = file(section, "key")
        if (web.certificatePath == nil) != (web.privateKeyPath == nil) {
            log.error("E004", at: section.position, "web: certificate and key go together; one of them is missing")
        }
        web.publicCallPage =
            log.flag(section.node("public_call_page"), .name("web: public_call_page"), yes: "yes", no: "no")
            ?? web.publicCallPage
        if let node = section.node("public_url"), let text = log.text(node, .name("web: public_url")), text != "none",
            !callCentre.setPages(text)
        {
            log.error(
                "E005", at: node.position, "web: public_url is \(quoted(text)); https://HOST is expected, or none")
        }
        section.finish()
    }

    private mutating func readLookups(_ section: MappingReader) {
        let log = section.log
        for node in log.list(section.node("allow"), .name("lookups: allow")) ?? [] {
            guard let text = log.text(node, "a network or a name that lookups may ask") else { continue }
            if !callCentre.allowLookups(at: text) {
                log.error(
                    "E005", at: node.position,
                    "\(quoted(text)) is neither a network such as 10.1.0.0/16 nor the name of a host")
            }
        }
        section.finish()
    }

    private mutating func readStudio(_ section: MappingReader) {
        if let node = section.node("number"), let text = section.log.text(node, .name("studio: number")),
            text != "none",
            !callCentre.setStudioNumber(text)
        {
            section.log.error(
                "E005", at: node.position, "studio: number is \(quoted(text)); a telephone number is expected, or none")
        }
        section.finish()
    }

    private mutating func readBreak(_ section: MappingReader) {
        let log = section.log
        let atOnce = log.integer(section.node("at_once"), "at_once of a break", in: 1...1_000)
        if let node = section.required("name"), let name = log.text(node, "the name of a break") {
            if (1...60).contains(name.count), !callCentre.breaks.contains(where: { $0.name == name }) {
                callCentre.breaks.append(BreakReason(name: name, atOnce: atOnce))
            } else {
                log.error(
                    "E005", at: node.position,
                    "\(quoted(name)) is no name of a break: 1 to 60 characters, each name once")
            }
        }
        section.finish()
    }

    private mutating func readPaths(_ section: MappingReader) {
        let log = section.log
        callCentre.dataDirectory = log.text(section.node("data"), .name("paths: data")) ?? callCentre.dataDirectory
        callCentre.hotlinesDirectory =
            log.text(section.node("hotlines"), .name("paths: hotlines")) ?? callCentre.hotlinesDirectory
        callCentre.promptsDirectory =
            log.text(section.node("prompts"), .name("paths: prompts")) ?? callCentre.promptsDirectory
        section.finish()
    }

    /// An IP address, or nil for `auto`.
    private func publicAddress(_ section: MappingReader, _ what: FindingText) -> String? {
        guard let node = section.node("public_address"), let text = section.log.text(node, what) else { return nil }
        guard text != "auto" else { return nil }
        guard ListenAddress.isIP(text) else {
            section.log.error(
                "E005", at: node.position, "\(what) is \(quoted(text)); an IP address or auto is expected")
            return nil
        }
        return text
    }

    private func file(_ section: MappingReader, _ key: String) -> String? {
        let text = section.log.text(section.node(key), .name("web: \(key)"))
        return text == "none" ? nil : text
    }

    private static func addressExpected(_ text: String) -> FindingText {
        "\(quoted(text)) is no address to listen on; IP:PORT is expected, IPv6 in brackets"
    }
}

/// All that is wrong with the configuration, as a person should read it.
struct ConfigurationError: Error, CustomStringConvertible {
    let findings: [Finding]

    var description: String { "the configuration has errors\n" + findings.map(\.text).joined(separator: "\n") }
}
