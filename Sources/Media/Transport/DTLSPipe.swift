// OpenSSL's network: one datagram in, a few datagrams out, and a timer that is ours. No socket.

import COpenSSL
import Glibc

/// What a DTLS session reads from and writes to. It lives on the heap because OpenSSL keeps a pointer to it.
struct DTLSPipe {
    /// Bytes of a datagram that we send, within any path's MTU with room for tunnels.
    static let mtu = 1_200
    fileprivate static let capacity = 8 * 1_024

    /// The datagram being read; nil when it was.
    fileprivate var input: UnsafeRawBufferPointer?
    fileprivate let output = UnsafeMutableRawPointer.allocate(byteCount: DTLSPipe.capacity, alignment: 8)
    fileprivate var used = 0
    fileprivate var lengths = InlineArray<16, Int>(repeating: 0)
    fileprivate var count = 0
    /// OpenSSL's own expiry, in its memory; valid as long as the session.
    fileprivate var timer: UnsafeMutablePointer<timeval>?
    /// Whether a flight of ours waits for its answer.
    fileprivate(set) var isTimerSet = false
    /// Counts the settings of the timer.
    fileprivate(set) var timerSettings = 0

    fileprivate init() {}
}

extension UnsafeMutablePointer<DTLSPipe> {
    static func make() -> UnsafeMutablePointer<DTLSPipe> {
        let pipe = UnsafeMutablePointer<DTLSPipe>.allocate(capacity: 1)
        pipe.initialize(to: DTLSPipe())
        return pipe
    }

    /// Only after the session was freed.
    func free() {
        pointee.output.deallocate()
        deinitialize(count: 1)
        deallocate()
    }

    /// Gives the session one datagram to read; it must stay until the session was called.
    func setInput(_ datagram: UnsafeRawBufferPointer?) {
        pointee.input = datagram
    }

    /// Takes what the session wrote, one datagram a call of `body`.
    func drain(_ body: (UnsafeRawBufferPointer) -> Void) {
        var offset = 0
        for index in 0..<pointee.count {
            let length = pointee.lengths[index]
            body(UnsafeRawBufferPointer(start: pointee.output + offset, count: length))
            offset += length
        }
        pointee.count = 0
        pointee.used = 0
    }

    /// Lets OpenSSL's timer expire: it measures by the wall clock, we by our own.
    func expireTimer() {
        if let timer = pointee.timer { COpenSSL_expire(timer) }
    }

    fileprivate func read(_ buffer: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
        guard let input = pointee.input, let start = input.baseAddress else { return -1 }
        pointee.input = nil
        let length = min(input.count, capacity)
        buffer.copyMemory(from: start, byteCount: length)
        return length
    }

    /// A datagram that finds no room is lost; OpenSSL retransmits.
    fileprivate func write(_ bytes: UnsafeRawPointer, _ length: Int) {
        guard pointee.count < 16, length > 0, length <= DTLSPipe.capacity - pointee.used else { return }
        (pointee.output + pointee.used).copyMemory(from: bytes, byteCount: length)
        pointee.lengths[pointee.count] = length
        pointee.used += length
        pointee.count += 1
    }

    /// OpenSSL tells when its timer expires (all zero: never), by the address of its own field. The field is moved far
    /// away, so that only `expireTimer` lets it expire.
    fileprivate func timerChanged(_ expiry: UnsafeMutablePointer<timeval>) {
        pointee.timer = expiry
        pointee.isTimerSet = COpenSSL_isSet(expiry) != 0
        guard pointee.isTimerSet else { return }
        pointee.timerSettings += 1
        COpenSSL_putOff(expiry)
    }

    /// A BIO on this pipe. Nil when out of memory.
    func makeBIO() -> OpaquePointer? {
        guard let method = DTLSPipe.method, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, UnsafeMutableRawPointer(self))
        BIO_set_init(bio, 1)
        return bio
    }
}

extension DTLSPipe {
    /// OpenSSL's table of our four functions; made once, never freed. Unsafe because it is a C pointer; it is not
    /// changed after it was made.
    nonisolated(unsafe) fileprivate static let method: OpaquePointer? = {
        // BIO_TYPE_SOURCE_SINK is 0x0400, a macro that Swift does not see; the index is the next free one.
        guard let method = BIO_meth_new(BIO_get_new_index() | 0x0400, "centrala datagrams") else { return nil }
        BIO_meth_set_read(method, pipeRead)
        BIO_meth_set_write(method, pipeWrite)
        BIO_meth_set_ctrl(method, pipeControl)
        return method
    }()
}

/// The pipe of a BIO.
private func pipe(_ bio: OpaquePointer?) -> UnsafeMutablePointer<DTLSPipe>? {
    BIO_get_data(bio)?.assumingMemoryBound(to: DTLSPipe.self)
}

private func pipeRead(_ bio: OpaquePointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ capacity: Int32) -> Int32 {
    guard let pipe = pipe(bio), let buffer else { return -1 }
    COpenSSL_clearRetry(bio)
    let length = pipe.read(UnsafeMutableRawPointer(buffer), Int(capacity))
    if length < 0 { COpenSSL_setRetryRead(bio) }
    return Int32(length)
}

private func pipeWrite(_ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ length: Int32) -> Int32 {
    guard let pipe = pipe(bio), let bytes else { return -1 }
    COpenSSL_clearRetry(bio)
    pipe.write(UnsafeRawPointer(bytes), Int(length))
    return length
}

private func pipeControl(
    _ bio: OpaquePointer?, _ command: Int32, _ number: Int, _ pointer: UnsafeMutableRawPointer?
) -> Int {
    switch command {
    case BIO_CTRL_FLUSH: return 1
    case BIO_CTRL_DGRAM_QUERY_MTU, BIO_CTRL_DGRAM_GET_FALLBACK_MTU: return DTLSPipe.mtu
    // UDP's and IPv6's headers.
    case BIO_CTRL_DGRAM_GET_MTU_OVERHEAD: return 48
    case BIO_CTRL_DGRAM_SET_NEXT_TIMEOUT:
        guard let pipe = pipe(bio), let pointer else { return 0 }
        pipe.timerChanged(pointer.assumingMemoryBound(to: timeval.self))
        return 1
    default: return 0
    }
}
