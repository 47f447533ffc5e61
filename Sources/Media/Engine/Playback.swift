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

    /// Has at hand what `copy` reads first.
    func fetch() {
        if let program { Prefetch.fetch(program.playlist.prompts + Int(program.prompt), count: 1) }
    }

    /// Copies up to `count` octets of G.711 or G.722, of one prompt.
    /// - Returns: how many, and whether they are the prompt's first; nil at the end.
    mutating func copy(
        _ count: Int, _ codec: Codec, into payload: UnsafeMutablePointer<UInt8>
    ) -> (count: Int, isFirst: Bool)? {
        guard var current = program, !current.isOver else { return nil }
        let prompt = current.playlist.prompts[Int(current.prompt)]
        let step = min(count, Int(prompt.frames) * 160 - current.position)
        UnsafeMutableRawPointer(payload)
            .copyMemory(from: Playback.octets(of: prompt, codec) + current.position, byteCount: step)
        let isFirst = current.position == 0
        Playback.advance(&current, by: step)
        program = current
        return (step, isFirst)
    }

    private static func octets(of prompt: PromptView, _ codec: Codec) -> UnsafePointer<UInt8> {
        switch codec {
        case .pcma, .g729: prompt.pcma
        case .pcmu: prompt.pcmu
        case .g722: prompt.g722
        case .opus: preconditionFailure("Opus is copied packet by packet")
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
