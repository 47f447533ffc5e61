// Datagrams that wait to be sent. The engine fills it; the shell empties it.

import Glibc

/// A fixed number of datagrams with their destinations. Full, it drops and counts.
struct Outbox: ~Copyable {
    /// The longest datagram: an Ethernet frame's worth.
    static var datagramCapacity: Int { @_noLocks @_noAllocation get { 1_504 } }

    private struct Slot: BitwiseCopyable {
        var destination: SocketAddress
        var socket: Int32
        var length: Int16
        var isConnected: Bool
    }

    private let capacity: Int
    private let slots: UnsafeMutablePointer<Slot>
    private let bytes: UnsafeMutableRawPointer
    private(set) var count = 0
    /// Datagrams dropped because the box was full or they were too long.
    private(set) var dropped = 0

    init(capacity: Int = 1_024) {
        self.capacity = capacity
        slots = .allocate(capacity: capacity)
        bytes = .allocate(byteCount: capacity * Outbox.datagramCapacity, alignment: 64)
    }

    deinit {
        slots.deallocate()
        bytes.deallocate()
    }

    /// Half full: there is still room for what one packet or command causes in a bridge of hundreds.
    var isNearlyFull: Bool { @_noLocks @_noAllocation get { count > capacity / 2 } }

    /// Copies a datagram in. `socket` is the file descriptor it leaves from.
    @_noLocks @_noAllocation
    mutating func send(_ datagram: UnsafeRawBufferPointer, to destination: SocketAddress, socket: Int32) {
        send(datagram, to: destination, socket: socket, isConnected: false)
    }

    /// `isConnected`: the kernel knows the socket's peer, which is `destination`.
    @_noLocks @_noAllocation
    mutating func send(
        _ datagram: UnsafeRawBufferPointer, to destination: SocketAddress, socket: Int32, isConnected: Bool
    ) {
        guard count < capacity, datagram.count <= Outbox.datagramCapacity, let source = datagram.baseAddress else {
            dropped += 1
            return
        }
        (bytes + count * Outbox.datagramCapacity).copyMemory(from: source, byteCount: datagram.count)
        slots[count] = Slot(
            destination: destination, socket: socket, length: Int16(truncatingIfNeeded: datagram.count),
            isConnected: isConnected)
        count += 1
    }

    /// Takes all datagrams out, oldest first.
    mutating func drain(_ body: (UnsafeRawBufferPointer, SocketAddress, Int32) -> Void) {
        for index in 0..<count {
            let slot = slots[index]
            body(
                UnsafeRawBufferPointer(start: bytes + index * Outbox.datagramCapacity, count: Int(slot.length)),
                slot.destination, slot.socket)
        }
        count = 0
    }

    /// Sends all. Each leg has its own socket, so that one call takes one datagram: `sendmmsg` has nothing to gather.
    /// - Returns: how many the kernel refused (no route, no buffer); they are lost, as on any network.
    mutating func flush() -> Int {
        var refused = 0
        for index in 0..<count {
            let slot = slots[index]
            let bytes = UnsafeRawBufferPointer(
                start: bytes + index * Outbox.datagramCapacity, count: Int(slot.length))
            let isSent =
                slot.isConnected
                ? Outbox.sendConnected(bytes, socket: slot.socket)
                : Outbox.sendNamed(bytes, to: slot.destination, socket: slot.socket)
            if !isSent { refused += 1 }
        }
        count = 0
        return refused
    }

    /// A connected socket says here, once and instead of sending, that an earlier datagram met a closed port: this one
    /// goes out all the same, as it would without the connection.
    private static func sendConnected(_ datagram: UnsafeRawBufferPointer, socket: Int32) -> Bool {
        let flags = Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL)
        if Glibc.send(socket, datagram.baseAddress, datagram.count, flags) >= 0 { return true }
        return errno == ECONNREFUSED && Glibc.send(socket, datagram.baseAddress, datagram.count, flags) >= 0
    }

    private static func sendNamed(
        _ datagram: UnsafeRawBufferPointer, to destination: SocketAddress, socket: Int32
    ) -> Bool {
        var storage = sockaddr_storage()
        let length = destination.write(to: &storage)
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                sendto(
                    socket, datagram.baseAddress, datagram.count, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL), $0,
                    length) >= 0
            }
        }
    }
}
