// What can be read of an Opus packet without decoding it (RFC 6716 §3.1, §4.2).

enum OpusPacket {
    /// Whether it carries a coarse copy of the packet before (in-band FEC; "LBRR" in RFC 6716). Speech only: in pauses
    /// no encoder adds one. Packets of more than two frames (code 3) are taken for packets without.
    @_noLocks @_noAllocation
    static func hasRedundancy(_ payload: UnsafePointer<UInt8>, length: Int) -> Bool {
        guard length >= 2 else { return false }
        let configuration = Int(payload[0] >> 3)
        let code = payload[0] & 3
        // From 16 on it is CELT alone, which has no redundancy (RFC 6716 table 2).
        guard configuration < 16, code < 3 else { return false }
        // §3.2.4: with code 2 the first frame's length comes first, in two bytes from 252 on.
        let start = code < 2 ? 1 : payload[1] < 252 ? 2 : 3
        guard start < length else { return false }
        // §4.2.3: a bit of voice activity for each 20 ms, then the flag; for the second of two channels once more.
        // §3.1: 10, 20, 40 and 60 ms in speech alone, 10 and 20 together with music.
        let frames = configuration < 12 ? max(1, configuration & 3) : 1
        let isStereo = payload[0] & 4 != 0
        let first = payload[start] >> UInt8(7 - frames) & 1
        let second = isStereo ? payload[start] >> UInt8(max(0, 6 - 2 * frames)) & 1 : 0
        return first | second != 0
    }
}
