// Odd telephone-events from the field: each key is heard once, and passed on once.

import TestKit
import Testing
import Timing

@testable import Media

@Suite struct DTMFReceiverTests {
    @Test(arguments: KeyForm.all)
    func `each key is told once`(form: KeyForm) {
        for clockStart in [0, 5_000_000_000] as [Int64] {
            var receiver = DTMFReceiver()
            var keys = ""
            for packet in form.packets {
                guard let event = packet.payload.withUnsafeBytes({ TelephoneEvent(parsing: $0) }) else { continue }
                let now = Instant(nanoseconds: clockStart + Int64(packet.at) * 1_000_000)
                let source: UInt32 = packet.isForeign ? 2 : 1
                let digit = receiver.accept(
                    event, timestamp: packet.timestamp, marker: packet.marker, source: source, now: now)
                if let digit { keys.append(digit.character) }
            }
            #expect(keys == form.keys)
        }
    }

    @Test(arguments: KeyForm.all)
    func `each key that reaches a leg is told once and sent on once, whatever numbers the stream begins with`(
        form: KeyForm
    ) {
        for start in BridgeTests.starts {
            let line = KeyLine(sequence: start, timestamp: UInt32(start) &* 65_537)
            line.send(form)
            #expect(line.told == form.keys, "from \(start)")
            #expect(line.passedOn == form.keys, "from \(start)")
        }
    }

    @Test func `the corpus has every form`() {
        #expect(KeyForm.all.count == 52)
        #expect(KeyForm.all.allSatisfy { !$0.packets.isEmpty && $0.keys.allSatisfy { Digit(character: $0) != nil } })
    }

    @Test func `a digit is told by code, character and ASCII`() {
        for (code, character) in "0123456789*#ABCD".enumerated() {
            let digit = Digit(character: character)
            #expect(digit?.code == UInt8(code))
            #expect(digit?.character == character)
            #expect(Digit(code: UInt8(code)) == digit)
        }
        #expect(Digit(character: "a")?.code == 12)
        #expect(Digit(character: "E") == nil && Digit(character: "ś") == nil && Digit(code: 16) == nil)
    }

    @Test func `sixteen keys fit into a string, a seventeenth does not`() {
        var string = DigitString("0123456789*#ABCD")
        #expect(string?.count == 16)
        var keys = ""
        while let digit = string?.popFirst() { keys.append(digit.character) }
        #expect(keys == "0123456789*#ABCD")
        #expect(DigitString("01234567890123456") == nil && DigitString("12x") == nil)
    }
}
