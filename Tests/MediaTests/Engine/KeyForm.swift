// The corpus of telephone-events: `Keys/keys.txt`, which explains its own columns.

import Foundation
import TestKit
import Testing

@testable import Media

/// One packet of a telephone-event; numbers count from where the sender is.
struct KeyPacket: Sendable {
    let at: Int
    let sequence: UInt16
    let timestamp: UInt32
    let marker: Bool
    let isWide: Bool
    let isForeign: Bool
    /// Sound is sent beside it, under numbers of its own.
    let hasSound: Bool
    /// Sound is sent behind it, under the next number.
    let hasFollower: Bool
    let payload: [UInt8]

    init?(_ line: Substring) {
        let fields = line.split(separator: " ", omittingEmptySubsequences: true)
        let numbers = fields.prefix(5).compactMap { UInt32($0) }
        guard numbers.count == 5, fields.count <= 6 else { return nil }
        let flags = fields.count == 6 ? String(fields[5]) : ""
        at = Int(numbers[0])
        sequence = UInt16(numbers[1])
        timestamp = numbers[2]
        marker = flags.contains("M")
        isWide = flags.contains("W")
        isForeign = flags.contains("X")
        hasSound = flags.contains("S")
        hasFollower = flags.contains("I")
        let bits: UInt8 = (flags.contains("E") ? 0x80 : 0) | (flags.contains("R") ? 0x40 : 0) | 10
        let duration = numbers[4]
        var payload = [UInt8(numbers[3]), bits, UInt8(duration >> 8), UInt8(duration & 0xFF)]
        if flags.contains("C") { payload.removeLast() }
        if let more = flags.split(separator: "+").dropFirst().first.flatMap({ Int($0) }) {
            payload += [UInt8](repeating: 0, count: more)
        }
        self.payload = payload
    }
}

/// One way in which senders send keys, and the keys in it.
struct KeyForm: Sendable, CustomTestStringConvertible {
    let name: String
    let keys: String
    var packets: [KeyPacket] = []
    var testDescription: String { name }

    static let all: [KeyForm] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Keys/keys.txt")
        guard let bytes = try? Data(contentsOf: file) else { return [] }
        var forms: [KeyForm] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("["), let end = line.firstIndex(of: "]") {
                let keys = line[line.index(after: end)...].drop { $0 == " " }
                forms.append(KeyForm(name: String(line[..<end].dropFirst()), keys: keys == "-" ? "" : String(keys)))
            } else if let packet = KeyPacket(line), !forms.isEmpty {
                forms[forms.count - 1].packets.append(packet)
            } else {
                // A line that says nothing makes the corpus' own test fail.
                forms.append(KeyForm(name: String(line), keys: "?"))
            }
        }
        return forms
    }()
}

/// A caller who speaks and presses keys, bridged with an agent.
final class KeyLine {
    private let rig = Rig()
    private let caller = Phone(port: 5_000)
    private let agent = Phone(port: 5_002)
    private let legs: (caller: LegID, agent: LegID)
    private let sequence: UInt16
    private let timestamp: UInt32
    /// Packets of sound sent since the first key.
    private var spoken = 0

    init(sequence: UInt16, timestamp: UInt32) {
        self.sequence = sequence
        self.timestamp = timestamp
        legs = (rig.connect(caller, plan: Rig.plan([.pcma], events: [8_000, 48_000])), rig.connect(agent))
        rig.handle(.bridge(legs.caller, legs.agent))
        for number in 1...5 {
            speak(sequence &- UInt16(6 - number), timestamp &- UInt32(6 - number) * 160)
            rig.run(milliseconds: 20)
        }
    }

    private func speak(_ sequence: UInt16, _ timestamp: UInt32) {
        rig.send(
            Phone.packet(
                payloadType: 8, sequence: sequence, timestamp: timestamp, ssrc: 1,
                payload: [UInt8](repeating: 0xD5, count: 160)), from: caller, to: legs.caller)
    }

    /// The keys of a form, then five packets of sound, and the time that passing the keys on takes.
    func send(_ form: KeyForm) {
        let begin = rig.time
        for packet in form.packets {
            rig.run(milliseconds: max(0, begin + packet.at - rig.time))
            rig.send(
                Phone.packet(
                    marker: packet.marker, payloadType: packet.isWide ? 110 : 101,
                    sequence: sequence &+ packet.sequence, timestamp: timestamp &+ packet.timestamp,
                    ssrc: packet.isForeign ? 2 : 1, payload: packet.payload), from: caller, to: legs.caller)
            if packet.hasFollower {
                speak(sequence &+ packet.sequence &+ 1, timestamp &+ UInt32(packet.at * 8))
            } else if packet.hasSound {
                speak(sequence &+ UInt16(spoken), timestamp &+ UInt32(packet.at * 8))
                spoken += 1
            }
        }
        let own = form.packets.filter { !$0.isForeign && !$0.hasSound }.map { $0.sequence }.max()
        let next = spoken > 0 ? UInt16(spoken) : own.map { $0 &+ 2 } ?? 0
        let elapsed = rig.time - begin
        for number in 1...5 {
            rig.run(milliseconds: 20)
            speak(sequence &+ next &+ UInt16(number - 1), timestamp &+ UInt32((elapsed + number * 20) * 8))
        }
        rig.run(milliseconds: form.keys.count * 220 + 100)
    }

    /// The keys that signalling was told.
    var told: String {
        rig.takeEvents().reduce(into: "") { text, event in
            if case .digit(legs.caller, let digit, .telephoneEvent) = event { text.append(digit.character) }
        }
    }

    /// The keys that the agent was sent.
    var passedOn: String {
        var keys = ""
        var last: UInt32?
        for packet in agent.heard where packet.payloadType == 101 {
            if packet.timestamp != last, let digit = Digit(code: packet.payload[0]) { keys.append(digit.character) }
            last = packet.timestamp
        }
        return keys
    }
}
