// What a media thread does, over and over: sockets, commands, clock, sockets.

import CLinux
import Glibc
import Timing

/// The thread's own state. Lives on its stack.
struct MediaLoop: ~Copyable {
    /// From this many legs on, the thread naps until the next millisecond instead of waking for each packet: a packet
    /// waits half a millisecond on average. Measured with relayed calls (`centrala-bench`, milli-cores a call, woken and
    /// napping): 30 legs 3.4 and 1.6, 100 legs 2.4 and 1.0, 400 legs 1.9 and 0.5. Up to 8 legs it saves nothing.
    private static let nappingLegs = 16
    private static let batch = 256
    /// Rounds over the sockets before the clock has its turn: a flood on one port cannot stop it.
    private static let rounds = 16
    private static let receiveCapacity = 2_048
    /// The longest datagram that is looked at.
    private static let longestDatagram = 1_500
    private static let wakeUpTag = UInt64.max
    private static let rtcpBit: UInt64 = 1 << 32
    /// One moment on both clocks for all threads, so that the sender reports of a leg that moves go on by the same clock.
    private static let began = (at: Clock.monotonic(), unixMilliseconds: Clock.unixMilliseconds())

    private let thread: MediaThread
    private let set: Int32
    private var engine: MediaEngine
    private var outbox = Outbox()
    private let ready: UnsafeMutablePointer<epoll_event>
    private let buffer: UnsafeMutableRawPointer
    private var isRunning = true

    /// Everything is made before the first property is set: reading one in between makes Swift 6.3's optimiser destroy
    /// an engine that is not there yet.
    init(thread: MediaThread) {
        let made = epoll_create1(Int32(EPOLL_CLOEXEC))
        precondition(made >= 0, "the kernel gives no epoll set")
        _ = clinux_epoll_add(made, thread.wakeUp, MediaLoop.wakeUpTag)
        self.thread = thread
        set = made
        engine = MediaEngine(
            capacity: MediaThread.capacity, events: thread.events, taps: thread.taps, now: MediaLoop.began.at,
            unixMilliseconds: MediaLoop.began.unixMilliseconds, seed: .random(in: .min ... .max))
        ready = .allocate(capacity: MediaLoop.batch)
        buffer = .allocate(byteCount: MediaLoop.receiveCapacity, alignment: 16)
    }

    deinit {
        close(set)
        ready.deallocate()
        buffer.deallocate()
    }

    mutating func run() {
        while isRunning {
            wait()
            receiveAll()
            carryOutCommands()
            tick()
            finish()
        }
        repeat {
            engine.removeAll(now: Clock.monotonic(), outbox: &outbox)
            finish()
        } while engine.counters[.legs] > 0
    }

