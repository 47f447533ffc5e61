// G.729 at 8 kbit/s (ITU-T G.729 Annex A; RFC 3551 §4.5.6), by bcg729. Only in builds with the package trait G729, because that
// library is under the GPL; in all others nobody can make a decoder or an encoder, and the codec is not negotiated.

#if G729
    import CBcg729
#endif

/// A frame is 10 ms: 80 samples at 8 kHz, 10 octets. The last one in a packet may be two octets instead, which tell how the
/// pause sounds that begins (Annex B).
public enum G729 {
    static var frameSamples: Int { @_noLocks @_noAllocation get { 80 } }
    static var frameOctets: Int { @_noLocks @_noAllocation get { 10 } }
    private static var pauseOctets: Int { @_noLocks @_noAllocation get { 2 } }

    /// Whether this build speaks it.
    public static var isAvailable: Bool {
        #if G729
            true
        #else
            false
        #endif
    }

    /// The samples of a packet of so many octets; what is neither a frame nor the beginning of a pause counts nothing.
    @_noLocks @_noAllocation
    public static func sampleCount(octets: Int) -> Int {
        (octets / frameOctets + (endsInPause(octets: octets) ? 1 : 0)) * frameSamples
    }

    /// Whether a pause begins in a packet of so many octets.
    @_noLocks @_noAllocation
    public static func endsInPause(octets: Int) -> Bool { octets % frameOctets == pauseOctets }
}

#if G729

    /// One stream's decoder. 22 µs for 20 ms. Used by one thread at a time.
    public struct G729Decoder: ~Copyable {
        private let state: OpaquePointer
        /// The peer pauses: what `conceal` makes is how it says that its pause sounds.
        public private(set) var isPausing = false

        /// Nil when memory is short.
        public init?() {
            guard let made = initBcg729DecoderChannel() else { return nil }
            state = made
        }

        deinit { closeBcg729DecoderChannel(state) }

        /// Decodes the frames of a packet.
        /// - Parameter capacity: samples that fit into `samples`.
        /// - Returns: samples written, 0 for a payload that is not G.729.
        @_semantics("no_performance_analysis") @inline(never)
        public mutating func decode(
            _ payload: UnsafePointer<UInt8>, length: Int, into samples: UnsafeMutablePointer<Int16>, capacity: Int
        ) -> Int {
            let count = min(G729.sampleCount(octets: length), capacity / G729.frameSamples * G729.frameSamples)
            for frame in 0..<count / G729.frameSamples {
                let octets = payload + frame * G729.frameOctets
                let length = min(G729.frameOctets, length - frame * G729.frameOctets)
                isPausing = length < G729.frameOctets
                bcg729Decoder(
                    state, octets, UInt8(length), 0, isPausing ? 1 : 0, 0, samples + frame * G729.frameSamples)
            }
            return count
        }

        /// Invents `count` samples, of which it writes whole frames: sound that fades, or the noise of the pause
        /// that began.
        /// - Returns: samples written.
        @_semantics("no_performance_analysis") @inline(never)
        public mutating func conceal(into samples: UnsafeMutablePointer<Int16>, count: Int) -> Int {
            let frames = count / G729.frameSamples
            for frame in 0..<frames {
                bcg729Decoder(state, nil, 0, 1, 0, 0, samples + frame * G729.frameSamples)
            }
            return frames * G729.frameSamples
        }
    }

    /// One stream's encoder. 121 µs for 20 ms. Sends its pauses like all else (Annex B is left to who wants to). Used by one
    /// thread at a time.
    public struct G729Encoder: ~Copyable {
        private let state: OpaquePointer

        /// Nil when memory is short.
        public init?() {
            guard let made = initBcg729EncoderChannel(0) else { return nil }
            state = made
        }

        deinit { closeBcg729EncoderChannel(state) }

        /// Encodes `count` samples at 8 kHz, whole frames.
        /// - Returns: octets written, 10 a frame.
        @_semantics("no_performance_analysis") @inline(never)
        public mutating func encode(
            _ samples: UnsafePointer<Int16>, count: Int, into payload: UnsafeMutablePointer<UInt8>
        ) -> Int {
            let frames = count / G729.frameSamples
            var length: UInt8 = 0
            for frame in 0..<frames {
                bcg729Encoder(
                    state, samples + frame * G729.frameSamples, payload + frame * G729.frameOctets, &length)
            }
            return frames * G729.frameOctets
        }
    }

    // because the C state is reached only through this owner, which moves between threads whole
    extension G729Decoder: @unchecked Sendable {}
    // because the C state is reached only through this owner, which moves between threads whole
    extension G729Encoder: @unchecked Sendable {}

#else

    /// Nobody can make one in this build.
    public struct G729Decoder: ~Copyable, Sendable {
        public init?() { nil }

        public mutating func decode(
            _ payload: UnsafePointer<UInt8>, length: Int, into samples: UnsafeMutablePointer<Int16>, capacity: Int
        ) -> Int { 0 }

        public mutating func conceal(into samples: UnsafeMutablePointer<Int16>, count: Int) -> Int { 0 }
    }

    /// Nobody can make one in this build.
    public struct G729Encoder: ~Copyable, Sendable {
        public init?() { nil }

        public mutating func encode(
            _ samples: UnsafePointer<Int16>, count: Int, into payload: UnsafeMutablePointer<UInt8>
        ) -> Int { 0 }
    }

#endif
