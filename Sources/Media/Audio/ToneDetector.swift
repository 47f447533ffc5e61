// DTMF in band (ITU-T Q.23, Q.24), by spandsp; only for peers that did not negotiate telephone-event.

import CSpanDSP

/// Finds key tones in one stream of 8 kHz samples: from 40 ms on, each press once. About 2.3 µs a frame.
public struct ToneDetector: ~Copyable {
    private let state: OpaquePointer

    /// - Returns: nil when memory is short.
    public init?() {
        guard let made = dtmf_rx_init(nil, nil, nil) else { return nil }
        // Q.24 wants a high tone heard that is 8 dB weaker or 4 dB stronger; spandsp's own limits are just those, and short
        // presses miss them by a decibel.
        dtmf_rx_parms(made, -1, 10, 5, -99)
        state = made
    }

    deinit { dtmf_rx_free(state) }

    /// Listens to `count` samples at 8 kHz.
    /// - Returns: the ASCII character of the key that was recognised in them (`0`…`9`, `*`, `#`, `A`…`D`), if any. Two
    ///   presses are at least 80 ms apart, so that up to 60 ms hold at most one.
    @_semantics("no_performance_analysis") @inline(never)
    public mutating func detect(_ samples: UnsafePointer<Int16>, count: Int) -> UInt8? {
        _ = dtmf_rx(state, samples, Int32(count))
        var digits: (CChar, CChar) = (0, 0)
        let found = withUnsafeMutablePointer(to: &digits) { memory in
            memory.withMemoryRebound(to: CChar.self, capacity: 2) { dtmf_rx_get(state, $0, 1) }
        }
        return found > 0 ? UInt8(bitPattern: digits.0) : nil
    }
}

// because the C state is reached only through this owner, which moves between threads whole
extension ToneDetector: @unchecked Sendable {}
