// A media thread and a recorder, as the server has them.

@preconcurrency import Glibc
import Media
import Recorder
import Timing

/// Plays the part of signalling: one thread uses it.
final class BenchEngine {
    let thread: MediaThread
    let recorder: Recorder
    private var numbers = LegNumbers()
    private var nextRecording: UInt32 = 1

    /// Journals go to `folder`, which exists.
    init(folder: String) throws {
        thread = try MediaThread()
        try thread.start()
        recorder = Recorder(directory: folder, taps: [thread.taps]) { problem in
            fputs("\(problem)\n", stderr)
        }
        recorder.start()
    }

    func stop() {
        thread.stop()
        recorder.stop()
    }

    func post(_ command: Command) {
        while !thread.send(command) {}
    }

    /// Makes a leg and gives it to the media thread.
    func add(_ plan: MediaPlan, sockets: MediaSockets, certificate: DTLSCertificate? = nil) throws -> LegID {
        guard let id = numbers.take() else { throw BenchError.tooFewLegs }
        post(.add(try Leg.make(id: id, plan: plan, sockets: sockets, certificate: certificate)))
        return id
    }

    /// What `.removed` asks for.
    func takeBack(_ leg: LegPointer, _ id: LegID) {
        leg.sockets.close()
        leg.free()
        numbers.giveBack(id)
    }

    /// Records a leg from now on.
    func record(_ leg: LegID) -> UInt32 {
        let recording = nextRecording
        nextRecording += 1
        recorder.open(
            recording, contact: "bench-\(recording)", startedAt: Clock.unixMilliseconds(), origin: Clock.monotonic())
        post(.record(leg, recording: recording))
        return recording
    }

    static func plan(_ codec: Codec, to port: UInt16, security: MediaSecurity = .plain) -> MediaPlan {
        MediaPlan(
            codecs: [CodecBinding(codec: codec, payloadType: codec.defaultPayloadType)],
            telephoneEvents: [TelephoneEventBinding(payloadType: 101, clockRate: codec.clockRate)],
            remoteRTP: SocketAddress(ip: "127.0.0.1", port: port), rtcpMux: true, security: security)
    }
}

enum Memory {
    /// Resident memory of this process (/proc/self/statm, in pages).
    static func kilobytes() -> Int {
        guard let file = fopen("/proc/self/statm", "r") else { return 0 }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, 128, file) != nil else { return 0 }
        let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            .split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * sysconf(Int32(_SC_PAGESIZE)) / 1_024 : 0
    }
}
