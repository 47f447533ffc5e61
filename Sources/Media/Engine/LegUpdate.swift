// What a re-negotiation brings to a leg that is in use.

/// The new plan, with the memory it needs; made and freed by signalling.
struct LegUpdate: ~Copyable {
    let plan: MediaPlan
    let ice: ICECredentials?
    let payloads: PayloadMap
    let choice: CodecChoice
    /// New codec states; after the update, the old ones, to be freed with it.
    var opusDecoder: OpusDecoder?
    var opusEncoder: OpusEncoder?
    var g729Decoder: G729Decoder?
    var g729Encoder: G729Encoder?
    var seam: G722Seam?
    var toneDetector: ToneDetector?
}

/// A `LegUpdate` on its way through the rings.
public struct LegUpdatePointer: Sendable, BitwiseCopyable {
    // because the two threads own it in turn: signalling until `.update`, the media thread until `.updated`
    nonisolated(unsafe) let pointer: UnsafeMutablePointer<LegUpdate>

    /// `ice`: our credentials, when they changed.
    public static func make(plan: MediaPlan, ice: ICECredentials? = nil) throws(LegError) -> LegUpdatePointer {
        let sound = try LegSound(plan)
        let pointer = UnsafeMutablePointer<LegUpdate>.allocate(capacity: 1)
        pointer.initialize(
            to: LegUpdate(
                plan: plan, ice: ice, payloads: PayloadMap(plan), choice: CodecChoice(plan),
                opusDecoder: sound.opusDecoder, opusEncoder: sound.opusEncoder, g729Decoder: sound.g729Decoder,
                g729Encoder: sound.g729Encoder, seam: sound.seam, toneDetector: sound.toneDetector))
        return LegUpdatePointer(pointer: pointer)
    }

    /// After `.updated`, once.
    public func free() {
        pointer.deinitialize(count: 1)
        pointer.deallocate()
    }
}

/// The states of codecs that a plan needs.
struct LegSound: ~Copyable {
    var opusDecoder: OpusDecoder?
    var opusEncoder: OpusEncoder?
    var g729Decoder: G729Decoder?
    var g729Encoder: G729Encoder?
    var seam: G722Seam?
    var toneDetector: ToneDetector?

    init(_ plan: MediaPlan) throws(LegError) {
        guard !plan.codecs.isEmpty else { throw .noCodec }
        let hasOpus = plan.codecs.contains { $0.codec == .opus }
        do {
            opusDecoder = hasOpus ? try OpusDecoder(sampleRate: MixRate.narrow.sampleRate) : nil
            opusEncoder =
                try hasOpus
                ? OpusEncoder(
                    sampleRate: MixRate.narrow.sampleRate, expectedLoss: 5, leavesPausesOut: plan.leavesPausesOut)
                : nil
        } catch {
            throw .opus(error)
        }
        let hasG729 = plan.codecs.contains { $0.codec == .g729 }
        g729Decoder = hasG729 ? G729Decoder() : nil
        g729Encoder = hasG729 ? G729Encoder() : nil
        seam = plan.codecs.contains { $0.codec == .g722 } ? G722Seam() : nil
        toneDetector = PayloadMap(plan).bringsKeysInBand ? ToneDetector() : nil
    }
}

/// Why a leg cannot be made.
public enum LegError: Error, Sendable {
    /// The plan has no codec.
    case noCodec
    case opus(OpusError)
    /// The path cannot be made: no certificate, no fingerprint or no DTLS session.
    case transport
}
