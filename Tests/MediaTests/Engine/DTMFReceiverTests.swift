// Odd telephone-events from the field: each key is heard once.

import Testing
import Timing

@testable import Media

/// One packet of a telephone-event: at which millisecond, which timestamp, what it says.
struct EventPacket: Sendable {
    let at: Int
    let timestamp: UInt32
    let event: UInt8
    let duration: UInt16
    let end: Bool
    let marker: Bool

    init(_ at: Int, _ timestamp: UInt32, _ event: UInt8, _ duration: UInt16, end: Bool = false, marker: Bool = false) {
        self.at = at
        self.timestamp = timestamp
        self.event = event
        self.duration = duration
        self.end = end
        self.marker = marker
    }
}

/// A sequence of packets and the keys in it.
struct KeyCase: Sendable, CustomTestStringConvertible {
    let name: String
    let keys: String
    let packets: [EventPacket]
    var testDescription: String { name }

    /// A press as RFC 4733 wants it: updates every 20 ms, the end three times.
    static func press(
        at start: Int, _ timestamp: UInt32, _ event: UInt8, updates: Int = 5, unit: UInt16 = 160
    ) -> [EventPacket] {
        (1...updates).map {
            EventPacket(
                start + $0 * 20, timestamp, event, UInt16($0) * unit, end: $0 == updates, marker: $0 == 1)
        }
            + (1...2).map {
                EventPacket(start + (updates + $0) * 20, timestamp, event, UInt16(updates) * unit, end: true)
            }
    }

    static let all: [KeyCase] = [
        KeyCase(name: "as the RFC says", keys: "5", packets: press(at: 0, 1_000, 5)),
        KeyCase(name: "at 48 kHz", keys: "5", packets: press(at: 0, 1_000, 5, unit: 960)),
        KeyCase(
            name: "no marker", keys: "1",
            packets: press(at: 0, 1_000, 1).map { EventPacket($0.at, $0.timestamp, 1, $0.duration, end: $0.end) }),
        KeyCase(name: "beginning lost", keys: "2", packets: Array(press(at: 0, 1_000, 2).dropFirst(3))),
        KeyCase(name: "only the last end survived", keys: "3", packets: Array(press(at: 0, 1_000, 3).suffix(1))),
        KeyCase(name: "only the first survived", keys: "4", packets: Array(press(at: 0, 1_000, 4).prefix(1))),
        KeyCase(
            name: "end lost, then the same key", keys: "66",
            packets: Array(press(at: 0, 1_000, 6).prefix(4)) + press(at: 300, 3_400, 6)),
        KeyCase(
            name: "end lost, the same key soon after, beginning lost too", keys: "66",
            packets: Array(press(at: 0, 1_000, 6).prefix(4)) + Array(press(at: 250, 3_400, 6).dropFirst(1))),
        KeyCase(
            name: "two of the same", keys: "77", packets: press(at: 0, 1_000, 7) + press(at: 200, 2_600, 7)),
        KeyCase(
            name: "three packets alike, marker and end in each (browsers)", keys: "8",
            packets: (0..<3).map { EventPacket($0 * 20, 1_000, 8, 960, end: true, marker: true) }),
        KeyCase(
            name: "three packets alike, twice", keys: "88",
            packets: (0..<3).map { EventPacket($0 * 20, 1_000, 8, 960, end: true, marker: true) }
                + (0..<3).map { EventPacket(200 + $0 * 20, 2_600, 8, 960, end: true, marker: true) }),
        KeyCase(
            name: "timestamp moves with every packet", keys: "9",
            packets: (1...6).map {
                EventPacket($0 * 20, 1_000 + UInt32($0) * 160, 9, UInt16($0) * 160, end: $0 == 6, marker: $0 == 1)
            }),
        KeyCase(
            name: "end under a timestamp of its own", keys: "0",
            packets: [
                EventPacket(0, 1_000, 0, 160, marker: true), EventPacket(20, 1_000, 0, 320),
                EventPacket(40, 1_480, 0, 480, end: true), EventPacket(60, 1_480, 0, 480, end: true),
            ]),
        KeyCase(
            name: "timestamp never moves between presses", keys: "11",
            packets: press(at: 0, 1_000, 1) + press(at: 700, 1_000, 1)),
        KeyCase(
            name: "another key under the same timestamp", keys: "12",
            packets: press(at: 0, 1_000, 1) + press(at: 200, 1_000, 2)),
        KeyCase(
            name: "a very long press in segments", keys: "#",
            packets: [
                EventPacket(0, 1_000, 11, 160, marker: true), EventPacket(8_000, 1_000, 11, 0xFFFF),
                EventPacket(8_200, 66_535, 11, 1_600), EventPacket(8_400, 66_535, 11, 3_200, end: true),
            ]),
        KeyCase(
            name: "packets of the first press arrive after the second began", keys: "12",
            packets: Array(press(at: 0, 1_000, 1).prefix(3)) + [EventPacket(120, 2_600, 2, 160, marker: true)]
                + [EventPacket(130, 1_000, 1, 800, end: true), EventPacket(140, 2_600, 2, 320, end: true)]),
        KeyCase(
            name: "timestamps wrap", keys: "*#",
            packets: press(at: 0, .max - 100, 10) + press(at: 300, 2_200, 11)),
        KeyCase(
            name: "letters, and events that are no keys", keys: "AD",
            packets: press(at: 0, 1_000, 12) + press(at: 300, 3_400, 16) + press(at: 600, 5_800, 15)
                + press(at: 900, 8_200, 70)),
        KeyCase(
            name: "duration zero", keys: "5", packets: [EventPacket(0, 1_000, 5, 0), EventPacket(20, 1_000, 5, 0)]),
    ]
}

@Suite struct DTMFReceiverTests {
    @Test(arguments: KeyCase.all)
    func `each key is heard once`(example: KeyCase) {
        for clockStart in [0, 5_000_000_000] as [Int64] {
            var receiver = DTMFReceiver()
            var keys = ""
            for packet in example.packets {
                let event = TelephoneEvent(
                    event: packet.event, end: packet.end, volume: 10, duration: packet.duration)
                let now = Instant(nanoseconds: clockStart + Int64(packet.at) * 1_000_000)
                let digit = receiver.accept(event, timestamp: packet.timestamp, marker: packet.marker, now: now)
                if let digit { keys.append(digit.character) }
            }
            #expect(keys == example.keys)
        }
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
