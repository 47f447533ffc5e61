// Payloads for the load generator (`payloads.h` says how they are written down).

import Glibc
import Media

enum PayloadFile {
    /// `speech` and `bursts`, each as `.pcma` and `.opus`.
    static func writeAll(to folder: String) throws {
        for (name, sound) in [("speech", Sound.speechLike(seconds: 10)), ("bursts", Sound.bursts(seconds: 10))] {
            let prompt = try Prompt(samples16k: sound)
            let view = prompt.view
            try write(.pcma, (0..<Int(view.frames)).map { pcma(view, $0) }, to: "\(folder)/\(name).pcma")
            try write(.opus, (0..<Int(view.frames)).map { opus(view, $0) }, to: "\(folder)/\(name).opus")
            withExtendedLifetime(prompt) {}
        }
    }

    private static func pcma(_ view: PromptView, _ frame: Int) -> [UInt8] {
        Array(UnsafeBufferPointer(start: view.pcma + frame * 160, count: 160))
    }

    private static func opus(_ view: PromptView, _ frame: Int) -> [UInt8] {
        let place = Int(view.opusOffsets[frame])
        return Array(
            UnsafeBufferPointer(start: view.opusBytes + place, count: Int(view.opusOffsets[frame + 1]) - place))
    }

    private static func write(_ codec: Codec, _ payloads: [[UInt8]], to path: String) throws {
        var bytes =
            [codec.defaultPayloadType, 0] + little(UInt16(payloads.count)) + little(UInt32(codec.clockRate / 50))
        for payload in payloads { bytes += little(UInt16(payload.count)) + payload }
        guard let file = fopen(path, "wb") else { throw BenchError.noFile(path) }
        defer { fclose(file) }
        guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw BenchError.noFile(path) }
    }

    private static func little<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }
}
