// From any usual sample rate to another, for whole sounds, by speexdsp.

import CSpeexDSP

/// Converts files and synthesised speech. Between 8 and 16 kHz `Upsampler` and `Downsampler` are cheaper.
public enum RateConverter {
    /// - Parameters:
    ///   - samples: mono, at `rate` samples a second.
    ///   - target: samples a second of the result, which begins at the same moment and is as long.
    /// - Returns: the samples themselves when nothing is to be done; nil when memory is short or a rate is 0.
    public static func convert(_ samples: [Int16], from rate: Int, to target: Int) -> [Int16]? {
        guard rate > 0, target > 0 else { return nil }
        guard rate != target, !samples.isEmpty else { return samples }
        var code: Int32 = 0
        guard let state = speex_resampler_init(1, UInt32(rate), UInt32(target), 8, &code) else { return nil }
        defer { speex_resampler_destroy(state) }
        speex_resampler_skip_zeros(state)
        let wanted = (samples.count * target + rate - 1) / rate
        // The filter gives its last samples only when silence follows.
        let padded = samples + [Int16](repeating: 0, count: Int(speex_resampler_get_input_latency(state)) + 64)
        var output = [Int16](repeating: 0, count: wanted + 256 * (target / rate + 1))
        var read = 0
        var written = 0
        padded.withUnsafeBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                guard let source = input.baseAddress, let sink = output.baseAddress else { return }
                while read < input.count, written < output.count {
                    var inputLength = UInt32(min(input.count - read, 65_536))
                    var outputLength = UInt32(min(output.count - written, 1 << 20))
                    let result = speex_resampler_process_int(
                        state, 0, source + read, &inputLength, sink + written, &outputLength)
                    guard result == 0, inputLength + outputLength > 0 else { return }
                    read += Int(inputLength)
                    written += Int(outputLength)
                }
            }
        }
        return Array(output.prefix(wanted))
    }
}
