// Payloads of one side become samples, whatever codec they come in.

import Media

/// Decodes in the order of the sound and invents what is missing. One per side.
struct PayloadDecoder: ~Copyable {
    /// 8,000 or 16,000.
    private let sampleRate: Int
    /// For G.711, at 8 kHz.
    private var concealment = Concealment()
    private var upsampler = Upsampler()
    private var g722: G722Decoder
    /// For G.722, at the recording's rate.
    private var wideConcealment: Concealment
    private var opus: OpusDecoder?
    private var g729: G729Decoder?
    private var lastCodec: Codec?
    private var scratch = [Int16](repeating: 0, count: 2_048)

    init(sampleRate: Int) {
        self.sampleRate = sampleRate
        let rate = sampleRate == 16_000 ? MixRate.wide : .narrow
        g722 = G722Decoder(rate: rate)
        wideConcealment = Concealment(rate: rate)
    }

    /// Appends the payload's samples to `output`.
    /// - Returns: how many; 0 for a payload that is not of its codec.
    mutating func decode(_ payload: HeldPayload, to output: inout [Int16]) -> Int {
        if payload.codec.family != lastCodec?.family { reset() }
        lastCodec = payload.codec
        switch payload.codec {
        case .pcma: return companded(payload.bytes, law: .a, to: &output)
        case .pcmu: return companded(payload.bytes, law: .mu, to: &output)
        case .opus: return packet(payload.bytes, to: &output)
        case .g722: return wide(payload.bytes, to: &output)
        case .g729: return frames(payload.bytes, to: &output)
        }
    }

    /// Appends `count` invented samples that go on from what was decoded last.
    mutating func conceal(_ count: Int, to output: inout [Int16]) {
        let before = output.count
        switch lastCodec {
        case .pcma, .pcmu:
            let narrow = min(count * 8_000 / sampleRate, scratch.count)
            // because `scratch` is never empty
            scratch.withUnsafeMutableBufferPointer { concealment.conceal(into: $0.baseAddress!, count: narrow) }
            emit(narrow, to: &output)
        case .opus: invent(count, to: &output)
        case .g722: inventWide(count, to: &output)
        case .g729: inventFrames(count, to: &output)
        case nil: break
        }
        if output.count < before + count {
            output += [Int16](repeating: 0, count: before + count - output.count)
        }
    }

    /// Restores the lost packet of `count` samples from the next one's copy of it.
    /// - Returns: false when that cannot be; nothing was appended then.
    mutating func recover(_ count: Int, from next: HeldPayload, to output: inout [Int16]) -> Bool {
        guard next.codec == .opus, lastCodec == .opus, opus != nil, count <= scratch.count else { return false }
        let written = scratch.withUnsafeMutableBufferPointer { samples in
            next.bytes.withUnsafeBufferPointer { bytes in
                guard let payload = bytes.baseAddress, let sink = samples.baseAddress else { return 0 }
                return opus?.recover(fromNext: payload, length: bytes.count, into: sink, count: count) ?? 0
            }
        }
        guard written == count else { return false }
        output += scratch[..<written]
        return true
    }

    /// Silence lies between what was and what comes.
    mutating func reset() {
        concealment.reset()
        upsampler.reset()
        wideConcealment.reset()
        g722.reset()
        opus?.reset()
    }

    private mutating func companded(_ bytes: [UInt8], law: G711.Law, to output: inout [Int16]) -> Int {
        guard !bytes.isEmpty, bytes.count <= scratch.count else { return 0 }
        scratch.withUnsafeMutableBufferPointer { samples in
            bytes.withUnsafeBufferPointer { codes in
                // because neither is empty
                G711.decode(codes.baseAddress!, count: codes.count, law: law, into: samples.baseAddress!)
            }
            concealment.received(samples.baseAddress!, count: bytes.count)
        }
        return emit(bytes.count, to: &output)
    }

