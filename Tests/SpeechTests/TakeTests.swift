// Recordings of prompts: what is trimmed and levelled, what is refused, what is kept.

import Foundation
import Media
import TestTools
import Testing

@testable import Speech

@Suite struct TakeTests {
    private static let rate = Frame.sampleRate

    /// A voice-like tone in syllables of 150 ms with gaps of 50 ms between them, which begin and end softly.
    private static func voice(seconds: Double, amplitude: Double) -> [Int16] {
        (0..<Int(seconds * Double(rate))).map { index in
            let time = Double(index) / Double(rate)
            let inSyllable = time.truncatingRemainder(dividingBy: 0.2)
            guard inSyllable < 0.15 else { return 0 }
            let swell = sin(.pi * inSyllable / 0.15)
            return Int16(amplitude * swell * (sin(2 * .pi * 180 * time) + 0.5 * sin(2 * .pi * 1_200 * time)) / 1.5)
        }
    }

    private static func silence(_ seconds: Double) -> [Int16] {
        [Int16](repeating: 0, count: Int(seconds * Double(rate)))
    }

    /// Noise of a room at `level` dBFS under the sound, always the same.
    private static func inRoom(_ samples: [Int16], level: Double, offset: Int = 0) -> [Int16] {
        var generator = SeededGenerator(seed: 4)
        let amplitude = 32_768 * pow(10, level / 20) * 3.0.squareRoot()
        return samples.map {
            Int16(clamping: Int($0) + offset + Int(Double.random(in: -amplitude...amplitude, using: &generator)))
        }
    }

    static func wav(_ samples: [Int16], rate: Int = rate) -> [UInt8] {
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        let length = UInt32(samples.count * 2)
        return Array("RIFF".utf8) + bytes(length + 36) + Array("WAVEfmt ".utf8) + bytes(UInt32(16)) + bytes(UInt16(1))
            + bytes(UInt16(1)) + bytes(UInt32(rate)) + bytes(UInt32(rate * 2)) + bytes(UInt16(2)) + bytes(UInt16(16))
            + Array("data".utf8) + bytes(length) + samples.flatMap { bytes($0) }
    }

    private func folder(_ folder: TemporaryFolder) -> TakeFolder {
        TakeFolder(path: "\(folder.path)/studio/a/pl/b", pointer: "current")
    }

    private func samples(_ path: String) throws -> [Int16] { try SoundFileReader.channels(path: path).channels[0] }

    // MARK: Trimming

    @Test(arguments: [-90.0, -70, -60, -50])
    func `silence is cut off at both ends whatever the noise of the room`(_ noise: Double) throws {
        let speech = Self.voice(seconds: 2, amplitude: 6_000)
        let room = Self.inRoom(Self.silence(1.5) + speech + Self.silence(2.2), level: noise)
        let (_, range) = try #require(RecordedTrim.trim(room))
        let start = Double(range.lowerBound) / Double(Self.rate)
        let end = Double(range.upperBound) / Double(Self.rate)
        #expect((1.38...1.45).contains(start), "begins at \(start) s")
        #expect((3.40...3.60).contains(end), "ends at \(end) s")
    }

    @Test func `a click of a key before or after the text is no speech`() throws {
        var room = Self.inRoom(
            Self.silence(1) + Self.voice(seconds: 1, amplitude: 6_000) + Self.silence(1), level: -65)
        for place in [3_000, room.count - 3_000] { for index in 0..<160 { room[place + index] = 12_000 } }
        let (_, range) = try #require(RecordedTrim.trim(room))
        #expect(range.lowerBound > Self.rate / 2 && range.upperBound < room.count - Self.rate / 2)
    }

    @Test func `speech that fills the whole recording is left whole`() throws {
        let speech = Self.voice(seconds: 1.95, amplitude: 6_000)
        #expect(try #require(RecordedTrim.trim(speech)).range == 0..<speech.count)
    }

