// Sound files out, by libsndfile, a block at a time: a recording of two hours needs no more memory than one of a second.

import CSndfile
import Glibc

/// The kinds of file that we write.
public enum SoundFileFormat: Sendable {
    /// 16-bit PCM.
    case wav
    /// Constant bit rate: 64 kbit/s.
    case mp3
    case flac
    /// Opus in Ogg (RFC 7845).
    case opus
}

/// One file being written. Call `finish()`; without it the file is left unfinished and its length may be wrong.
public struct SoundFileWriter: ~Copyable {
    /// nil once it is complete.
    private var file: OpaquePointer?
    private let channels: Int
    private let format: SoundFileFormat
    private var floats: [Float] = []

    /// - Parameters:
    ///   - path: created or replaced.
    ///   - sampleRate: 8,000 or 16,000.
    ///   - channels: 1 or 2.
    /// - Throws: `SoundFileError.library`, such as for a folder that is not there.
    public init(path: String, format: SoundFileFormat, sampleRate: Int, channels: Int) throws(SoundFileError) {
        var info = SF_INFO()
        info.samplerate = Int32(sampleRate)
        info.channels = Int32(channels)
        info.format = Self.code(format)
        guard let opened = sf_open(path, Int32(SFM_WRITE), &info) else {
            throw .library(String(cString: sf_strerror(nil)))
        }
        file = opened
        self.channels = channels
        self.format = format
        if case .mp3 = format { Self.useConstantRate(opened, sampleRate: sampleRate) }
    }

    deinit {
        if let file { sf_close(file) }
    }

    /// Appends `frames` samples of every channel, interleaved.
    /// - Throws: `SoundFileError.library`, such as when the disk is full.
    public mutating func write(_ samples: UnsafePointer<Int16>, frames: Int) throws(SoundFileError) {
        guard frames > 0 else { return }
        let written: sf_count_t
        switch format {
        case .wav, .flac, .opus: written = sf_writef_short(file, samples, sf_count_t(frames))
        case .mp3: written = writeFloats(samples, frames: frames)
        }
        guard written == sf_count_t(frames) else { throw .library(String(cString: sf_strerror(file))) }
    }

    /// libsndfile 1.2.0 mixes up the channels of stereo shorts on their way into an MP3; floats arrive as they are.
    private mutating func writeFloats(_ samples: UnsafePointer<Int16>, frames: Int) -> sf_count_t {
        let count = frames * channels
        if floats.count < count { floats = [Float](repeating: 0, count: count) }
        for index in 0..<count { floats[index] = Float(samples[index]) / 32_768 }
        return sf_writef_float(file, floats, sf_count_t(frames))
    }

    /// Completes the file: lengths in the header, last packet.
    public consuming func finish() throws(SoundFileError) {
        sf_write_sync(file)
        let earlier = sf_error(file)
        let closing = sf_close(file)
        file = nil
        let problem = earlier == 0 ? closing : earlier
        guard problem == 0 else { throw .library(String(cString: sf_error_number(problem))) }
    }

    private static func code(_ format: SoundFileFormat) -> Int32 {
        switch format {
        case .wav: Int32(SF_FORMAT_WAV | SF_FORMAT_PCM_16)
        case .mp3: Int32(SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III)
        case .flac: Int32(SF_FORMAT_FLAC | SF_FORMAT_PCM_16)
        case .opus: Int32(SF_FORMAT_OGG | SF_FORMAT_OPUS)
        }
    }

    /// libsndfile maps 0…1 to the bit rates of the MPEG version that the sample rate asks for: 64…8 kbit/s at 8 kHz
    /// (MPEG 2.5), 160…8 at 16 kHz (MPEG 2). Both become 64.
    private static func useConstantRate(_ file: OpaquePointer, sampleRate: Int) {
        var mode = Int32(SF_BITRATE_MODE_CONSTANT)
        _ = sf_command(file, Int32(SFC_SET_BITRATE_MODE), &mode, Int32(MemoryLayout<Int32>.size))
        var level = sampleRate <= 12_000 ? 0.0 : (160.0 - 64) / (160 - 8)
        _ = sf_command(file, Int32(SFC_SET_COMPRESSION_LEVEL), &level, Int32(MemoryLayout<Double>.size))
    }
}