    /// `count` samples at 8 kHz leave `scratch` at the recording's rate.
    @discardableResult
    private mutating func emit(_ count: Int, to output: inout [Int16]) -> Int {
        guard sampleRate == 16_000 else {
            output += scratch[..<count]
            return count
        }
        var wide = [Int16](repeating: 0, count: 2 * count)
        scratch.withUnsafeBufferPointer { narrow in
            wide.withUnsafeMutableBufferPointer { wide in
                guard let source = narrow.baseAddress, let sink = wide.baseAddress else { return }
                upsampler.process(source, count: count, into: sink)
            }
        }
        output += wide
        return 2 * count
    }

    private mutating func wide(_ bytes: [UInt8], to output: inout [Int16]) -> Int {
        guard !bytes.isEmpty, bytes.count * g722.rate.scale <= scratch.count else { return 0 }
        let count = scratch.withUnsafeMutableBufferPointer { samples in
            bytes.withUnsafeBufferPointer { octets in
                // because neither is empty
                let count = g722.decode(octets.baseAddress!, count: octets.count, into: samples.baseAddress!)
                wideConcealment.received(samples.baseAddress!, count: count)
                return count
            }
        }
        output += scratch[..<count]
        return count
    }

    private mutating func inventWide(_ count: Int, to output: inout [Int16]) {
        if !wideConcealment.isActive { g722.noteLoss() }
        let fitting = min(count, scratch.count)
        // because `scratch` is never empty
        scratch.withUnsafeMutableBufferPointer { wideConcealment.conceal(into: $0.baseAddress!, count: fitting) }
        output += scratch[..<fitting]
    }

    /// Without the library nobody decodes them: they are silence, and the report says so.
    private mutating func frames(_ bytes: [UInt8], to output: inout [Int16]) -> Int {
        if g729 == nil { g729 = G729Decoder() }
        let count = scratch.withUnsafeMutableBufferPointer { samples in
            bytes.withUnsafeBufferPointer { bytes in
                guard let payload = bytes.baseAddress, let sink = samples.baseAddress else { return 0 }
                return g729?.decode(payload, length: bytes.count, into: sink, capacity: samples.count) ?? 0
            }
        }
        return emit(count, to: &output)
    }

    private mutating func inventFrames(_ count: Int, to output: inout [Int16]) {
        let narrow = min(count * 8_000 / sampleRate, scratch.count)
        let made = scratch.withUnsafeMutableBufferPointer { samples in
            samples.baseAddress.map { g729?.conceal(into: $0, count: narrow) ?? 0 } ?? 0
        }
        emit(made, to: &output)
    }

    private mutating func packet(_ bytes: [UInt8], to output: inout [Int16]) -> Int {
        if opus == nil { opus = try? OpusDecoder(sampleRate: sampleRate) }
        let count = scratch.withUnsafeMutableBufferPointer { samples in
            bytes.withUnsafeBufferPointer { bytes in
                guard let payload = bytes.baseAddress, let sink = samples.baseAddress else { return 0 }
                return opus?.decode(payload, length: bytes.count, into: sink, capacity: samples.count) ?? 0
            }
        }
        output += scratch[..<count]
        return count
    }

    private mutating func invent(_ count: Int, to output: inout [Int16]) {
        let step = sampleRate / 400
        let whole = min((count + step - 1) / step * step, scratch.count)
        let written = scratch.withUnsafeMutableBufferPointer { samples in
            samples.baseAddress.map { opus?.conceal(into: $0, count: whole) ?? 0 } ?? 0
        }
        output += scratch[..<min(written, count)]
    }
}

extension Codec {
    /// Codecs of one family go on where another of it was: both laws of G.711 share their concealment.
    fileprivate var family: Codec {
        switch self {
        case .pcma, .pcmu: .pcma
        case .opus: .opus
        case .g722: .g722
        case .g729: .g729
        }
    }
}