    @Test func `an offset of the sound card is taken away, and neither end clicks`() throws {
        let room = Self.inRoom(
            Self.silence(0.6) + Self.voice(seconds: 1, amplitude: 6_000) + Self.silence(0.6), level: -60, offset: 900)
        let trimmed = try #require(RecordedTrim.trim(room)).samples
        #expect(trimmed[0] == 0 && trimmed[trimmed.count - 1] == 0)
        let quiet = trimmed.prefix(Self.rate / 20) + trimmed.suffix(Self.rate / 20)
        #expect(quiet.allSatisfy { abs(Int($0)) < 250 })
        let steps = zip(trimmed, trimmed.dropFirst()).prefix(80).map { abs(Int($1) - Int($0)) }
        #expect(steps.allSatisfy { $0 < 300 })
    }

    @Test func `nothing but a room is no speech`() {
        #expect(RecordedTrim.trim([]) == nil)
        #expect(RecordedTrim.trim(Self.silence(3)) == nil)
        #expect(RecordedTrim.trim(Self.inRoom(Self.silence(3), level: -60)) == nil)
        #expect(RecordedTrim.trim([1, 2, 3]) == nil)
    }

    // MARK: Levelling

    @Test(arguments: [200.0, 2_000, 12_000, 32_000])
    func `every recording becomes as loud as spoken text, its true peaks below full scale`(_ amplitude: Double) throws {
        let temporary = try TemporaryFolder()
        let folder = folder(temporary)
        let room = Self.silence(1) + Self.voice(seconds: 3, amplitude: amplitude) + Self.silence(1)
        let take = try folder.keep(Self.wav(room), text: "Tekst", by: "Ewa", at: 5)
        let polished = try samples(folder.sound(take.number, .polished))
        let loudness = try #require(Loudness.measure(polished, sampleRate: Self.rate))
        #expect(abs(loudness - Loudness.speech) < 0.5)
        #expect(abs(try #require(take.after.loudness) - loudness) < 0.1)
        #expect(take.before.seconds == 5 && abs(take.after.seconds - 3.2) < 0.15)
        // Four times as many samples show what lies between them (ITU-R BS.1770-4, annex 2).
        let between = try #require(RateConverter.convert(polished, from: Self.rate, to: 4 * Self.rate))
        let peak = between.reduce(0) { max($0, abs(Int($1))) }
        #expect(Double(peak) < 32_768 * pow(10, -1.0 / 20))
    }

    @Test(arguments: [8_000, 22_050, 44_100, 48_000])
    func `the sound keeps its pitch and length from any rate`(_ rate: Int) throws {
        let temporary = try TemporaryFolder()
        let folder = folder(temporary)
        let tone = (0..<2 * rate).map { Int16(8_000 * sin(2 * .pi * 440 * Double($0) / Double(rate))) }
        let take = try folder.keep(Self.wav(tone, rate: rate), text: "", by: "", at: 0)
        let polished = try samples(folder.sound(take.number, .polished))
        #expect(abs(polished.count - 2 * Self.rate) < Self.rate / 50)
        let rises = zip(polished, polished.dropFirst()).count { $0 < 0 && $1 >= 0 }
        #expect(abs(rises - 880) < 12)
    }

    // MARK: Refusals

    @Test func `what is no usable recording is refused by its reason, and nothing is kept`() throws {
        let temporary = try TemporaryFolder()
        let folder = folder(temporary)
        let good = Self.wav(Self.voice(seconds: 1, amplitude: 6_000))
        var noChannels = good
        noChannels[22] = 0
        var hugeData = good
        hugeData.replaceSubrange(40..<44, with: [0xFF, 0xFF, 0xFF, 0xFF])
        var hugeFile = good
        hugeFile.replaceSubrange(4..<8, with: [0xFF, 0xFF, 0xFF, 0x7F])
        var mp3 = good
        mp3[20] = 0x55
        let words = Self.voice(seconds: 61, amplitude: 6_000)
        let cases: [(bytes: [UInt8], problem: TakeProblem)] = [
            ([], .file(.notUsable(.notWAV))),
            ([0xFF, 0xFB, 0x90, 0x64] + [UInt8](repeating: 0, count: 4_000), .file(.notUsable(.notWAV))),
            (
                Array(good.prefix(1_000)),
                .file(.notUsable(.wrongLength(promised: good.count, actual: 1_000)))
            ),
            (noChannels, .file(.notUsable(.channels(0)))),
            (hugeData, .file(.notUsable(.damaged("a part of it ends behind the file's end")))),
            (hugeFile, .file(.notUsable(.wrongLength(promised: 0x7FFF_FFFF + 8, actual: good.count)))),
            (mp3, .file(.notUsable(.encoding(format: 0x55, bits: 16)))),
            (Self.wav([]), .file(.notUsable(.noSound))),
            (Self.wav(Self.silence(1)), .silent),
            (Self.wav(Self.silence(181)), .file(.tooLong(seconds: 181, limit: 180))),
            (Self.wav(words), .tooLong(seconds: 61, limit: 60)),
        ]
        for (bytes, problem) in cases {
            #expect(throws: problem) { try folder.keep(bytes, text: "", by: "", at: 0) }
        }
        #expect(folder.takes().isEmpty)
        #expect(try temporary.names(in: "studio/a/pl/b").isEmpty)
    }

