// A JSON answer → texts.

import Foundation
import TestTools
import Testing

@testable import Outside

@Suite struct AnswerReaderTests {
    private func read(_ json: String, _ wanted: Set<String> = ["a"]) -> LookupAnswer {
        do throws(LookupError) {
            return .answered(try AnswerReader.fields(wanted, in: Data(json.utf8)))
        } catch {
            return .failed(error)
        }
    }

    @Test(
        arguments: [
            (#"{"a":"Łódź 🙂"}"#, "Łódź 🙂"), (#"{"a":""}"#, ""), (#"{"a":"5"}"#, "5"), (#"{"a":"\u0105\/"}"#, "ą/"),
            (#"{"a":5}"#, "5"), (#"{"a":-0.25}"#, "-0.25"), (#"{"a":1e3}"#, "1000"), (#"{"a":0}"#, "0"),
            (#"{"a":9007199254740993}"#, "9007199254740993"), (#"{"a":12345678901234567890}"#, "12345678901234567890"),
            (#"{"a":1250.10}"#, "1250.1"), (#"{"a":0.1}"#, "0.1"),
            (#"{"a":true}"#, "true"), (#"{"a":false}"#, "false"), (#" { "b" : [ { } ] , "a" : "x" } "#, "x"),
        ])
    func `A scalar becomes its text`(json: String, text: String) {
        #expect(read(json) == .answered(["a": text]))
    }

    @Test(arguments: ["{}", #"{"a":null}"#, #"{"a":{}}"#, #"{"a":["x"]}"#, #"{"a":{"a":"x"}}"#, #"{"A":"x"}"#])
    func `What is no scalar is not given`(json: String) {
        #expect(read(json) == .answered([:]))
    }

    @Test func `Only wanted fields are given, and others may be anything`() {
        let json = #"{"a":"1","b":2,"c":"\#(String(repeating: "x", count: 5_000))","d":"\u0007"}"#
        #expect(read(json, ["a", "b", "z"]) == .answered(["a": "1", "b": "2"]))
    }

    @Test(
        arguments: [
            "", " ", "null", "5", #""x""#, "[]", #"[{"a":"x"}]"#, "{", #"{"a"}"#, #"{"a":}"#, #"{"a":"x"} {}"#,
            #"{a:"x"}"#,
            #"{'a':'x'}"#, #"{"a":NaN}"#, #"{"a":"x"#, #"{"a":"x",,}"#, "<html>", "\u{0}",
        ])
    func `What is no JSON object is malformed`(json: String) {
        #expect(read(json) == .failed(.malformed))
    }

    @Test(
        arguments: [
            #"\u0000"#, #"\n"#, #"\t"#, #"\u001b[2J"#, "\u{7f}", "\u{85}", "\u{2028}", "\u{2029}", "\u{202e}",
            "\u{2066}",
        ])
    func `Control characters in a wanted value are refused`(character: String) {
        #expect(read(#"{"a":"x\#(character)y"}"#) == .failed(.unfitValue(field: "a")))
    }

    @Test(arguments: [#""\ud800""#, "01", "1e999", "-", "1.", "\"\u{1}\""])
    func `A broken value is refused where it is wanted`(value: String) {
        #expect(read(#"{"a":\#(value)}"#) == .failed(.unfitValue(field: "a")))
        #expect(read(#"{"a":"x","b":\#(value)}"#) == .answered(["a": "x"]))
    }

    @Test func `A value has 200 characters at most, hidden marks counted`() {
        let longest = String(repeating: "ż", count: 200)
        #expect(read(#"{"a":"\#(longest)"}"#) == .answered(["a": longest]))
        #expect(read(#"{"a":"\#(longest)x"}"#) == .failed(.unfitValue(field: "a")))
        let marked = "a" + String(repeating: "\u{301}", count: 200)
        #expect(marked.count == 1)
        #expect(read(#"{"a":"\#(marked)"}"#) == .failed(.unfitValue(field: "a")))
    }

    @Test func `Depth without end is malformed`() {
        let deep = #"{"a":"# + String(repeating: "[", count: 60_000)
        #expect(read(deep) == .failed(.malformed))
        let objects = String(repeating: #"{"a":"#, count: 10_000)
        #expect(read(objects) == .failed(.malformed))
    }

    @Test func `Every truncation is malformed, and no mutation traps`() {
        let whole = Array(#"{"a":"Łódź","b":[1,2.5,{"c":null}],"d":true,"e":-1e-3}"#.utf8)
        for count in whole.indices {
            #expect(throws: LookupError.malformed) { try AnswerReader.fields(["a"], in: Data(whole[..<count])) }
        }
        var random = SeededGenerator(seed: 4)
        var good = 0
        for _ in 0..<5_000 {
            var bytes = whole
            for _ in 0...random.roll(3) { bytes[random.roll(bytes.count)] = UInt8(random.roll(256)) }
            if let fields = try? AnswerReader.fields(["a"], in: Data(bytes)) {
                good += 1
                #expect(fields.count <= 1)
            }
        }
        #expect(good > 0)
    }
}
