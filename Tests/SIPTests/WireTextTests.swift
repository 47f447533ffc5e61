// What is made of texts from the wire: identities, digits, bodies, reasons, addresses.

import Testing

@testable import SIP

@Suite struct WireTextTests {
    @Test(arguments: [
        ("\"Jan <Nowak>\" <sip:+48221@example.com;user=phone>;tag=1", "+48221", "example.com", "Jan <Nowak>"),
        ("Jan Nowak <sip:jan%20n@[2001:db8::1]:5062>", "jan n", "[2001", "Jan Nowak"),
        ("<tel:+48221;phone-context=x>, <sip:a@b>", "+48221", "", nil),
        ("sips:+48221:secret@host:5061;transport=tls", "+48221", "host", nil),
        ("\"\\\"quoted\\\"\" <sip:u@h>", "u", "h", "\"quoted\""),
    ])
    func `An identity is read from a header`(text: String, user: String, host: String, name: String?) throws {
        let identity = try #require(SIPIdentity(headerValue: text, privacyWanted: false))
        #expect(identity.user == user)
        #expect(identity.host == host)
        #expect(identity.displayName == name)
        #expect(!identity.isAnonymous)
    }

    @Test func `Every truncation of an identity is read or refused`() {
        let text = "\"Jan \\\"X\\\" <Nowak>\" <sip:+48%2B221;x@example.com:5060;user=phone?a=b>;tag=1, <tel:+48>"
        for length in 0...text.count {
            _ = SIPIdentity(headerValue: String(text.prefix(length)), privacyWanted: false)
            _ = SIPIdentity(headerValue: String(text.suffix(length)), privacyWanted: true)
        }
    }

    @Test(arguments: [
        ("anonymous", "example.com", false), ("Anonymous", "h", false), ("+48221", "anonymous.invalid", false),
        ("", "example.com", false), ("+48221", "example.com", true),
    ])
    func `An anonymous caller is known as one`(user: String, host: String, privacy: Bool) {
        #expect(SIPIdentity(user: user, host: host, displayName: nil, privacyWanted: privacy).isAnonymous)
    }

    @Test func `Control characters and direction marks never reach a screen`() {
        #expect(SIPText.clean("a\u{0}b\u{1b}[31mc\r\nd\u{202e}e\u{7f}\u{85}f") == "ab[31mcdef")
        #expect(SIPText.clean("Zażółć gęślą jaźń") == "Zażółć gęślą jaźń")
    }

    @Test func `Long texts are cut and broken UTF-8 is survived`() {
        let long = [CChar](repeating: 0x41, count: 1_000) + [0]
        #expect(SIPText.copy(long)?.count == 256)
        let broken: [CChar] = [0x41, -1, -2, 0x42, 0]
        #expect(SIPText.copy(broken)?.first == "A")
        #expect(SIPText.copy(nil) == nil)
    }