    /// Until a packet, a command or the clock wants something.
    private func wait() {
        guard let deadline = engine.deadline else {
            // Some may be left from a time without room for their answers; they ring no more.
            if thread.commands.isEmpty { _ = clinux_wait(set, -1) }
            return
        }
        let now = Clock.monotonic()
        let left = deadline.nanoseconds - now.nanoseconds
        guard left > 0 else { return }
        guard engine.counters[.legs] >= MediaLoop.nappingLegs else {
            _ = clinux_wait(set, left)
            return
        }
        let end = engine.napEnd(at: now)
        var until = timespec(
            tv_sec: Int(end.nanoseconds / 1_000_000_000), tv_nsec: Int(end.nanoseconds % 1_000_000_000))
        _ = clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nil)
    }

    /// One datagram a socket and round: asking again whether there is more costs less per set than per socket.
    private mutating func receiveAll() {
        for _ in 0..<MediaLoop.rounds {
            let count = epoll_wait(set, ready, Int32(MediaLoop.batch), 0)
            guard count > 0 else { return }
            // What was ordered before these packets were sent is in force before they are taken: none overtakes a bridge.
            carryOutCommands()
            let now = Clock.monotonic()
            for index in 0..<Int(count) {
                if index + 1 < Int(count) { engine.fetch(Int(clinux_epoll_tag(ready + index + 1) & 0xFFFF)) }
                receive(clinux_epoll_tag(ready + index), now: now)
            }
        }
    }

    private mutating func receive(_ tag: UInt64, now: Instant) {
        if tag == MediaLoop.wakeUpTag {
            var rings: UInt64 = 0
            _ = read(thread.wakeUp, &rings, 8)
            return
        }
        let slot = Int(tag & 0xFFFF)
        let isRTCP = tag & MediaLoop.rtcpBit != 0
        guard let leg = engine.leg(at: slot) else { return }
        let sockets = leg.pointee.sockets
        var storage = sockaddr_storage()
        let (length, source) = MediaLoop.take(from: isRTCP ? sockets.rtcp : sockets.rtp, into: buffer, &storage)
        guard length > 0, let source else { return }
        guard length <= MediaLoop.longestDatagram else { return engine.counters.count(.datagramsTruncated) }
        engine.receive(
            UnsafeMutableRawBufferPointer(start: buffer, count: length), capacity: MediaLoop.receiveCapacity,
            slot: slot, from: source, isRTCPSocket: isRTCP, now: now, outbox: &outbox)
        if case .latched = leg.pointee.route { connect(leg) }
        if outbox.isNearlyFull { flush() }
    }

    /// A plain path has latched: the kernel may know it too. Sending costs a tenth less.
    private func connect(_ leg: UnsafeMutablePointer<Leg>) {
        guard let peer = leg.pointee.transport.remoteRTP else { return }
        let result = peer.withSockaddr { Glibc.connect(leg.pointee.sockets.rtp, $0, $1) }
        leg.pointee.route = result == 0 ? .connected : .fixed
    }

    /// What waits goes to the old peer; then anybody may reach the socket again, and the latch decides.
    private mutating func disconnect(_ leg: UnsafeMutablePointer<Leg>) {
        guard leg.pointee.route.isConnected else { return }
        flush()
        var nobody = sockaddr()
        nobody.sa_family = sa_family_t(AF_UNSPEC)
        _ = Glibc.connect(leg.pointee.sockets.rtp, &nobody, socklen_t(MemoryLayout<sockaddr>.size))
        leg.pointee.route = .open
    }

    /// One datagram and where it came from; 0 or less when there is none.
    private static func take(
        from socket: Int32, into buffer: UnsafeMutableRawPointer, _ storage: inout sockaddr_storage
    ) -> (Int, SocketAddress?) {
        withUnsafeMutablePointer(to: &storage) { pointer in
            var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let length = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                recvfrom(
                    socket, buffer, MediaLoop.receiveCapacity,
                    Int32(MSG_DONTWAIT) | Int32(MSG_TRUNC), $0, &size)
            }
            return (length, length > 0 ? SocketAddress(reading: pointer) : nil)
        }
    }

    private mutating func carryOutCommands() {
        while engine.hasRoomForAnswer, let command = thread.commands.pop() {
            switch command {
            case .add(let leg): watch(leg)
            case .remove(let id), .detach(let id): if let leg = engine.leg(id) { unwatch(leg.pointee.sockets) }
            case .update(let id, _): if let leg = engine.leg(id) { disconnect(leg) }
            case .stop: isRunning = false
            case .play, .stopPlaying, .join, .leave, .bridge, .unbridge, .mute, .clean, .sendDigits, .record,
                .stopRecording:
                break
            }
            engine.handle(command, now: Clock.monotonic(), outbox: &outbox)
            if outbox.isNearlyFull || !engine.hasRoomForAnswer { flush() }
        }
    }

    private func watch(_ leg: LegPointer) {
        let sockets = leg.sockets
        let tag = UInt64(leg.id.slot)
        if sockets.rtp >= 0 { _ = clinux_epoll_add(set, sockets.rtp, tag) }
        if sockets.rtcp >= 0 { _ = clinux_epoll_add(set, sockets.rtcp, tag | MediaLoop.rtcpBit) }
    }

    private func unwatch(_ sockets: MediaSockets) {
        if sockets.rtp >= 0 { _ = clinux_epoll_remove(set, sockets.rtp) }
        if sockets.rtcp >= 0 { _ = clinux_epoll_remove(set, sockets.rtcp) }
    }

    private mutating func tick() {
        let now = Clock.monotonic()
        guard let deadline = engine.deadline, now.nanoseconds >= deadline.nanoseconds else { return }
        let late = Int((now.nanoseconds - deadline.nanoseconds) / 1_000)
        engine.tick(now: now, outbox: &outbox)
        let took = Int((Clock.monotonic().nanoseconds - now.nanoseconds) / 1_000)
        engine.counters.noteTick(lateMicroseconds: late, tookMicroseconds: took)
        if engine.governor.isDue(now) { engine.govern(cpu: Clock.threadCPU(), now: now) }
    }

    private mutating func flush() {
        engine.counters.count(.datagramsSent, outbox.count)
        engine.counters.count(.datagramsRefused, outbox.flush())
        engine.counters[.datagramsNotQueued] = outbox.dropped
        engine.deliver()
    }

    private mutating func finish() {
        flush()
        thread.board.publish(engine.counters)
        if engine.takeNews() { MediaThread.ring(thread.doorbell) }
    }
}
