// A telephone line in virtual time: packets that arrive when a test says, and what an ear makes of them.

import Glibc
import TestKit
import Timing

@testable import Media

/// One speaker in G.711 mu-law, and one listener who asks for 20 ms every 20 ms.
struct Line {
    /// One packet on its way.
    private struct Flight {
        let at: Double
        let bytes: [UInt8]
    }

    /// What the speaker says at a sample; the default is a tone of 440 Hz at −12 dBFS.
    var voice: (Int) -> Int16 = { Int16(8_192 * sin(2 * Double.pi * 440 * Double($0) / 8_000)) }
    var ssrc: UInt32 = 7
    var sequence: UInt16 = 1
    var timestamp: UInt32 = 1_000
    /// Milliseconds of sound in a packet.
    var packetTime = 20
    var hasMarkers = false
    /// Seconds of the speaker's clock for one second of ours.
    var speed = 1.0
    /// When the next packet is complete and leaves, in our milliseconds.
    private(set) var time = 0.0
    private var position = 0
    private var flights: [Flight] = []

    /// Says `milliseconds` of sound. `delay` tells how long packet 0, 1, … takes; nil: it is lost.
    mutating func speak(_ milliseconds: Int, delay: (Int) -> Double? = { _ in 0 }) {
        for number in 0..<milliseconds / packetTime {
            time += Double(packetTime) / speed
            let count = packetTime * 8
            let samples = (position..<position + count).map(voice)
            var payload = [UInt8](repeating: 0, count: count)
            G711.encode(samples, count: count, law: .mu, into: &payload)
            let packet = Phone.packet(
                marker: hasMarkers, payloadType: 0, sequence: sequence, timestamp: timestamp, ssrc: ssrc,
                payload: payload)
            if let delay = delay(number) { flights.append(Flight(at: time + delay, bytes: packet)) }
            position += count
            sequence &+= 1
            timestamp &+= UInt32(count)
        }
    }

    /// The packet of these numbers once more, `after` milliseconds later.
    mutating func echo(sequence: UInt16, after: Double) {
        guard
            let flight = flights.last(where: { flight in
                flight.bytes.withUnsafeBytes { RTPHeader(parsing: $0)?.sequence == sequence }
            })
        else { return }
        flights.append(Flight(at: flight.at + after, bytes: flight.bytes))
    }

    /// Says nothing and sends nothing; the clock of the sound goes on.
    mutating func pause(_ milliseconds: Int) {
        time += Double(milliseconds) / speed
        position += milliseconds * 8
        timestamp &+= UInt32(milliseconds * 8)
    }

    /// What is heard, from the beginning to the last packet. The listener's clock beats 3 ms after the speaker's.
    func heard(by ear: inout Ear, each: (Double, MediaCounters) -> Void = { _, _ in }) -> [Int16] {
        let arrivals = flights.sorted { $0.at < $1.at }
        var next = arrivals.startIndex
        var sound: [Int16] = []
        var frame = [Int16](repeating: 0, count: Ear.sampleCount)
        var now = 3.0
        while now < time {
            while next < arrivals.endIndex, arrivals[next].at <= now {
                let flight = arrivals[next]
                flight.bytes.withUnsafeBytes { ear.receive($0, now: Line.instant(flight.at)) }
                next += 1
            }
            ear.take(into: &frame, now: Line.instant(now))
            sound += frame
            each(now, ear.counters)
            now += 20
        }
        return sound
    }

    private static func instant(_ milliseconds: Double) -> Instant {
        Instant(nanoseconds: 1_000_000_000 + Int64(milliseconds * 1_000_000))
    }
}

extension Line {
    /// A tone that is twice as loud for the first 50 ms of each second: its age can be told wherever it is heard.
    static func ticking(_ index: Int) -> Int16 {
        Int16((index % 8_000 < 400 ? 10_000.0 : 4_000.0) * sin(2 * Double.pi * 400 * Double(index) / 8_000))
    }

    /// Milliseconds between the saying and the hearing of each tick, for a speaker who never pauses and whose clock is
    /// ours. The packet time is part of it.
    static func delays(_ sound: [Int16]) -> [Int] {
        var delays: [Int] = []
        var index = 0
        while let tick = sound[index...].firstIndex(where: { abs(Int($0)) > 7_000 }) {
            // The listener's first sample is heard at 3 ms.
            delays.append((tick + 24) % 8_000 / 8)
            index = min(sound.count, tick + 4_000)
        }
        return delays
    }

    /// Frames invented in each whole second.
    func inventedEachSecond(by ear: inout Ear) -> [Int] {
        var counts: [Int] = []
        var before = 0
        _ = heard(by: &ear) { now, counters in
            guard Int(now) % 1_000 > 979 else { return }
            counts.append(counters[.framesConcealed] - before)
            before = counters[.framesConcealed]
        }
        return counts
    }
}
