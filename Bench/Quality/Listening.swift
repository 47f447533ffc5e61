// A call in virtual time: packets leave every 20 ms, the network carries them, somebody listens every 20 ms.

import Media
import Timing

/// Whoever turns packets into sound.
protocol Listener: ~Copyable {
    mutating func receive(_ packet: Packet, now: Instant)
    /// `Ear.sampleCount` samples that begin to be heard at `now`.
    mutating func take(into samples: UnsafeMutablePointer<Int16>, now: Instant)
}

extension Ear: Listener {
    mutating func receive(_ packet: Packet, now: Instant) {
        packet.bytes.withUnsafeBytes { receive($0, now: now) }
    }
}

/// One call's arrivals, and when its listener's clock beats.
struct Listening {
    /// Samples kept beyond the scored ones: delays of up to half a second.
    static let slack = Ear.sampleRate / 2
    private static let began = Instant(nanoseconds: 1_000_000_000_000)
    private static let packetTime: Duration = .milliseconds(20)

    private let sending: Sending
    private var arrivals: [(packet: Packet, at: Instant)] = []
    /// In samples: listener and sender do not share a clock.
    private let phase: Int

    /// - Parameter phase: by which part of 20 ms the listener's beat lags behind the sender's, 0..<1.
    init(_ sending: Sending, condition: Condition, seed: UInt64, phase: Double) {
        self.sending = sending
        self.phase = Int(phase * Double(Ear.sampleCount))
        var network = Network(condition, seed: seed)
        for (number, packet) in sending.packets.enumerated() {
            guard let delay = network.carry() else { continue }
            arrivals.append((packet, Self.began + Self.packetTime * number + delay))
        }
        arrivals.sort { $0.at < $1.at }
    }

    /// What is heard from the instant at which the first scored sample could have been heard without any buffer.
    func heard<Ears: Listener & ~Copyable>(by ears: inout Ears) -> [Int16] {
        var sound: [Int16] = []
        var frame = [Int16](repeating: 0, count: Ear.sampleCount)
        var next = arrivals.startIndex
        var now = Self.began + .microseconds(phase * 125)
        let wanted = first + sending.scoredCount * Ear.sampleCount + Self.slack
        while sound.count < wanted {
            while next < arrivals.endIndex, arrivals[next].at <= now {
                ears.receive(arrivals[next].packet, now: arrivals[next].at)
                next += 1
            }
            ears.take(into: &frame, now: now)
            sound += frame
            now = now + Self.packetTime
        }
        return Array(sound[first..<wanted])
    }

    /// Index in what is heard of the first scored sample.
    private var first: Int {
        sending.scoredFrom * Ear.sampleCount + Int(Network.shortest.milliseconds) * Ear.sampleRate / 1_000 - phase
    }
}
