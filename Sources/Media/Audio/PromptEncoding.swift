// How a prompt's samples become payloads.

/// Encodes whole sounds into memory that the caller owns and frees with `deallocate()`.
enum PromptEncoding {
    /// Frames of the end that a looping sound's filters and encoder hear before its beginning.
    private static let leadIn = 5

    static func copy<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        elements.withUnsafeBufferPointer { source in
            for index in source.indices { (memory + index).initialize(to: source[index]) }
        }
        return UnsafePointer(memory)
    }

    /// The sound at 8 kHz, without the filter's delay: it is as long as before and in the same place.
    static func narrow(_ pcm: UnsafePointer<Int16>, frames: Int, seamless: Bool) -> [Int16] {
        let count = frames * Frame.sampleCount
        var filter = Downsampler()
        var scratch = InlineArray<160, Int16>(repeating: 0)
        return [Int16](unsafeUninitializedCapacity: count / 2 + 16) { output, initialised in
            guard let memory = output.baseAddress else { return }
            withUnsafeMutablePointer(to: &scratch) { scratch in
                let scratch = UnsafeMutableRawPointer(scratch).assumingMemoryBound(to: Int16.self)
                if seamless { filter.process(pcm + (count - Frame.sampleCount), count: 320, into: scratch) }
            }
            filter.process(pcm, count: count, into: memory)
            tail(pcm, seamless: seamless, filter: &filter, into: memory + count / 2)
            let shift = Downsampler.delay / 2
            for index in 0..<count / 2 { memory[index] = memory[index + shift] }
            initialised = count / 2
        }
    }

    /// The last 15 samples at 8 kHz come out only when something follows: the beginning again, or silence.
    private static func tail(
        _ pcm: UnsafePointer<Int16>, seamless: Bool, filter: inout Downsampler, into memory: UnsafeMutablePointer<Int16>
    ) {
        let following = InlineArray<32, Int16> { seamless ? pcm[$0] : 0 }
        withUnsafePointer(to: following) { following in
            let following = UnsafeRawPointer(following).assumingMemoryBound(to: Int16.self)
            filter.process(following, count: 32, into: memory)
        }
    }

    static func companded(_ narrow: [Int16], law: G711.Law) -> UnsafePointer<UInt8> {
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: narrow.count)
        narrow.withUnsafeBufferPointer { source in
            guard let samples = source.baseAddress else { return }
            G711.encode(samples, count: source.count, law: law, into: memory)
        }
        return UnsafePointer(memory)
    }

    /// 160 octets a frame, for a decoder that begins with the sound.
    static func g722(_ pcm: UnsafePointer<Int16>, frames: Int, seamless: Bool) -> UnsafePointer<UInt8> {
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: frames * 160)
        var encoder = G722Encoder()
        let lead = seamless ? min(leadIn, frames) : 0
        // What is written for the lead-in is overwritten.
        encoder.encode(pcm + (frames - lead) * Frame.sampleCount, count: lead * Frame.sampleCount, into: memory)
        encoder.encode(pcm, count: frames * Frame.sampleCount, into: memory)
        return UnsafePointer(memory)
    }

    /// One packet of 20 ms a frame, 24 kbit/s, each with a start of its own only at the sound's beginning.
    static func opus(
        _ pcm: UnsafePointer<Int16>, frames: Int, seamless: Bool
    ) throws(OpusError) -> (bytes: UnsafePointer<UInt8>, offsets: UnsafePointer<UInt32>) {
        var encoder = try OpusEncoder(sampleRate: Frame.sampleRate)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(frames * 64)
        var offsets: [UInt32] = [0]
        offsets.reserveCapacity(frames + 1)
        var payload = [UInt8](repeating: 0, count: OpusEncoder.maximumPayload)
        let first = seamless ? -min(leadIn, frames) : 0
        for frame in first..<frames {
            let place = frame < 0 ? frames + frame : frame
            let length = payload.withUnsafeMutableBufferPointer { buffer -> Int in
                guard let memory = buffer.baseAddress else { return 0 }
                return encoder.encode(
                    pcm + place * Frame.sampleCount, count: Frame.sampleCount, into: memory, capacity: buffer.count)
            }
            guard length > 0 else { throw OpusError(code: -3) }
            guard frame >= 0 else { continue }
            bytes += payload[..<length]
            offsets.append(UInt32(bytes.count))
        }
        return (copy(bytes), copy(offsets))
    }
}
