// Text to speech, whoever does it.

/// Turns text into sound. `ESpeak` does it here; tests bring one that counts and fails.
public protocol Synthesizer: Sendable {
    /// Name, version and voices: speech in the cache is used only while this stays the same.
    var identity: String { get }

    /// Mono at 16 kHz, at whatever loudness comes out.
    func speak(_ text: SpokenText) async throws(SpeechError) -> [Int16]
}