    @Test func `a folder that cannot be made is told in the system's words`() throws {
        let temporary = try TemporaryFolder()
        try temporary.write([1], as: "studio")
        do {
            _ = try folder(temporary).keep(
                Self.wav(Self.voice(seconds: 1, amplitude: 6_000)), text: "", by: "", at: 0)
            Issue.record("it was kept")
        } catch .disk(let reason) {
            #expect(!reason.isEmpty)
        }
    }

    // MARK: Keeping

    @Test func `takes are kept with their original, the newest five and the one in use`() throws {
        let temporary = try TemporaryFolder()
        let folder = folder(temporary)
        let wav = Self.wav(Self.silence(0.5) + Self.voice(seconds: 1, amplitude: 6_000))
        for number in 1...7 {
            let take = try folder.keep(wav, text: "Tekst \(number)", by: "Ewa", at: Int64(number))
            #expect(take.number == number && folder.take(number) == take)
            if number == 1 { #expect(try folder.use(1)) }
        }
        #expect(folder.takes().map(\.number) == [7, 6, 5, 4, 3, 1])
        #expect(folder.current() == 1)
        let original = FileManager.default.contents(atPath: folder.sound(7, .original))
        #expect(original.map { [UInt8]($0) } == wav)
        #expect(!FileManager.default.fileExists(atPath: folder.sound(2, .original)))
    }

    @Test func `only takes that are there can be used, and only ones that nobody hears deleted`() throws {
        let temporary = try TemporaryFolder()
        let folder = folder(temporary)
        #expect(folder.takes().isEmpty && folder.current() == nil)
        #expect(try folder.use(nil))
        #expect(try !folder.use(1))
        let wav = Self.wav(Self.voice(seconds: 1, amplitude: 6_000))
        for _ in 1...2 { _ = try folder.keep(wav, text: "", by: "", at: 0) }
        #expect(try folder.use(2))
        #expect(folder.current() == 2)
        #expect(!folder.delete(2) && folder.delete(1) && !folder.delete(1))
        #expect(try folder.use(nil))
        #expect(folder.current() == nil)
        #expect(folder.takes().map(\.number) == [2])
    }

    @Test func `no number is given twice, for calls that go on may still play the former take`() throws {
        let temporary = try TemporaryFolder()
        let folder = folder(temporary)
        let wav = Self.wav(Self.voice(seconds: 1, amplitude: 6_000))
        for number in 1...3 {
            #expect(try folder.keep(wav, text: "", by: "", at: 0).number == number)
            #expect(folder.delete(number) && folder.takes().isEmpty)
        }
        #expect(try folder.keep(wav, text: "", by: "", at: 0).number == 4)
        #expect(try temporary.names(in: "studio/a/pl/b") == ["4.json", "4.original.wav", "4.wav"])
    }

    @Test func `what is half written or not ours is no take`() throws {
        let temporary = try TemporaryFolder()
        let folder = folder(temporary)
        try temporary.makeFolder("studio/a/pl/b")
        try temporary.write([1, 2], as: "studio/a/pl/b/3.wav")
        try temporary.write(Array("{}".utf8), as: "studio/a/pl/b/4.json")
        try temporary.write(Array("x".utf8), as: "studio/a/pl/b/current")
        #expect(folder.takes().isEmpty && folder.current() == nil)
    }
}
