// URLs, read strictly.

import TestTools
import Testing

@testable import Outside

@Suite struct OutsideURLTests {
    @Test(
        arguments: [
            ("https://crm.example/customers?id=5&x=%20", "https://crm.example/customers?id=5&x=%20"),
            ("HTTP://CRM.Example.", "http://crm.example/"),
            ("http://crm.example?x", "http://crm.example/?x"),
            ("http://crm.example:8080", "http://crm.example:8080/"),
            ("http://localhost/a:b/@c", "http://localhost/a:b/@c"),
            ("http://10.1.2.3:1/", "http://10.1.2.3:1/"),
            ("http://[::1]/", "http://[::1]/"),
            ("http://[2001:DB8:0:0::5]:65535/x", "http://[2001:db8::5]:65535/x"),
            ("http://[::ffff:10.0.0.1]/", "http://10.0.0.1/"),
            ("http://xn--bcher-kva.example/", "http://xn--bcher-kva.example/"),
            ("http://1a.2b.c3/", "http://1a.2b.c3/"),
        ])
    func `A good URL is written anew in one form`(text: String, form: String) throws {
        #expect(try OutsideURL(text).text == form)
    }

    @Test func `The log never sees the query`() throws {
        #expect(try OutsideURL("https://crm.example/a?pesel=44051401359").description == "https://crm.example/a")
    }

    @Test(
        arguments: [
            ("ftp://crm.example/", OutsideURLError.notHTTP), ("file:///etc/passwd", .notHTTP),
            ("crm.example", .notHTTP),
            ("http:/crm.example", .notHTTP), ("http:crm.example", .notHTTP), ("", .notHTTP), ("://x", .notHTTP),
            ("gopher://127.0.0.1:6379/_x", .notHTTP), ("https+unix://%2Fvar%2Frun%2Fdocker.sock/x", .notHTTP),
            ("http://user@crm.example/", .userInfo), ("http://user:secret@crm.example/", .userInfo),
            ("http://crm.example@127.0.0.1/", .userInfo), ("http://127.0.0.1:80@crm.example/", .userInfo),
            ("http://crm.example/#x", .fragment), ("http://crm.example#@127.0.0.1/", .fragment),
            ("http://crm.example:0/", .badPort), ("http://crm.example:65536/", .badPort),
            ("http://crm.example:/", .badPort), ("http://crm.example:+80/", .badPort),
            ("http://crm.example:8a/", .badPort),
            ("http:///x", .badHost), ("http://:80/", .badHost), ("http://crm..example/", .badHost),
            ("http://.crm.example/", .badHost), ("http://-crm.example/", .badHost),
            ("http://crm_db.example/", .badHost),
            ("http://%31%32%37.0.0.1/", .badHost), ("http://crm%2eexample/", .badHost), ("http://a;b/", .badHost),
            ("http://[::1/", .badHost), ("http://::1/", .badHost), ("http://[127.0.0.1]/", .badHost),
            ("http://[fe80::1%25eth0]/", .badHost), ("http://[crm.example]/", .badHost), ("http://[::1]x/", .badHost),
            ("http://x[::1]/", .badHost), ("http://crm.example\\@127.0.0.1/", .badCharacter),
            ("http://crm.example /", .badCharacter), ("http://crm.example/a b", .badCharacter),
            ("http://crm.example/\r\nX: y", .badCharacter), ("http://crm.example/\u{0}", .badCharacter),
            ("http://bücher.example/", .badCharacter), ("http://１２７.0.0.1/", .badCharacter),
            ("http://ⓛocalhost/", .badCharacter), ("http://127。0。0。1/", .badCharacter),
        ])
    func `A bad URL is refused with its reason`(text: String, reason: OutsideURLError) {
        #expect(throws: reason) { try OutsideURL(text) }
    }

    /// 127.0.0.1 and 169.254.169.254 in the notations that `inet_aton`, and with it many resolvers, understands.
    @Test(
        arguments: [
            "2130706433", "017700000001", "0x7f000001", "0x7F000001", "0x7f.0x0.0x0.0x1", "0x7f.1", "0177.0.0.01",
            "0177.0.0.1", "0000177.0.0.1", "127.1", "127.0.1", "127.0.0.1.", "127.0.0.0x1", "00.0.0.0", "0", "0x",
            "2852039166", "0xa9fea9fe", "0xA9.0xFE.0xA9.0xFE", "025177524776", "0251.0376.0251.0376", "169.254.43518",
            "169.16689662", "256.0.0.1", "127.0.0.1.5", "127.0.0.001", "crm.example.127", "crm.0x7f",
        ])
    func `A number in any but the usual notation is no host`(host: String) {
        #expect(throws: OutsideURLError.badHost) { try OutsideURL("http://\(host)/") }
        #expect(throws: OutsideURLError.badHost) { try OutsideURL("http://\(host):80/x") }
    }

    @Test func `Long names and URLs are refused`() throws {
        let label = String(repeating: "a", count: 63)
        #expect(throws: Never.self) { try OutsideURL("http://\(label).\(label).\(label).\(label.dropLast(2))/") }
        #expect(throws: OutsideURLError.badHost) { try OutsideURL("http://\(label).\(label).\(label).\(label)/") }
        #expect(throws: OutsideURLError.badHost) { try OutsideURL("http://\(label)a/") }
        let start = "http://crm.example/"
        let rest = String(repeating: "x", count: 2_048 - start.utf8.count)
        #expect(throws: Never.self) { try OutsideURL(start + rest) }
        #expect(throws: OutsideURLError.tooLong) { try OutsideURL(start + rest + "x") }
    }

    @Test func `No mixture of hostile pieces gives a URL that reads differently when read again`() {
        let pieces = [
            "http://", "https://", "crm.example", "127.0.0.1", "@", ":", "80", "/", "\\", "?", "#", "[", "]", "::1",
            "%00",
            "%2e", ".", "0x7f", "ÿ", " ", "\u{0}", "\r\n", "-", "xn--",
        ]
        var random = SeededGenerator(seed: 26)
        var good = 0
        for _ in 0..<20_000 {
            let text = "http://" + (0..<random.roll(8)).map { _ in pieces[random.roll(pieces.count)] }.joined()
            guard let url = try? OutsideURL(text) else { continue }
            good += 1
            #expect((try? OutsideURL(url.text)) == url, "\(text)")
        }
        #expect(good > 100)
    }
}
