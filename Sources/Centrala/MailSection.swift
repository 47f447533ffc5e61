// The section `mail:` of config/centrala.yaml → the mail server that takes letters.

import Calls
import Foundation
import Outside
import YAML

struct MailSection {
    private let section: MappingReader
    private var log: FindingLog { section.log }

    init(_ section: MappingReader) {
        self.section = section
    }

    /// Nil: no mail is sent, because `host` is none or something is wrong.
    func read() -> MailServer? {
        defer { section.finish() }
        let host = given("host")
        let security =
            log.choice(
                section.node("security"), .name("mail: security"),
                Dictionary(uniqueKeysWithValues: MailServer.Security.allCases.map { ($0.rawValue, $0) })) ?? .starttls
        let port = port(security)
        let login = login(security)
        let from = sender(isNeeded: host != nil)
        guard let host, let from, !log.hasErrors else { return nil }
        let server = MailServer(host: host.text, port: port, security: security, login: login, from: from)
        if server == nil {
            log.error(
                "E005", at: host.position,
                "mail: host is \(quoted(host.text)); a host's name or an IP address is expected")
        }
        return server
    }

    /// Those of RFC 6409, RFC 8314 and RFC 5321.
    private func port(_ security: MailServer.Security) -> UInt16 {
        let usual: UInt16 =
            switch security {
            case .starttls: 587
            case .tls: 465
            case .none: 25
            }
        guard let node = section.node("port"), node.text != "auto" else { return usual }
        return log.integer(node, .name("mail: port"), in: 1...65_535).map { UInt16($0) } ?? usual
    }

    private func sender(isNeeded: Bool) -> MailAddress? {
        guard let from = given("from") else {
            if isNeeded {
                log.error("E004", at: section.position, "mail: host is given, and 'from', the sender's address, is not")
            }
            return nil
        }
        let address = MailAddress(from.text)
        if address == nil {
            log.error("E005", at: from.position, "mail: from is \(quoted(from.text)); an address of mail is expected")
        }
        return address
    }

    private func login(_ security: MailServer.Security) -> MailServer.Login? {
        let user = given("user")
        let file = given("password_file")
        guard let user, let file else {
            if user != nil || file != nil {
                log.error(
                    "E004", at: section.position, "mail: user and password_file go together; one of them is missing")
            }
            return nil
        }
        guard security != .none else {
            log.error(
                "E005", at: user.position, "mail: security is none, and a password is never sent without TLS",
                hint: "security: starttls or tls")
            return nil
        }
        return password(file).flatMap { password in
            let login = MailServer.Login(user: user.text, password: password)
            if login == nil {
                log.error("E005", at: file.position, "mail: password_file holds no password: one line is expected")
            }
            return login
        }
    }

    /// One line; the line end after it is not part of it.
    private func password(_ file: (text: String, position: Position)) -> String? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file.text)
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: file.text)), data.count <= 2_000,
            let rights = (attributes?[.posixPermissions] as? NSNumber)?.intValue
        else {
            log.error("E008", at: file.position, "mail: password_file \(quoted(file.text)) cannot be read")
            return nil
        }
        guard rights & 0o007 == 0 else {
            log.error(
                "E008", at: file.position,
                "mail: everybody on this machine may read password_file \(quoted(file.text))",
                hint: "chmod 600 \(file.text)")
            return nil
        }
        let text = String(decoding: data, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    /// Nil when it is not there or `none`.
    private func given(_ key: String) -> (text: String, position: Position)? {
        guard let node = section.node(key), let text = log.text(node, .name("mail: \(key)")), text != "none" else {
            return nil
        }
        return (text, node.position)
    }
}
