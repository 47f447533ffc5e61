// A prompt as a sound that a person can play and measure.

extension Prompt {
    /// Mono at 16 kHz, up to the end of the last frame.
    public var samples: [Int16] {
        Array(UnsafeBufferPointer(start: view.pcm, count: Int(view.frames) * Frame.sampleCount))
    }

    /// A whole WAV file: 16 kHz, mono, 16 bits.
    public var wav: [UInt8] { WAVBytes.of(samples) }
}

/// WAV files in memory.
public enum WAVBytes {
    /// A whole file: 16 kHz, mono, 16 bits.
    public static func of(_ sound: [Int16]) -> [UInt8] {
        let length = UInt32(sound.count * 2)
        func bytes(_ value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        let rate = UInt32(Frame.sampleRate)
        let head: [[UInt8]] = [
            Array("RIFF".utf8), bytes(length + 36), Array("WAVEfmt ".utf8), bytes(UInt32(16)), bytes(UInt16(1)),
            bytes(UInt16(1)), bytes(rate), bytes(rate * 2), bytes(UInt16(2)), bytes(UInt16(16)), Array("data".utf8),
            bytes(length),
        ]
        return head.flatMap { $0 } + sound.flatMap { bytes($0) }
    }
}
