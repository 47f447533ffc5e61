// The codec alone, without a network or a buffer: what no listener can exceed.

import Media

extension Sending {
    /// The scored part as it is decoded when every packet is there.
    func decoded() throws -> [Int16] {
        var decoder = codec == .opus ? try OpusDecoder(sampleRate: Ear.sampleRate) : nil
        var g722 = G722Decoder(rate: .narrow)
        var sound: [Int16] = []
        for packet in packets {
            let bytes = Array(packet.payload)
            var frame = [Int16](repeating: 0, count: Ear.sampleCount)
            switch codec {
            case .pcma, .pcmu: G711.decode(bytes, count: bytes.count, law: codec == .pcma ? .a : .mu, into: &frame)
            case .g722: g722.decode(bytes, count: bytes.count, into: &frame)
            case .g729: preconditionFailure("not among the encodings")
            case .opus: _ = decoder?.decode(bytes, length: bytes.count, into: &frame, capacity: frame.count)
            }
            sound += frame
        }
        let first = scoredFrom * Ear.sampleCount
        return Array(sound[first..<min(sound.count, first + scoredCount * Ear.sampleCount + Listening.slack)])
    }
}
