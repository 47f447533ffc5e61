// From journals to sound: everything where it belongs.

import Media
import TestTools
import Testing
import Timing

@testable import Recorder

@Suite("Rendering")
struct RendererTests {
    static let starts: [UInt16] = [0, 1, 127, 32_767, 32_768, 65_407, 65_534, 65_535]

    /// A repeatable unsteadiness of up to `most` milliseconds.
    private func jitter(_ most: Double) -> (Int) -> Double {
        { number in
            var value = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
            value ^= value >> 29
            value = value &* 0xBF58_476D_1CE4_E5B9
            value ^= value >> 32
            return Double(value % 1_000) / 1_000 * most
        }
    }

    @Test(
        "tones sent and received at known times are there within 20 ms, whatever the numbers start from",
        arguments: starts)
    func alignment(start: UInt16) throws {
        var recording = Recording()
        let ticks = Sound.ticks(440, rate: 8_000, seconds: 4)
        try recording.add(
            ticks, side: .left, codec: .pcma, start: 500, ssrc: 1, sequence: start,
            timestamp: UInt32(start) &* 65_537, jitter: jitter(45))
        try recording.add(
            Sound.ticks(700, rate: 8_000, seconds: 4), side: .right, codec: .pcmu, start: 750, ssrc: 2, sequence: start,
            timestamp: UInt32(start) &* 65_537, jitter: jitter(3))
        let (left, right, report) = try recording.render()
        #expect(report.sampleRate == 8_000)
        #expect(left.count == right.count)
        let lefts = Sound.onsets(left, rate: 8_000)
        let rights = Sound.onsets(right, rate: 8_000)
        #expect(lefts.count == 4 && rights.count == 4)
        for (index, onset) in lefts.enumerated() { #expect(abs(onset - Double(500 + 1_000 * index)) < 20) }
        for (index, onset) in rights.enumerated() { #expect(abs(onset - Double(750 + 1_000 * index)) < 20) }
        #expect(report.left.concealed == .zero)
        #expect(report.left.streams == 1)
    }

    @Test("wide band received beside A-law sent becomes 16 kHz, both in place", arguments: [Codec.opus, .g722])
    func mixedCodecs(codec: Codec) throws {
        var recording = Recording()
        try recording.add(
            Sound.ticks(440, rate: 16_000, seconds: 3), side: .left, codec: codec, start: 200, ssrc: 1,
            timestamp: .max - 50_000, jitter: jitter(30))
        try recording.add(
            Sound.ticks(700, rate: 8_000, seconds: 3), side: .right, codec: .pcma, start: 200, ssrc: 2)
        let (left, right, report) = try recording.render()
        #expect(report.sampleRate == 16_000)
        let lefts = Sound.onsets(left, rate: 16_000)
        let rights = Sound.onsets(right, rate: 16_000)
        #expect(lefts.count == 3 && rights.count == 3)
        for (a, b) in zip(lefts, rights) { #expect(abs(a - b) < 20) }
    }

    @Test("reordered and late packets take their own place, doubled ones are left out")
    func reordering() throws {
        let sound = Sound.sine(440, rate: 8_000, milliseconds: 4_000)
        var orderly = Recording()
        try orderly.add(sound, side: .left, codec: .pcma, start: 0)
        var late = Recording()
        // Every seventh packet 130 ms late, every fiftieth 1.5 s.
        try late.add(
            sound, side: .left, codec: .pcma, start: 0,
            jitter: { number in
                number > 0 && number % 50 == 0 ? 1_500 : number % 7 == 3 ? 130 : 0
            })
        let twice = late.packets[20...40].map { packet in
            var packet = packet
            packet.block.at = packet.block.at + .milliseconds(5)
            return packet
        }
        late.packets += twice
        let (wanted, _, _) = try orderly.render()
        let (rendered, _, report) = try late.render()
        #expect(rendered == wanted)
        #expect(report.left.duplicates == 21)
        #expect(report.left.concealed == .zero)
        #expect(report.left.misplaced == 0)
    }

    @Test("lost packets are concealed for a moment and then silent")
    func loss() throws {
        let sound = Sound.sine(440, rate: 8_000, milliseconds: 3_000)
        var recording = Recording()
        try recording.add(sound, side: .left, codec: .pcma, start: 0)
        recording.packets.remove(at: 30)
        recording.packets.removeSubrange(60..<80)
        let (left, _, report) = try recording.render()
        #expect(left.count == 24_000)
        #expect(Sound.rms(left[4_800..<4_960]) > 4_000)
        let gap = 61 * 160
        #expect(Sound.rms(left[gap..<gap + 160]) > 4_000)
        #expect(left[(gap + 480)..<(gap + 20 * 160)].allSatisfy { $0 == 0 })
        #expect(report.left.concealed == .milliseconds(80))
        #expect(Sound.greatestStep(left[..<gap]) < 5_000)
    }

    @Test("two sides may end at any distance from each other", arguments: 0...48)
    func ends(distance: Int) throws {
        var recording = Recording()
        try recording.add(Sound.sine(440, rate: 8_000, milliseconds: 200), side: .left, codec: .pcma, start: 0, ssrc: 1)
        try recording.add(
            Sound.sine(440, rate: 8_000, milliseconds: 200), side: .right, codec: .pcma, start: 0, ssrc: 2)
        let index = try #require(recording.packets.lastIndex { $0.block.side == .left })
        // Samples of 125 µs: the fade at the end of a side is 32 of them long.
        recording.packets[index].payload += recording.packets[index].payload[..<distance]
        recording.packets[index].block.length += UInt16(distance)
        let (left, right, _) = try recording.render()
        #expect(left.count == right.count)
    }

    @Test("a pause of the sender is silent, not concealed")
    func pause() throws {
        let sound = Sound.sine(440, rate: 8_000, milliseconds: 1_000)
        var recording = Recording()
        try recording.add(sound, side: .right, codec: .pcma, start: 0)
        try recording.add(sound, side: .right, codec: .pcma, start: 3_000, sequence: 50, timestamp: 24_000)
        recording.packets[50].block.flags = []
        let (_, right, report) = try recording.render()
        #expect(report.right.concealed == .zero)
        #expect(report.right.streams == 1)
        #expect(right[8_100..<24_000].allSatisfy { $0 == 0 })
        #expect(Sound.rms(right[24_100..<31_900]) > 6_000)
    }

    #if G729
        @Test("G.729 is rendered, and what is lost of it is invented")
        func g729() throws {
            var recording = Recording()
            try recording.add(Sound.sine(440, rate: 8_000, milliseconds: 2_000), side: .left, codec: .g729, start: 0)
            recording.packets.remove(at: 50)
            let (left, _, report) = try recording.render()
            #expect(report.left.undecodable == 0 && report.left.concealed == .milliseconds(20))
            #expect(abs(left.count - 16_000) <= 160)
            #expect(Sound.rms(left[1_000..<15_000]) > 4_000)
        }
    #endif

    @Test("a pause that comfort noise describes is silent, not concealed, and moves nothing behind it")
    func describedPause() throws {
        var recording = Recording()
        try recording.add(Sound.sine(440, rate: 8_000, milliseconds: 2_000), side: .left, codec: .pcma, start: 0)
        recording.packets[40].block.flags = .noise
        recording.packets[40].payload = [50]
        recording.packets[40].block.length = 1
        recording.packets.removeSubrange(41..<80)
        for index in 41..<recording.packets.count { recording.packets[index].block.sequence -= 39 }
        let (left, _, report) = try recording.render()
        #expect(report.left.concealed == .zero && report.left.undecodable == 0 && report.left.streams == 1)
        #expect(abs(left.count - 16_000) <= 16)
        #expect(left[6_500..<12_700].allSatisfy { $0 == 0 })
        #expect(Sound.rms(left[12_900..<16_000]) > 4_000)
    }

    @Test("a sender whose timestamp stands still in a pause stays in place")
    func standingClock() throws {
        let tick = Sound.ticks(440, rate: 8_000, seconds: 1)
        var recording = Recording()
        for second in 0..<6 {
            // Every second begins 1,400 ms after the one before, the timestamp goes on as if nothing had been.
            try recording.add(
                tick, side: .left, codec: .pcma, start: 1_400 * second, sequence: UInt16(50 * second),
                timestamp: UInt32(8_000 * second))
        }
        for index in recording.packets.indices.dropFirst() { recording.packets[index].block.flags = [] }
        let (left, _, _) = try recording.render()
        let onsets = Sound.onsets(left, rate: 8_000)
        #expect(onsets.count == 6)
        for (index, onset) in onsets.enumerated() { #expect(abs(onset - Double(1_400 * index)) < 20) }
    }

    @Test("a sender whose clock runs wrong is followed for as long as it talks", arguments: [-300.0, 300])
    func drift(partsPerMillion: Double) throws {
        var recording = Recording()
        try recording.add(
            Sound.ticks(440, rate: 8_000, seconds: 240), side: .left, codec: .pcma, start: 1_000,
            jitter: { 20 * Double($0) * partsPerMillion / 1e6 })
        let (left, _, _) = try recording.render()
        let onsets = Sound.onsets(left, rate: 8_000)
        #expect(onsets.count == 240)
        for (index, onset) in onsets.enumerated() {
            #expect(abs(onset - 1_000 - Double(index) * 1_000 * (1 + partsPerMillion / 1e6)) < 20)
        }
    }

    @Test("jumps of the timestamp and new sources begin where they arrive")
    func jumps() throws {
        var recording = Recording()
        let tick = Sound.ticks(440, rate: 8_000, seconds: 1)
        let timestamps: [UInt32] = [0, 0x8000_0000, 8_000, 4_000_000_000, 100]
        for (index, timestamp) in timestamps.enumerated() {
            try recording.add(
                tick, side: .left, codec: .pcma, start: 1_000 * index, ssrc: index == 4 ? 99 : 7,
                sequence: UInt16(50 * index), timestamp: timestamp)
        }
        for index in recording.packets.indices.dropFirst() { recording.packets[index].block.flags = [] }
        let (left, _, report) = try recording.render()
        #expect(report.left.streams == 5)
        let onsets = Sound.onsets(left, rate: 8_000)
        #expect(onsets.count == 5)
        for (index, onset) in onsets.enumerated() { #expect(abs(onset - Double(1_000 * index)) < 20) }
    }

    @Test("a network that stalls for a second and catches up moves nothing")
    func stall() throws {
        let sound = Sound.sine(440, rate: 8_000, milliseconds: 6_000)
        var orderly = Recording()
        try orderly.add(sound, side: .left, codec: .pcma, start: 0)
        var stalled = Recording()
        try stalled.add(
            sound, side: .left, codec: .pcma, start: 0,
            jitter: { number in
                (100..<150).contains(number) ? Double(150 - number) * 20 : 0
            })
        #expect(try stalled.render().left == orderly.render().left)
    }

    @Test("G.722 is rendered with all of its band, and where packets are lost without a bang")
    func wideBand() throws {
        var recording = Recording()
        let low = Sound.sine(440, rate: 16_000, milliseconds: 4_000, amplitude: 8_000)
        let high = Sound.sine(5_500, rate: 16_000, milliseconds: 4_000, amplitude: 4_000)
        try recording.add(zip(low, high).map { $0 + $1 }, side: .left, codec: .g722, start: 0)
        for lost in stride(from: 150, to: 20, by: -13) { recording.packets.remove(at: lost) }
        let (left, _, report) = try recording.render()
        #expect(report.sampleRate == 16_000 && abs(left.count - 64_000) <= 32)
        #expect(report.left.concealed == .milliseconds(200))
        #expect(left.allSatisfy { abs(Int($0)) < 17_000 })
        // What is above 4 kHz: the difference of neighbours is ten times as great for it as for the low tone.
        let steps = zip(left, left.dropFirst()).map { Int16(clamping: Int($1) - Int($0)) }
        #expect(Sound.rms(steps[32_000..<48_000]) > 3_000)
    }

    @Test("A-law, Opus and A-law again from one source, whose clock changes with the codec, stay where they were said")
    func changingClock() throws {
        var recording = Recording()
        var timestamp = UInt32.max - 20_000
        for (part, codec) in [Codec.pcma, .opus, .pcma].enumerated() {
            let sound = Sound.ticks(440, rate: codec == .opus ? 16_000 : 8_000, seconds: 2)
            let first = recording.packets.count
            try recording.add(
                sound, side: .left, codec: codec, start: 2_000 * part,
                sequence: UInt16(truncatingIfNeeded: 65_450 + 100 * part), timestamp: timestamp, jitter: jitter(30))
            if part > 0 { recording.packets[first].block.flags = [] }
            timestamp &+= UInt32(2 * codec.clockRate)
        }
        try recording.add(Sound.ticks(700, rate: 8_000, seconds: 6), side: .right, codec: .pcma, start: 0, ssrc: 2)
        let (left, right, report) = try recording.render()
        let lefts = Sound.onsets(left, rate: report.sampleRate)
        let rights = Sound.onsets(right, rate: report.sampleRate)
        #expect(lefts.count == 6 && rights.count == 6)
        for (a, b) in zip(lefts, rights) { #expect(abs(a - b) < 20) }
    }

    @Test("a change from A-law to G.722 and back in one stream leaves neither a gap nor a bang")
    func change() throws {
        var recording = Recording()
        let narrow = Sound.sine(440, rate: 8_000, milliseconds: 1_000)
        try recording.add(narrow, side: .left, codec: .pcma, start: 0)
        try recording.add(
            Sound.sine(440, rate: 16_000, milliseconds: 1_000), side: .left, codec: .g722, start: 1_000, sequence: 50,
            timestamp: 8_000)
        try recording.add(narrow, side: .left, codec: .pcma, start: 2_000, sequence: 100, timestamp: 16_000)
        for index in recording.packets.indices { recording.packets[index].block.flags = index == 0 ? .streamStart : [] }
        let (left, _, report) = try recording.render()
        #expect(report.left.streams == 1 && report.left.concealed == .zero && left.count == 48_000)
        #expect(left.allSatisfy { abs(Int($0)) < 14_000 })
        for start in stride(from: 0, to: 47_000, by: 1_000) {
            #expect(Sound.rms(left[start..<start + 1_000]) > 4_000, "at \(start)")
        }
    }

    @Test("keys and payloads that are not their codec sound like nothing")
    func strangers() throws {
        var recording = Recording()
        try recording.add(
            Sound.sine(440, rate: 16_000, milliseconds: 1_000), side: .left, codec: .opus, start: 0)
        for index in 10..<15 { recording.packets[index].block.flags = .digit }
        recording.packets[20].payload = [0xFF]
        recording.packets[20].block.length = 1
        recording.packets[21].payload = []
        recording.packets[21].block.length = 0
        let (left, _, report) = try recording.render()
        #expect(left.count == 16_000)
        #expect(report.left.undecodable == 2)
        #expect(left[3_300..<4_700].allSatisfy { $0 == 0 })
    }

    @Test("every format opens again, as long as the recording and with both sides", arguments: ExportFormat.allCases)
    func formats(format: ExportFormat) throws {
        var recording = Recording()
        try recording.add(Sound.sine(440, rate: 8_000, milliseconds: 5_000), side: .left, codec: .pcma, start: 0)
        try recording.add(Sound.sine(700, rate: 8_000, milliseconds: 2_000), side: .right, codec: .pcmu, start: 1_000)
        let folder = try TemporaryFolder()
        try folder.write(recording.journal(), as: "j.cjr")
        let output = "\(folder.path)/out.\(format.rawValue)"
        let report = try Renderer.render(journal: "\(folder.path)/j.cjr", to: output, format: format)
        #expect(report.duration == .seconds(5))
        #expect(report.ending == .closed && report.damages == 0)
        let (channels, rate) = try SoundFileReader.channels(path: output)
        #expect(channels.count == 2)
        #expect(abs(Double(channels[0].count) / Double(rate) - 5) < 0.15)
        #expect(Sound.rms(channels[0][(rate * 4)..<(rate * 9 / 2)]) > 6_000)
        #expect(Sound.rms(channels[1][(rate * 4)..<(rate * 9 / 2)]) < 100)
        #expect(Sound.rms(channels[1][(rate * 2)..<(rate * 5 / 2)]) > 6_000)
    }

    @Test("an interrupted journal renders as far as it goes")
    func interrupted() throws {
        var recording = Recording()
        try recording.add(Sound.sine(440, rate: 8_000, milliseconds: 3_500), side: .left, codec: .pcma, start: 0)
        let whole = recording.journal(end: nil)
        let folder = try TemporaryFolder()
        try folder.write(Array(whole.dropLast(10)), as: "j.cjr")
        let report = try Renderer.render(
            journal: "\(folder.path)/j.cjr", to: "\(folder.path)/o.wav", format: .wav)
        #expect(report.duration == .seconds(3))
        #expect(report.ending != .closed)
    }

    @Test("nothing recorded gives an error and no file")
    func empty() throws {
        let folder = try TemporaryFolder()
        try folder.write(Recording().journal(), as: "j.cjr")
        #expect(throws: RenderError.empty) {
            try Renderer.render(journal: "\(folder.path)/j.cjr", to: "\(folder.path)/o.wav", format: .wav)
        }
        #expect(throws: RenderError.self) {
            try Renderer.render(journal: "\(folder.path)/none.cjr", to: "\(folder.path)/o.wav", format: .wav)
        }
        #expect(try folder.names() == ["j.cjr"])
    }
}
