// Prompts in the order in which they are played.

/// What the media thread needs to play a playlist; valid as long as its `Playlist` lives.
public struct PlaylistView: Sendable, BitwiseCopyable {
    // because the memory is written before the view exists, never changed, and owned by the `Playlist`
    public nonisolated(unsafe) let prompts: UnsafePointer<PromptView>
    public let count: Int32
    /// After the last prompt the first one comes again.
    public let loops: Bool
}

/// Keeps its prompts alive. Keep it alive while a media thread may play its view.
public final class Playlist: Sendable {
    public let view: PlaylistView
    private let prompts: [Prompt]

    /// - Parameter prompts: may be empty: nothing sounds, and the end is reported at once.
    public init(_ prompts: [Prompt], loops: Bool = false) {
        self.prompts = prompts
        view = PlaylistView(
            prompts: PromptEncoding.copy(prompts.map(\.view)), count: Int32(prompts.count), loops: loops)
    }

    deinit { view.prompts.deallocate() }

    /// Once through, in whole 20 ms.
    public var duration: Duration { prompts.reduce(.zero) { $0 + $1.duration } }
}
