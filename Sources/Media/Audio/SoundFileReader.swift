// Sound files in: our own check of the header, then libsndfile.

import CSndfile
import Glibc

/// Reads a sound file, mixed down to mono, at the file's own rate.
public enum SoundFileReader {
    /// A whole file's sound.
    public struct Sound: Sendable {
        /// Mono.
        public let samples: [Int16]
        /// Samples a second.
        public let sampleRate: Int
    }

    /// Reads a WAV file (PCM 8, 16, 24 bits, A-law, µ-law; 8…48 kHz; mono or stereo).
    /// - Parameters:
    ///   - descriptor: open for reading; stays open.
    ///   - limit: how long it may sound, in seconds.
    public static func wav(descriptor: Int32, limit: Int) throws(SoundFileError) -> Sound {
        let header = try header(descriptor)
        guard header.frames <= limit * header.sampleRate else {
            throw .tooLong(seconds: (header.frames + header.sampleRate - 1) / header.sampleRate, limit: limit)
        }
        let channels = try interleaved(descriptor)
        guard channels.count == header.channels, channels[0].count == header.frames,
            channels.sampleRate == header.sampleRate
        else { throw .notUsable(.damaged("the description of its format contradicts itself")) }
        return Sound(samples: channels.mixedDown(), sampleRate: header.sampleRate)
    }

    /// Every channel of any file that libsndfile reads. Only for files of our own making: nothing is checked first.
    public static func channels(path: String) throws(SoundFileError) -> (channels: [[Int16]], sampleRate: Int) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(String(cString: strerror(errno))) }
        defer { close(descriptor) }
        let all = try interleaved(descriptor)
        return ((0..<all.count).map { all[$0] }, all.sampleRate)
    }

    private static func header(_ descriptor: Int32) throws(SoundFileError) -> WAVHeader {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable("it is not a file") }
        let length = Int(status.st_size)
        var beginning = [UInt8](repeating: 0, count: min(length, WAVHeader.longestPreface))
        guard pread(descriptor, &beginning, beginning.count, 0) == beginning.count else {
            throw .unreadable("it could not be read to its end")
        }
        return try WAVHeader(parsing: beginning, fileLength: length)
    }

    private static func interleaved(_ descriptor: Int32) throws(SoundFileError) -> Interleaved {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else { throw .unreadable(String(cString: strerror(errno))) }
        var info = SF_INFO()
        guard let file = sf_open_fd(descriptor, Int32(SFM_READ), &info, 0) else {
            throw .library(String(cString: sf_strerror(nil)))
        }
        defer { sf_close(file) }
        let channels = Int(info.channels)
        guard channels > 0 else { throw .notUsable(.channels(0)) }
        var samples: [Int16] = []
        var block = [Int16](repeating: 0, count: 8_192 * channels)
        while true {
            let read = Int(sf_readf_short(file, &block, 8_192))
            guard read > 0 else { break }
            samples += block[..<(read * channels)]
        }
        guard !samples.isEmpty else { throw .notUsable(.noSound) }
        return Interleaved(samples: samples, count: channels, sampleRate: Int(info.samplerate))
    }
}

/// Samples of all channels in turn.
private struct Interleaved {
    let samples: [Int16]
    /// Channels.
    let count: Int
    let sampleRate: Int

    subscript(channel: Int) -> [Int16] { stride(from: channel, to: samples.count, by: count).map { samples[$0] } }

    func mixedDown() -> [Int16] {
        guard count > 1 else { return samples }
        return (0..<samples.count / count).map { frame in
            let sum = (0..<count).reduce(0) { $0 + Int(samples[frame * count + $1]) }
            return Int16(sum / count)
        }
    }
}
