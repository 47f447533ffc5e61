// Recorded prompts: files in one folder and nowhere else.

import Glibc
import Media

/// A file that the hotline names, relative to the prompts' folder.
struct PromptFile {
    /// What tells one content from the next without reading it.
    struct Stamp: Hashable, Sendable {
        let inode: UInt64
        let size: Int64
        let seconds: Int64
        let nanoseconds: Int64
    }

    let name: String
    let stamp: Stamp
    private let descriptor: Int32

    /// Walks the name part by part without following symbolic links, so that no name leads out of the folder.
    /// - Throws: `badFileName` for an absolute name, `..`, an empty part or a link; `file` for what cannot be opened.
    /// The caller closes it.
    static func open(_ name: String, in directory: String) throws(SpeechError) -> PromptFile {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." && !$0.contains("\0") }
        guard isPlain, name.utf8.count <= 1_000 else { throw .badFileName(name) }
        var current = Glibc.open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        for (index, part) in parts.enumerated() where current >= 0 {
            let isLast = index == parts.count - 1
            let flags = O_CLOEXEC | O_NOFOLLOW | (isLast ? O_RDONLY | O_NONBLOCK : O_RDONLY | O_DIRECTORY)
            let next = openat(current, String(part), flags)
            let failure = errno
            Glibc.close(current)
            errno = failure
            current = next
        }
        guard current >= 0 else {
            throw errno == ELOOP
                ? .badFileName(name) : .file(name, .unreadable(String(cString: strerror(errno))))
        }
        var status = stat()
        guard fstat(current, &status) == 0 else {
            Glibc.close(current)
            throw .file(name, .unreadable(String(cString: strerror(errno))))
        }
        let stamp = Stamp(
            inode: UInt64(status.st_ino), size: Int64(status.st_size), seconds: Int64(status.st_mtim.tv_sec),
            nanoseconds: Int64(status.st_mtim.tv_nsec))
        return PromptFile(name: name, stamp: stamp, descriptor: current)
    }

    func close() { Glibc.close(descriptor) }

    /// The sound at 16 kHz, as loud as its use wants it.
    func samples(for use: PromptUse) throws(SpeechError) -> [Int16] {
        let sound: SoundFileReader.Sound
        do {
            sound = try SoundFileReader.wav(descriptor: descriptor, limit: use.longestSeconds)
        } catch {
            throw .file(name, error)
        }
        guard let converted = RateConverter.convert(sound.samples, from: sound.sampleRate, to: Frame.sampleRate) else {
            throw .file(name, .library("its sample rate could not be converted"))
        }
        return Loudness.level(converted, sampleRate: Frame.sampleRate, to: use.loudness)
    }
}

/// What a recording is for.
public enum PromptUse: Hashable, Sendable {
    /// Up to 60 s, as loud as synthesised speech.
    case speech
    /// Up to 10 minutes, quieter than speech; made to be looped.
    case music

    var longestSeconds: Int {
        switch self {
        case .speech: 60
        case .music: 600
        }
    }

    var loudness: Double {
        switch self {
        case .speech: Loudness.speech
        case .music: Loudness.music
        }
    }
}
