// What a receiver asks for at once (RFC 4585): packets again (generic NACK), a whole picture (PLI).

/// One entry of a generic NACK (RFC 4585 §6.2.1): a lost packet, and which of the 16 after it are lost as well.
struct GenericNACK: Equatable, Sendable, BitwiseCopyable {
    static var length: Int { @_noLocks @_noAllocation get { 4 } }

    /// The lost packet's sequence number.
    var packet: UInt16
    /// Bit n (0 is the lowest): packet + n + 1 is lost too.
    var following: UInt16

    @_noLocks @_noAllocation
    init(packet: UInt16, following: UInt16 = 0) {
        self.packet = packet
        self.following = following
    }

    /// The caller has checked that four bytes follow `offset`.
    @_noLocks @_noAllocation
    init(reading bytes: UnsafeRawBufferPointer, at offset: Int) {
        packet = bytes.bigEndian16(at: offset)
        following = bytes.bigEndian16(at: offset + 2)
    }

    /// Writes four bytes.
    @_noLocks @_noAllocation
    func write(to destination: UnsafeMutableRawPointer) {
        destination.storeBigEndian16(packet, at: 0)
        destination.storeBigEndian16(following, at: 2)
    }

    /// Whether the packet of that number is asked for.
    @_noLocks @_noAllocation
    func contains(_ sequence: UInt16) -> Bool {
        let ahead = sequence &- packet
        return ahead == 0 || ahead <= 16 && following >> (ahead - 1) & 1 == 1
    }
}

/// The entries of one generic NACK, read in place.
struct GenericNACKs: BitwiseCopyable {
    private let bytes: UnsafeRawBufferPointer

    /// `entries` is a whole number of entries, at least one.
    @_noLocks @_noAllocation
    init(_ entries: UnsafeRawBufferPointer) { bytes = entries }

    var count: Int { @_noLocks @_noAllocation get { bytes.count / GenericNACK.length } }

    /// `index` is 0..<count.
    @_noLocks @_noAllocation
    func entry(at index: Int) -> GenericNACK {
        precondition(index >= 0 && index < count, "an entry beyond the packet was asked for")
        return GenericNACK(reading: bytes, at: index * GenericNACK.length)
    }
}

/// A feedback message: who sends it about which of our streams, and what it asks for.
struct RTCPFeedback: BitwiseCopyable {
    enum Message: BitwiseCopyable {
        /// Transport layer (205), format 1.
        case nack(GenericNACKs)
        /// Payload-specific (206), format 1.
        case pictureLoss
        /// Another format of 205 or 206: skipped.
        case other(type: UInt8, format: UInt8)
    }

    let sender: UInt32
    let media: UInt32
    let message: Message

    /// Nil when what it asks for does not fit its length. `packet` is a packet of type 205 or 206 without padding.
    @_noLocks @_noAllocation
    init?(parsing packet: UnsafeRawBufferPointer) {
        guard packet.count >= 12 else { return nil }
        let format = packet[0] & 0x1F
        sender = packet.bigEndian32(at: 4)
        media = packet.bigEndian32(at: 8)
        switch (packet[1], format) {
        case (205, 1):
            let length = packet.count - 12
            guard length > 0, length % GenericNACK.length == 0 else { return nil }
            message = .nack(GenericNACKs(packet.part(from: 12, length: length)))
        case (206, 1): message = .pictureLoss
        default: message = .other(type: packet[1], format: format)
        }
    }
}