    @Test(arguments: [("%2B48", "+48"), ("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("a%00b", "ab"), ("%C5%BC", "ż")])
    func `Escapes in a user part are undone`(text: String, plain: String) {
        #expect(SIPText.unescaped(text) == plain)
    }

    @Test func `A user part is escaped so that it comes back`() {
        let user = "zażółć <a@b>:\"%"
        let escaped = SIPText.escaped(user: user)
        #expect(escaped.allSatisfy { $0.isASCII && $0 != "<" && $0 != "@" && $0 != ":" && $0 != " " })
        #expect(SIPText.unescaped(escaped) == user)
        #expect(
            SIPAddress(user: "a b", host: "::1", port: 5070, transport: .tcp).uri
                == "sip:a%20b@[::1]:5070;transport=tcp")
    }

    @Test(arguments: [
        ("sip:biuro@example.org", SIPAddress(user: "biuro", host: "example.org")),
        (
            "SIP:+48221@192.0.2.1:5070;transport=TCP",
            SIPAddress(user: "+48221", host: "192.0.2.1", port: 5070, transport: .tcp)
        ),
        ("sip:a@[2001:db8::1]:5080;user=phone", SIPAddress(user: "a", host: "2001:db8::1", port: 5080)),
        ("trunk.example.org", SIPAddress(user: "", host: "trunk.example.org")),
        ("192.0.2.1:5062", SIPAddress(user: "", host: "192.0.2.1", port: 5062)),
    ])
    func `An address is read from a URI, or from a host and port`(text: String, address: SIPAddress) {
        #expect(SIPAddress(uri: text) == address)
    }

    @Test(arguments: [
        "", "sip:", "sips:a@b", "sip:@b", "sip:a@b@c", "sip:a@b:0", "sip:a@b:70000", "sip:a@[::1", "sip:a@b c",
        "sip:a@[::1]x",
        "tel:+48221", "sip:a@ż.pl",
    ])
    func `What is no such address is refused`(text: String) { #expect(SIPAddress(uri: text) == nil) }

    @Test(
        arguments: [
            ("application/dtmf-relay", "Signal=5\r\nDuration=240\r\n", "5", 240),
            ("application/dtmf-relay", "signal = *\nduration= 99999", "*", 10_000),
            ("application/dtmf-relay", "Duration=1\rSignal=11", "#", 40),
            ("application/dtmf-relay", "Signal=d", "D", 160),
            ("application/dtmf", "7\r\n", "7", 160),
            ("application/dtmf", " # ", "#", 160),
            ("application/dtmf", "Signal=10\r\nDuration=x", "*", 160),
        ] as [(String, String, Character, Int)])
    func `A digit by INFO`(type: String, text: String, digit: Character, milliseconds: Int) throws {
        let read = try InfoDigit(type: type, text: text)
        #expect(read.digit == digit)
        #expect(read.milliseconds == milliseconds)
    }

    @Test func `What is no digit by INFO is refused`() {
        for text in ["", "Signal=", "Signal=E", "Signal=55", "Signal", "=5", "Duration=5", "Signal=ż"] {
            #expect(throws: InfoDigit.Problem.noDigit) { try InfoDigit(type: "application/dtmf-relay", text: text) }
        }
        #expect(throws: InfoDigit.Problem.flash) { try InfoDigit(type: "application/dtmf", text: "!") }
        #expect(throws: InfoDigit.Problem.unknownType) { try InfoDigit(type: "text/plain", text: "5") }
    }

    @Test func `Bodies are judged by size and type`() {
        func body(_ type: String?, _ encoding: String?, _ count: Int) -> SIPBody {
            let bytes = [UInt8](repeating: 0x76, count: count)
            return bytes.withUnsafeBytes { SIPBody(type: type, encoding: encoding, bytes: $0) }
        }
        #expect(body("application/sdp", nil, 0) == .none)
        #expect(body("Application/SDP", nil, 2) == .sdp("vv"))
        #expect(body("application/sdp", "gzip", 2).refusal == 415)
        #expect(body(nil, nil, 2).refusal == 415)
        #expect(body("multipart/mixed", nil, 2).refusal == 415)
        #expect(body("application/sdp", "identity", 65_536).refusal == nil)
        #expect(body("application/sdp", nil, 65_537).refusal == 413)
    }

    @Test func `A reason is written and read`() {
        #expect(SIPReason.normal.headerValue == "Q.850;cause=16;text=\"Normal call clearing\"")
        #expect(SIPReason(source: "sip", cause: "200", text: "\"a\"") == SIPReason(source: .sip, cause: 200, text: "a"))
        for cause in [nil, "", "x", "-1", "1000", "99999999999999999999"] {
            #expect(SIPReason(source: "SIP", cause: cause, text: nil) == nil)
        }
        #expect(SIPReason(source: "preemption", cause: "1", text: nil) == nil)
    }

    @Test func `Addresses to listen on`() {
        #expect(ListenAddress("127.0.0.1:5060")?.port == 5060)
        #expect(ListenAddress("[::1]:0")?.ip == "::1")
        for text in ["", "127.0.0.1", "::1:5060", "[::1]", "localhost:5060", "1.2.3.4:99999", "[1.2.3.4]:1", "1.2.3:1"]
        {
            #expect(ListenAddress(text) == nil, "\(text)")
        }
    }

    @Test(arguments: [
        ("192.0.2.7:5060", "198.51.100.9", "203.0.113.1"), ("192.0.2.7:5060", "10.1.2.3", "192.0.2.7"),
        ("192.0.2.7:5060", "127.0.0.1", "192.0.2.7"), ("0.0.0.0:5060", "127.0.0.1", "127.0.0.1"),
        ("0.0.0.0:5060", "198.51.100.9", "203.0.113.1"), ("192.0.2.7:5060", "fd00::1", "192.0.2.7"),
        ("192.0.2.7:5060", "::ffff:10.0.0.1", "192.0.2.7"), ("192.0.2.7:5060", "2001:db8::1", "203.0.113.1"),
    ])
    func `Behind NAT peers outside get the public address`(listen: String, peer: String, host: String) throws {
        let address = try #require(ListenAddress(listen))
        let contact = ContactAddress(listen: address, publicAddress: "203.0.113.1")
        #expect(contact.headerValue(towards: peer, overTCP: false) == "<sip:\(host):5060>")
        #expect(contact.headerValue(towards: peer, overTCP: true) == "<sip:\(host):5060;transport=tcp>")
    }

    @Test func `Without NAT the contact is the address that was reached`() throws {
        let contact = ContactAddress(listen: try #require(ListenAddress("[::]:5062")), publicAddress: nil)
        #expect(contact.headerValue(towards: "::1", overTCP: false) == "<sip:[::1]:5062>")
    }
}
