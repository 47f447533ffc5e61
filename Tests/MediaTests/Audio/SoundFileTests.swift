// Sound files in and out, and files that lie.

import Glibc
import TestTools
import Testing

@testable import Media

@Suite("Sound files")
struct SoundFileTests {
    /// A WAV file as bytes.
    static func wav(
        tag: UInt16 = 1, bits: Int = 16, channels: Int = 1, rate: Int = 8_000, sound: [UInt8], before: [UInt8] = [],
        extensible: Bool = false
    ) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        func half(_ value: Int) -> [UInt8] { (0..<2).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let block = channels * bits / 8
        var format = half(extensible ? 0xFFFE : Int(tag)) + half(channels) + word(rate) + word(rate * block)
        format += half(block) + half(bits)
        if extensible {
            format += half(22) + half(bits) + word(0) + half(Int(tag))
            format += [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        }
        let body =
            Array("WAVEfmt ".utf8) + word(format.count) + format + before + Array("data".utf8) + word(sound.count)
            + sound
            + (sound.count % 2 == 1 ? [0] : [])
        return Array("RIFF".utf8) + word(body.count) + body
    }

    private func header(_ bytes: [UInt8]) throws -> WAVHeader {
        try WAVHeader(parsing: Array(bytes.prefix(WAVHeader.longestPreface)), fileLength: bytes.count)
    }

    @Test("the usual kinds of WAV are understood")
    func kinds() throws {
        let sound = [UInt8](repeating: 0x11, count: 240)
        #expect(try header(Self.wav(sound: sound)).frames == 120)
        #expect(try header(Self.wav(bits: 8, sound: sound)).encoding == .pcm(bits: 8))
        #expect(try header(Self.wav(bits: 24, channels: 2, rate: 48_000, sound: sound)).frames == 40)
        #expect(try header(Self.wav(tag: 6, bits: 8, sound: sound)).encoding == .aLaw)
        #expect(try header(Self.wav(tag: 7, bits: 8, sound: sound)).encoding == .muLaw)
        #expect(try header(Self.wav(bits: 24, rate: 44_100, sound: sound, extensible: true)).encoding == .pcm(bits: 24))
        let list = Array("LIST".utf8) + [5, 0, 0, 0, 1, 2, 3, 4, 5, 0]
        #expect(try header(Self.wav(sound: sound, before: list)).frames == 120)
    }

    @Test("every truncation of a file is refused")
    func truncations() {
        let list = Array("LIST".utf8) + [5, 0, 0, 0, 1, 2, 3, 4, 5, 0]
        for whole in [
            Self.wav(sound: [UInt8](repeating: 1, count: 64)),
            Self.wav(bits: 24, channels: 2, sound: [UInt8](repeating: 1, count: 60), before: list, extensible: true),
        ] {
            for length in 0..<whole.count {
                #expect(throws: SoundFileError.self) { try header(Array(whole[..<length])) }
            }
        }
    }

    @Test("sizes that lie are refused")
    func lies() {
        let whole = Self.wav(sound: [UInt8](repeating: 1, count: 64))
        // The RIFF's length, the format's, the rate of bytes, the block, the sound's.
        for place in [4, 16, 28, 32, 40] {
            for value: UInt8 in [0xFF, 0x7F, 0x03] {
                var bytes = whole
                for index in 0..<4 where place + index < (place == 32 ? 34 : place + 4) { bytes[place + index] = value }
                #expect(throws: SoundFileError.self) { try header(bytes) }
            }
        }
        #expect(throws: SoundFileError.self) {
            try header(Self.wav(channels: 3, sound: [UInt8](repeating: 1, count: 60)))
        }
        #expect(throws: SoundFileError.self) { try header(Self.wav(rate: 7_999, sound: [1, 2])) }
        #expect(throws: SoundFileError.self) { try header(Self.wav(rate: 96_000, sound: [1, 2])) }
        #expect(throws: SoundFileError.self) { try header(Self.wav(tag: 3, bits: 32, sound: [1, 2, 3, 4])) }
        #expect(throws: SoundFileError.self) { try header(Self.wav(sound: [1, 2, 3])) }
        #expect(throws: SoundFileError.self) { try header(Self.wav(sound: [])) }
    }

    @Test("no value of any byte of a header does harm")
    func everyByte() {
        let whole = Self.wav(sound: [UInt8](repeating: 1, count: 64), extensible: true)
        for place in 0..<68 {
            for value in UInt8.min...UInt8.max {
                var bytes = whole
                bytes[place] = value
                if let header = try? header(bytes) { #expect(header.frames <= 64) }
            }
        }
    }

    @Test("what is written is read again", arguments: [SoundFileFormat.wav, .flac, .mp3, .opus], [8_000, 16_000])
    func formats(format: SoundFileFormat, rate: Int) throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/sound"
        let left = Signals.sine(500, rate: rate, count: 2 * rate)
        let right = Signals.sine(1_100, rate: rate, count: 2 * rate)
        var writer = try SoundFileWriter(path: path, format: format, sampleRate: rate, channels: 2)
        for start in stride(from: 0, to: left.count, by: rate / 10) {
            let block = (start..<start + rate / 10).flatMap { [left[$0], right[$0]] }
            try writer.write(block, frames: rate / 10)
        }
        try writer.finish()
        let (channels, readRate) = try SoundFileReader.channels(path: path)
        #expect(channels.count == 2)
        // Opus in Ogg is decoded at 48 kHz unless told otherwise.
        let seconds = Double(channels[0].count) / Double(readRate)
        #expect(abs(seconds - 2) < 0.15)
        for (channel, frequency, other) in [(0, 500.0, 1_100.0), (1, 1_100, 500)] {
            let middle = channels[channel][channels[channel].count / 4..<channels[channel].count * 3 / 4]
            #expect(Signals.amplitude(of: frequency, in: middle, rate: readRate) > 8_000)
            #expect(Signals.amplitude(of: other, in: middle, rate: readRate) < 500)
        }
        if case .wav = format { #expect(channels == [left, right]) }
    }

    @Test("a stereo file is read as the middle of its sides, a long one refused")
    func reading() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/stereo.wav"
        let samples = (0..<16_000).map { Int16($0 % 2 == 0 ? 1_000 : 3_000) }
        try folder.write(Self.wav(channels: 2, sound: samples.withUnsafeBytes { Array($0) }), as: "stereo.wav")
        let descriptor = open(path, O_RDONLY)
        defer { close(descriptor) }
        let sound = try SoundFileReader.wav(descriptor: descriptor, limit: 1)
        #expect(sound.sampleRate == 8_000)
        #expect(sound.samples == [Int16](repeating: 2_000, count: 8_000))
        #expect(throws: SoundFileError.tooLong(seconds: 1, limit: 0)) {
            _ = try SoundFileReader.wav(descriptor: descriptor, limit: 0)
        }
    }

    @Test("a folder and a missing path are refused in the system's words")
    func noFile() throws {
        let folder = try TemporaryFolder()
        let descriptor = open(folder.path, O_RDONLY)
        defer { close(descriptor) }
        #expect(throws: SoundFileError.unreadable("it is not a file")) {
            _ = try SoundFileReader.wav(descriptor: descriptor, limit: 1)
        }
        #expect(throws: SoundFileError.self) {
            _ = try SoundFileWriter(path: "\(folder.path)/no/file", format: .wav, sampleRate: 8_000, channels: 1)
        }
    }
}
