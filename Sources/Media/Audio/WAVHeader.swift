// A WAV file's own description of itself, checked strictly before any library sees the file (RIFF/WAVE, RFC 2361).

/// What `fmt ` and `data` say. Exists only for files whose sizes all add up.
struct WAVHeader: Equatable, Sendable {
    enum Encoding: Equatable, Sendable {
        case pcm(bits: Int)
        case aLaw
        case muLaw
    }

    let encoding: Encoding
    /// 1 or 2.
    let channels: Int
    /// Samples a second, 8,000…48,000.
    let sampleRate: Int
    /// Samples of each channel.
    let frames: Int

    /// How much of the file's beginning is needed: nobody puts more than this in front of the sound.
    static let longestPreface = 65_536

    /// - Parameters:
    ///   - beginning: the file's first bytes: all of it or `longestPreface`.
    ///   - fileLength: bytes in the whole file.
    /// - Throws: `SoundFileError.notUsable` with a reason in plain words.
    init(parsing beginning: [UInt8], fileLength: Int) throws(SoundFileError) {
        guard beginning.count >= 12, Self.tag(beginning, 0) == "RIFF", Self.tag(beginning, 8) == "WAVE" else {
            throw .notUsable(.notWAV)
        }
        let promised = Int(Self.word(beginning, 4)) + 8
        guard promised == fileLength || promised + promised % 2 == fileLength else {
            throw .notUsable(.wrongLength(promised: promised, actual: fileLength))
        }
        var format: Format?
        var place = 12
        while place + 8 <= beginning.count {
            let length = Int(Self.word(beginning, place + 4))
            let body = place + 8
            guard body + length <= promised else {
                throw .notUsable(.damaged("a part of it ends behind the file's end"))
            }
            switch Self.tag(beginning, place) {
            case "fmt ":
                guard format == nil else { throw .notUsable(.damaged("it has two descriptions of its format")) }
                format = try Format(parsing: beginning, at: body, length: length)
            case "data":
                guard let format else { throw .notUsable(.damaged("the sound comes before its description")) }
                try self.init(format, dataLength: length)
                return
            // Chunks that others put there (LIST, fact, bext, cue): their lengths are checked, their content is not read.
            case _: break
            }
            place = body + length + length % 2
        }
        throw .notUsable(.noSound)
    }

    private init(_ format: Format, dataLength: Int) throws(SoundFileError) {
        guard dataLength > 0 else { throw .notUsable(.noSound) }
        guard dataLength % format.blockAlign == 0 else { throw .notUsable(.damaged("its last sample is cut in two")) }
        encoding = format.encoding
        channels = format.channels
        sampleRate = format.sampleRate
        frames = dataLength / format.blockAlign
    }

    private static func tag(_ bytes: [UInt8], _ place: Int) -> String {
        String(decoding: bytes[place..<place + 4], as: UTF8.self)
    }

    fileprivate static func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        UInt32(half(bytes, place)) | UInt32(half(bytes, place + 2)) << 16
    }

    fileprivate static func half(_ bytes: [UInt8], _ place: Int) -> UInt16 {
        UInt16(bytes[place]) | UInt16(bytes[place + 1]) << 8
    }
}

/// The `fmt ` chunk.
private struct Format {
    /// The sixteen bytes after the format's own number in WAVE_FORMAT_EXTENSIBLE.
    private static let subformatTail: [UInt8] = [
        0x00, 0x00, 0x00, 0x00, 0x10, 0x00, 0x80, 0x00, 0x00, 0xAA, 0x00, 0x38, 0x9B, 0x71,
    ]

    let encoding: WAVHeader.Encoding
    let channels: Int
    let sampleRate: Int
    let blockAlign: Int

    init(parsing bytes: [UInt8], at place: Int, length: Int) throws(SoundFileError) {
        guard length >= 16, length <= 4_096, place + length <= bytes.count else {
            throw .notUsable(.damaged("the description of its format is cut short"))
        }
        channels = Int(WAVHeader.half(bytes, place + 2))
        sampleRate = Int(WAVHeader.word(bytes, place + 4))
        let byteRate = Int(WAVHeader.word(bytes, place + 8))
        blockAlign = Int(WAVHeader.half(bytes, place + 12))
        let bits = Int(WAVHeader.half(bytes, place + 14))
        let tag = try Self.number(bytes, place, length)
        encoding = try Self.encoding(tag, bits: bits)
        guard (1...2).contains(channels) else { throw .notUsable(.channels(channels)) }
        guard (8_000...48_000).contains(sampleRate) else {
            throw .notUsable(.sampleRate(sampleRate))
        }
        guard blockAlign == channels * bits / 8, byteRate == sampleRate * blockAlign else {
            throw .notUsable(.damaged("the description of its format contradicts itself"))
        }
    }

    /// The format's number, looked up behind the extension where there is one.
    private static func number(_ bytes: [UInt8], _ place: Int, _ length: Int) throws(SoundFileError) -> UInt16 {
        let tag = WAVHeader.half(bytes, place)
        guard tag == 0xFFFE else { return tag }
        guard length >= 40, Array(bytes[place + 26..<place + 40]) == subformatTail else {
            throw .notUsable(.damaged("its extended format is unknown"))
        }
        return WAVHeader.half(bytes, place + 24)
    }

    private static func encoding(_ tag: UInt16, bits: Int) throws(SoundFileError) -> WAVHeader.Encoding {
        switch (tag, bits) {
        case (1, 8), (1, 16), (1, 24): return .pcm(bits: bits)
        case (6, 8): return .aLaw
        case (7, 8): return .muLaw
        case _:
            throw .notUsable(.encoding(format: Int(tag), bits: bits))
        }
    }
}
