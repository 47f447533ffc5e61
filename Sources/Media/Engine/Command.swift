// What signalling tells a media engine.

/// An order to a media engine. An order that names a leg which is gone does nothing.
public enum Command: Sendable, BitwiseCopyable {
    /// The engine uses the leg until it gives it back in `.removed` or `.detached`. A leg that was detached goes on as
    /// if nothing had been.
    case add(LegPointer)
    /// Gives the leg back in `.detached`, to be added to another thread. It leaves its bridge; all else goes on there.
    case detach(LegID)
    /// Says goodbye (RTCP BYE), ends bridge and playing, and gives the leg back in `.removed`.
    case remove(LegID)
    /// After a re-negotiation. The pointer comes back in `.updated`, to be freed.
    case update(LegID, LegUpdatePointer)
    /// Replaces what plays. Each token is answered once: by `.played` when all was sent, by `.stopped` when something
    /// else ended it. Until then the playlist must live.
    case play(LegID, PlaylistView, token: UInt32)
    case stopPlaying(LegID)
    /// The leg enters the bridge, and leaves the one that it was in; in the same bridge it only changes its role. Who is
    /// alone in a bridge hears nothing. What plays to a leg goes on and hides the others until it ends.
    case join(LegID, BridgeID, BridgeRole)
    /// The leg leaves its bridge; the others stay.
    case leave(LegID)
    /// The two hear each other, in a bridge without a number, and leave those that they were in.
    case bridge(LegID, LegID)
    /// Ends the bridge that the leg is in, for all.
    case unbridge(LegID)
    /// What this leg says is heard by nobody and not recorded. Who hears nobody else gets silence.
    case mute(LegID, Bool)
    /// What this leg says is cleaned for whoever hears it, or, with an empty pointer, no longer; recorded is what came.
    /// It is then decoded and encoded again, with 10 ms of delay and that of the jitter buffer.
    case clean(LegID, CleanerPointer)
    /// Sends keys: RFC 4733, or tones where telephone-event was not negotiated. What the leg hears pauses meanwhile.
    case sendDigits(LegID, DigitString)
    /// Received payloads go to the tap as `.left`, sent ones as `.right`, under this number.
    case record(LegID, recording: UInt32)
    case stopRecording(LegID)
    /// Ends the thread. Legs still there are given back first.
    case stop
}
