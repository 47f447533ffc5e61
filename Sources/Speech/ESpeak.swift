// Text to speech by espeak-ng's library, in its synchronous retrieval mode.

import CESpeak
import Dispatch
import Media

/// The library's state is the process's, so that all of these share one queue: sentences are spoken one after another,
/// about 100 times faster than real time, and never on a caller's thread.
public final class ESpeak: Synthesizer {
    /// Longer texts are a mistake in a hotline, not a sentence.
    static let longestText = 4_000
    /// Words a minute; espeak's own 175 is too fast for a telephone.
    private static let pace: Int32 = 155

    private static let queue = DispatchQueue(label: "speech")
    // because it is written once, under the guard of a static's initialisation
    private static let sampleRate = Int(
        espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, nil, Int32(espeakINITIALIZE_DONT_EXIT)))

    public init() {}

    public var identity: String { "espeak-ng \(String(cString: espeak_Info(nil))) \(Self.pace)" }

    public func speak(_ text: SpokenText) async throws(SpeechError) -> [Int16] {
        let result: Result<[Int16], SpeechError> = await withCheckedContinuation { continuation in
            Self.queue.async {
                continuation.resume(returning: Result { () throws(SpeechError) in try Self.speakNow(text) })
            }
        }
        return try result.get()
    }

    private static func speakNow(_ text: SpokenText) throws(SpeechError) -> [Int16] {
        guard let voice = voice(text.language) else { throw .noVoice(language: text.language) }
        guard text.text.count <= longestText else {
            throw .textTooLong(characters: text.text.count, limit: longestText)
        }
        // A NUL would end the C string early; nothing else in a text means anything to the library in this mode.
        let spoken = text.text.filter { $0 != "\0" }
        guard spoken.contains(where: { $0.isLetter || $0.isNumber }) else { throw .nothingToSay }
        guard sampleRate > 0 else { throw .noSynthesizer("espeak-ng's voices are not installed") }
        espeak_SetSynthCallback(collect)
        guard espeak_SetVoiceByName(voice) == EE_OK else { throw .noVoice(language: text.language) }
        espeak_SetParameter(espeakRATE, pace, 0)
        let sound = Collected()
        let code = spoken.withCString { bytes in
            // because the object outlives the call, which returns when the last sample has been given to it
            espeak_Synth(
                bytes, spoken.utf8.count + 1, 0, POS_CHARACTER, 0, UInt32(espeakCHARS_UTF8), nil,
                Unmanaged.passUnretained(sound).toOpaque())
        }
        guard code == EE_OK else { throw .noSynthesizer("espeak-ng refused with code \(code.rawValue)") }
        guard !sound.samples.isEmpty,
            let converted = RateConverter.convert(sound.samples, from: sampleRate, to: Frame.sampleRate)
        else { throw .nothingToSay }
        return converted
    }

    private static func voice(_ language: String) -> String? {
        switch language {
        case "pl": "pl"
        case "en": "en"
        default: nil
        }
    }
}

/// What one call has given so far.
private final class Collected {
    var samples: [Int16] = []
}

/// Called with a block of samples, or nil at the end; 0 means go on.
private nonisolated func collect(
    _ samples: UnsafeMutablePointer<Int16>?, _ count: Int32, _ events: UnsafeMutablePointer<espeak_EVENT>?
) -> Int32 {
    guard let samples, count > 0, let owner = events?.pointee.user_data else { return 0 }
    // because `speakNow` keeps the object alive until the library returns
    let sound = Unmanaged<Collected>.fromOpaque(owner).takeUnretainedValue()
    sound.samples += UnsafeBufferPointer(start: samples, count: Int(count))
    return 0
}
