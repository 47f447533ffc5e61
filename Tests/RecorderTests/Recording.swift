// Recordings to test with: packets as a tap gives them, in journals as the writer makes them.

import Glibc
import Media
import TestTools
import Timing

@testable import Recorder

/// Collects packets of one recording and turns them into a journal's bytes.
struct Recording {
    static let origin = Instant(nanoseconds: 5_000_000_000)

    struct Packet {
        var block: TapBlock
        var payload: [UInt8]
    }

    var packets: [Packet] = []

    /// A stream of packets of 20 ms whose sound is given; what is left out or moved is for `change`.
    /// - Parameters:
    ///   - sound: mono, 8 kHz for G.711, 16 kHz for G.722 and Opus.
    ///   - start: milliseconds from the origin to the first packet.
    ///   - jitter: milliseconds that the packet of that number comes later than it was sent.
    mutating func add(
        _ sound: [Int16], side: TapBlock.Side, codec: Codec, start: Int, ssrc: UInt32 = 7, sequence: UInt16 = 0,
        timestamp: UInt32 = 0, jitter: (Int) -> Double = { _ in 0 }
    ) throws {
        let frame = codec.isWideBand ? 320 : 160
        var encoder = codec == .opus ? try OpusEncoder() : nil
        var g722 = G722Encoder()
        var g729 = codec == .g729 ? G729Encoder() : nil
        for number in 0..<sound.count / frame {
            let samples = Array(sound[frame * number..<frame * (number + 1)])
            var payload = [UInt8](repeating: 0, count: 400)
            var length = 160
            switch codec {
            case .pcma: G711.encode(samples, count: frame, law: .a, into: &payload)
            case .pcmu: G711.encode(samples, count: frame, law: .mu, into: &payload)
            case .g722: g722.encode(samples, count: frame, into: &payload)
            case .g729: length = g729?.encode(samples, count: frame, into: &payload) ?? 0
            case .opus: length = encoder?.encode(samples, count: frame, into: &payload) ?? 0
            }
            let at = Self.origin + .microseconds(Int64((Double(start + 20 * number) + jitter(number)) * 1_000))
            let block = TapBlock(
                recording: 1, side: side, codec: codec, flags: number == 0 ? .streamStart : [], at: at,
                rtpTimestamp: timestamp &+ UInt32(number * codec.clockRate / 50),
                sequence: sequence &+ UInt16(truncatingIfNeeded: number), ssrc: SSRC(rawValue: ssrc),
                length: UInt16(length))
            packets.append(Packet(block: block, payload: Array(payload[..<length])))
        }
    }

    static func header(_ contact: String = "c1") -> JournalHeader {
        JournalHeader(contact: contact, startedAt: 1_700_000_000_000, origin: origin)
    }

    /// The journal, its packets in the order of their arrival.
    func journal(end: JournalEnd.Cause? = .closed) -> [UInt8] {
        var writer = JournalWriter(Self.header())
        for packet in packets.sorted(by: { $0.block.at < $1.block.at }) {
            packet.payload.withUnsafeBytes { writer.append(packet.block, payload: $0) }
        }
        if let end { writer.end(end, lost: 0) } else { writer.seal() }
        return writer.takeBytes()
    }

    /// Writes the journal and renders it as WAV.
    func render() throws -> (left: [Int16], right: [Int16], report: RenderReport) {
        let folder = try TemporaryFolder()
        try folder.write(journal(), as: "j.cjr")
        let report = try Renderer.render(
            journal: "\(folder.path)/j.cjr", to: "\(folder.path)/out.wav", format: .wav)
        let (channels, rate) = try SoundFileReader.channels(path: "\(folder.path)/out.wav")
        guard channels.count == 2, rate == report.sampleRate else {
            throw SoundFileError.notUsable(.channels(channels.count))
        }
        return (channels[0], channels[1], report)
    }
}

extension JournalWriter {
    mutating func takeBytes() -> [UInt8] {
        var taken: [UInt8] = []
        giveReady { taken = Array($0) }
        return taken
    }
}

enum Sound {
    static func sine(_ frequency: Double, rate: Int, milliseconds: Int, amplitude: Double = 10_000) -> [Int16] {
        (0..<rate * milliseconds / 1_000).map {
            Int16(amplitude * sin(2 * .pi * frequency * Double($0) / Double(rate)))
        }
    }

    static func silence(rate: Int, milliseconds: Int) -> [Int16] {
        [Int16](repeating: 0, count: rate * milliseconds / 1_000)
    }

    /// Clicks a second apart would do for a clock; short tones survive every codec: 40 ms at each whole second.
    static func ticks(_ frequency: Double, rate: Int, seconds: Int) -> [Int16] {
        (0..<seconds).flatMap { _ in
            sine(frequency, rate: rate, milliseconds: 40) + silence(rate: rate, milliseconds: 960)
        }
    }

    /// Milliseconds at which tones begin: louder than a tenth of the loudest after at least 200 ms of less.
    static func onsets(_ samples: [Int16], rate: Int) -> [Double] {
        let threshold = max(samples.reduce(0) { max($0, abs(Int($1))) } / 5, 100)
        var last = -rate
        var onsets: [Double] = []
        for (index, sample) in samples.enumerated() where abs(Int(sample)) > threshold {
            if index - last > rate / 5 { onsets.append(1_000 * Double(index) / Double(rate)) }
            last = index
        }
        return onsets
    }

    static func rms(_ samples: some Collection<Int16>) -> Double {
        (samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(samples.count, 1))).squareRoot()
    }

    static func greatestStep(_ samples: some Collection<Int16>) -> Int {
        zip(samples, samples.dropFirst()).reduce(0) { max($0, abs(Int($1.1) - Int($1.0))) }
    }
}
