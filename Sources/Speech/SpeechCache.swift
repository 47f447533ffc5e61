// Synthesised speech on disk, so that a restart does not speak everything again.

import Glibc
import Media

/// One file a sentence, found by a hash of everything that decides how it sounds. Written beside its place and renamed:
/// a reader sees a whole file or none. What does not check out is as good as not there.
struct SpeechCache: Sendable {
    private static let magic: [UInt8] = Array("CSPEECH1".utf8)
    /// Ten minutes of samples and their key: nothing that we write is longer.
    private static let longestFile = 20_000_000

    let directory: String

    /// What was kept under `key`.
    func read(_ key: String) -> [Int16]? {
        let descriptor = open(path(key), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_size <= Self.longestFile else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        guard Glibc.read(descriptor, &bytes, bytes.count) == bytes.count else { return nil }
        return Self.samples(bytes, key: key)
    }

    /// Keeps `samples` under `key`. A full or missing disk costs only time later, so that it is told and not thrown.
    /// - Returns: the problem, if any, in the system's words.
    func write(_ samples: [Int16], key: String) -> String? {
        let final = path(key)
        let temporary = "\(final).\(getpid()).\(UInt64.random(in: 0...UInt64.max))"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        let bytes = Self.bytes(samples, key: key)
        let written = Glibc.write(descriptor, bytes, bytes.count)
        let failure = errno
        close(descriptor)
        guard written == bytes.count, rename(temporary, final) == 0 else {
            unlink(temporary)
            return written < 0 ? String(cString: strerror(failure)) : "the file could not be completed"
        }
        return nil
    }

    /// Creates the folder and removes what an interrupted run left half written.
    func prepare() -> String? {
        if mkdir(directory, 0o750) != 0, errno != EEXIST { return String(cString: strerror(errno)) }
        guard let folder = opendir(directory) else { return String(cString: strerror(errno)) }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.contains(".speech.") { unlink("\(directory)/\(name)") }
        }
        return nil
    }

    func path(_ key: String) -> String {
        let name = String(Self.hash(Array(key.utf8)), radix: 16)
        return "\(directory)/\(name).speech"
    }

    /// Magic, length of the key, key, hash of the samples' bytes, samples (little endian).
    private static func bytes(_ samples: [Int16], key: String) -> [UInt8] {
        let sound = samples.withUnsafeBytes { Array($0) }
        let key = Array(key.utf8)
        return magic + littleEndian(UInt64(key.count)) + key + littleEndian(hash(sound)) + sound
    }

    private static func samples(_ bytes: [UInt8], key: String) -> [Int16]? {
        let key = Array(key.utf8)
        let head = magic + littleEndian(UInt64(key.count)) + key
        guard bytes.count > head.count + 8, bytes.starts(with: head) else { return nil }
        let sound = Array(bytes[(head.count + 8)...])
        guard sound.count % 2 == 0, Array(bytes[head.count..<head.count + 8]) == littleEndian(hash(sound)) else {
            return nil
        }
        return sound.withUnsafeBytes { raw in
            (0..<raw.count / 2).map { Int16(littleEndian: raw.loadUnaligned(fromByteOffset: 2 * $0, as: Int16.self)) }
        }
    }

    private static func littleEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    /// FNV-1a, 64 bit. It only has to find files and notice damage: the whole key is compared as well.
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBufferPointer { bytes in
            bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        }
    }
}
