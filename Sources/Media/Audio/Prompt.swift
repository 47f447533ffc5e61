// A sound ready to be sent: cut into 20 ms frames and encoded once per codec.

/// What the media thread needs to play a prompt: borrowed memory of a `Prompt`, valid as long as that lives.
public struct PromptView: Sendable, BitwiseCopyable {
    /// 20 ms frames.
    public let frames: Int32
    // because the memory is written before the view exists, never changed, and owned by the `Prompt`
    /// 160 A-law codes a frame, contiguous.
    public nonisolated(unsafe) let pcma: UnsafePointer<UInt8>
    /// 160 µ-law codes a frame, contiguous.
    public nonisolated(unsafe) let pcmu: UnsafePointer<UInt8>
    /// 160 octets of G.722 a frame, contiguous.
    public nonisolated(unsafe) let g722: UnsafePointer<UInt8>
    /// One Opus packet a frame, one behind the other.
    public nonisolated(unsafe) let opusBytes: UnsafePointer<UInt8>
    /// `frames + 1` offsets into `opusBytes`: packet n is `offsets[n]..<offsets[n + 1]`.
    public nonisolated(unsafe) let opusOffsets: UnsafePointer<UInt32>
    /// 320 samples at 16 kHz a frame, contiguous.
    public nonisolated(unsafe) let pcm: UnsafePointer<Int16>
}

/// Why a sound cannot become a prompt.
public enum PromptError: Error, Sendable, CustomStringConvertible {
    /// Not one sample.
    case empty
    /// Longer than the 10 minutes that anything we play may last.
    case tooLong
    case opus(OpusError)

    public var description: String {
        switch self {
        case .empty: "the sound is empty"
        case .tooLong: "the sound is longer than 10 minutes"
        case .opus(let error): error.description
        }
    }
}

/// An immutable sound. About 60 KB a second. Keep it alive while any media thread may play its view.
public final class Prompt: Sendable {
    /// The longest sound, in 20 ms frames.
    static let maximumFrames = 30_000

    public let view: PromptView
    private let opusLength: Int

    /// Encodes a sound; costs about 15 ms of CPU a second of sound, so never call it on a signalling or media thread.
    /// - Parameters:
    ///   - samples16k: mono at 16 kHz; the last frame is filled up with silence.
    ///   - seamless: the sound will be played in a loop: filters and encoder begin as if its end had just been heard.
    public init(samples16k: [Int16], seamless: Bool = false) throws(PromptError) {
        guard !samples16k.isEmpty else { throw .empty }
        let frames = (samples16k.count + Frame.sampleCount - 1) / Frame.sampleCount
        guard frames <= Self.maximumFrames else { throw .tooLong }
        let padding = frames * Frame.sampleCount - samples16k.count
        let pcm = PromptEncoding.copy(samples16k + [Int16](repeating: 0, count: padding))
        let narrow = PromptEncoding.narrow(pcm, frames: frames, seamless: seamless)
        let opus: (bytes: UnsafePointer<UInt8>, offsets: UnsafePointer<UInt32>)
        do {
            opus = try PromptEncoding.opus(pcm, frames: frames, seamless: seamless)
        } catch {
            pcm.deallocate()
            throw .opus(error)
        }
        view = PromptView(
            frames: Int32(frames),
            pcma: PromptEncoding.companded(narrow, law: .a),
            pcmu: PromptEncoding.companded(narrow, law: .mu),
            g722: PromptEncoding.g722(pcm, frames: frames, seamless: seamless),
            opusBytes: opus.bytes,
            opusOffsets: opus.offsets,
            pcm: pcm)
        opusLength = Int(opus.offsets[frames])
    }

    deinit {
        view.pcm.deallocate()
        view.pcma.deallocate()
        view.pcmu.deallocate()
        view.g722.deallocate()
        view.opusBytes.deallocate()
        view.opusOffsets.deallocate()
    }

    /// How long it sounds, in whole 20 ms.
    public var duration: Duration { .milliseconds(20 * Int64(view.frames)) }

    /// Bytes of memory that it holds.
    public var byteCount: Int { Int(view.frames) * (160 + 160 + 160 + 640 + 4) + opusLength }
}
