// Playing prompts: payloads that were encoded beforehand are copied into packets.

/// Where in its playlist a leg is.
struct Playback: BitwiseCopyable {
    /// What plays now.
    struct Program: BitwiseCopyable {
        let playlist: PlaylistView
        let token: UInt32
        /// 0..<`playlist.count`; equal to it when all was sent.
        var prompt: Int32 = 0
        /// Samples at 8 kHz of the prompt that were sent; 160 a frame.
        var position = 0

        var isOver: Bool { @_noLocks @_noAllocation get { prompt >= playlist.count } }
    }

    private(set) var program: Program?

    var isPlaying: Bool { @_noLocks @_noAllocation get { program != nil } }

    /// The token of what is replaced, if any.
    @_noLocks @_noAllocation
    mutating func start(_ playlist: PlaylistView, token: UInt32) -> UInt32? {
        let replaced = stop()
        program = Program(playlist: playlist, token: token)
        return replaced
    }

    /// The token of what is stopped, if any.
    @_noLocks @_noAllocation
    mutating func stop() -> UInt32? {
        guard let stopped = program else { return nil }
        program = nil
        return stopped.token
    }

    /// The token, once, when all was sent.
    @_noLocks @_noAllocation
    mutating func takeEnd() -> UInt32? {
        guard let program, program.isOver else { return nil }
        return stop()
    }

    /// Copies `count` codes; whatever lies behind the end is silence.
    mutating func copy(_ count: Int, law: G711.Law, into payload: UnsafeMutablePointer<UInt8>) {
        var done = 0
        while done < count, var current = program, !current.isOver {
            let prompt = current.playlist.prompts[Int(current.prompt)]
            let step = min(count - done, Int(prompt.frames) * 160 - current.position)
            let codes = law == .a ? prompt.pcma : prompt.pcmu
            UnsafeMutableRawPointer(payload + done).copyMemory(from: codes + current.position, byteCount: step)
            done += step
            Playback.advance(&current, by: step)
            program = current
        }
        while done < count {
            payload[done] = G711.silence(law)
            done += 1
        }
    }

    /// Copies the next Opus packet of 20 ms; its bytes, 0 at the end.
    @_noLocks @_noAllocation
    mutating func copyOpus(into payload: UnsafeMutablePointer<UInt8>, capacity: Int) -> Int {
        guard var current = program, !current.isOver else { return 0 }
        let prompt = current.playlist.prompts[Int(current.prompt)]
        let frame = current.position / 160
        let begin = Int(prompt.opusOffsets[frame])
        let length = Int(prompt.opusOffsets[frame + 1]) - begin
        // A prompt may have begun in G.711 packets of 10 or 30 ms: Opus goes on at a frame's beginning.
        Playback.advance(&current, by: 160 - current.position % 160)
        program = current
        guard length <= capacity else { return 0 }
        UnsafeMutableRawPointer(payload).copyMemory(from: prompt.opusBytes + begin, byteCount: length)
        return length
    }

    @_noLocks @_noAllocation
    private static func advance(_ program: inout Program, by samples: Int) {
        program.position += samples
        guard program.position >= Int(program.playlist.prompts[Int(program.prompt)].frames) * 160 else { return }
        program.position = 0
        program.prompt += 1
        if program.isOver, program.playlist.loops { program.prompt = 0 }
    }
}
