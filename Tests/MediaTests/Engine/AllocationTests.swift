// The promise of the media thread: no allocation once legs are there.

import CAllocationCount
import TestKit
import Testing
import Timing

@testable import Media

/// 100 plain legs in an engine of their own, fed with packets made beforehand.
private struct Load: ~Copyable {
    static let legs = 100
    var engine: MediaEngine
    var outbox = Outbox(capacity: 1_024)
    let queue = EventQueue(capacity: 4_096)
    let taps = TapRing(capacity: 1 << 22)
    let buffer = UnsafeMutableRawPointer.allocate(byteCount: 2_048, alignment: 16)
    var ids: [LegID] = []
    var addresses: [SocketAddress] = []
    var codecs: [Codec] = []
    var now = Instant(nanoseconds: 1_000_000_000)
    var sequence: UInt16 = 0
    /// The thread spends nine tenths of its core.
    var isBusy = false

    init(events: [Int] = [8_000], _ codec: (Int) -> Codec) throws {
        engine = MediaEngine(
            capacity: 256, events: queue, taps: taps, now: now, unixMilliseconds: 1_700_000_000_000, seed: 3)
        var numbers = LegNumbers(capacity: 256)
        for index in 0..<Load.legs {
            // because 256 are there and the address is a literal
            let id = numbers.take()!
            let address = SocketAddress(ip: "192.0.2.1", port: UInt16(4_000 + index * 2))!
            var plan = Rig.plan([codec(index)], events: events)
            plan.remoteRTP = address
            plan.remoteRTCP = address
            plan.reports = .all
            let sockets = MediaSockets(rtp: 100, rtcp: 101, rtpPort: 0, rtcpPort: 0, pool: nil)
            engine.handle(.add(try Leg.make(id: id, plan: plan, sockets: sockets)), now: now, outbox: &outbox)
            ids.append(id)
            addresses.append(address)
            codecs.append(codec(index))
        }
    }

    deinit { buffer.deallocate() }

    mutating func order(_ command: Command) { engine.handle(command, now: now, outbox: &outbox) }

    /// One packet from every peer of this codec.
    private mutating func everybodySpeaks(_ payload: UnsafeRawBufferPointer, codec wanted: Codec) {
        for index in 0..<Load.legs where codecs[index].rawValue == wanted.rawValue {
            let header = RTPHeader(
                marker: false, payloadType: wanted.defaultPayloadType, sequence: sequence,
                timestamp: UInt32(sequence) * UInt32(wanted.clockRate / 50), ssrc: UInt32(index + 1))
            header.write(to: buffer)
            if let bytes = payload.baseAddress {
                (buffer + RTPHeader.length).copyMemory(from: bytes, byteCount: payload.count)
            }
            engine.receive(
                UnsafeMutableRawBufferPointer(start: buffer, count: RTPHeader.length + payload.count), capacity: 2_048,
                slot: ids[index].slot, from: addresses[index], isRTCPSocket: false, now: now, outbox: &outbox)
        }
    }

    /// 20 ms: a packet of A-law, G.722 and Opus from everybody who speaks it; of every tenth one nothing arrives.
    mutating func pass(_ voice: Voice) {
        sequence &+= 1
        if sequence % 10 != 0 {
            everybodySpeaks(UnsafeRawBufferPointer(rebasing: voice.bytes[..<160]), codec: .pcma)
            everybodySpeaks(UnsafeRawBufferPointer(rebasing: voice.bytes[160..<320]), codec: .g722)
            everybodySpeaks(UnsafeRawBufferPointer(rebasing: voice.bytes[320...]), codec: .opus)
        }
        for _ in 0..<20 {
            now = Instant(nanoseconds: now.nanoseconds + 1_000_000)
            engine.tick(now: now, outbox: &outbox)
        }
        if isBusy { engine.govern(cpu: now.nanoseconds * 9 / 10, now: now) }
        outbox.drain { _, _, _ in }
        taps.read { _, _ in }
        while queue.pop() != nil {}
    }

    mutating func end() {
        engine.removeAll(now: now, outbox: &outbox)
        engine.deliver()
        while let event = queue.pop() {
            if case .removed(let pointer, _) = event { pointer.free() }
        }
    }
}

/// 20 ms of a tone in A-law, G.722 and Opus, one behind the other.
private final class Voice {
    let bytes: UnsafeRawBufferPointer

    private init(_ codes: [UInt8]) {
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: codes.count, alignment: 16)
        memory.copyBytes(from: codes)
        bytes = UnsafeRawBufferPointer(memory)
    }

    /// 80 ms of the key 1 and as much silence, in A-law and G.722.
    static func key() -> [Voice] {
        var g722 = G722Encoder()
        return (0..<8).map { number in
            var codes = [UInt8](repeating: 0, count: 320)
            func samples(_ rate: Int) -> [Int16] {
                let count = rate / 50
                guard number < 4 else { return [Int16](repeating: 0, count: count) }
                let row = Tones.sine(697, rate: rate, from: number * count, count: count)
                let column = Tones.sine(1_209, rate: rate, from: number * count, count: count)
                return zip(row, column).map { $0 + $1 }
            }
            codes.withUnsafeMutableBufferPointer { codes in
                // because 320 are there
                let start = codes.baseAddress!
                G711.encode(samples(8_000), count: 160, law: .a, into: start)
                g722.encode(samples(16_000), count: 320, into: start + 160)
            }
            return Voice(codes)
        }
    }

    init() {
        var encoder = try? OpusEncoder()
        var g722 = G722Encoder()
        let tone = Tones.sine(440, rate: 16_000, from: 0, count: 320)
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: 720)
        G711.encode(Tones.sine(440, rate: 8_000, from: 0, count: 160), count: 160, law: .a, into: memory)
        g722.encode(tone, count: 320, into: memory + 160)
        let length = encoder?.encode(tone, count: 320, into: memory + 320) ?? 0
        bytes = UnsafeRawBufferPointer(start: memory, count: 320 + length)
    }

    deinit { bytes.deallocate() }
}

@Suite(.enabled(if: allocations_are_counted() != 0, "a sanitizer has the allocator"))
struct AllocationTests {
    @Test func `ten thousand ticks of a hundred legs that play, relay and record allocate nothing`() throws {
        var load = try Load { _ in .pcma }
        let prompt = try Prompt(samples16k: Tones.sine(440, rate: 16_000, from: 0, count: 16_000))
        let playlist = Playlist([prompt], loops: true)
        for pair in 0..<25 { load.order(.bridge(load.ids[pair * 2], load.ids[pair * 2 + 1])) }
        for index in 50..<100 { load.order(.play(load.ids[index], playlist.view, token: UInt32(index))) }
        for index in stride(from: 0, to: 100, by: 2) {
            load.order(.record(load.ids[index], recording: UInt32(index)))
        }
        let allocated = Self.allocations(in: &load, ticks: 10_000)
        #expect(allocated == 0)
        let relayed = load.engine.counters[.relayed]
        let played = load.engine.counters[.promptPackets]
        let lost = load.outbox.dropped
        let extended = load.engine.counters[.extendedSent]
        #expect(relayed > 440_000 && played > 490_000 && lost == 0 && extended > 3_000)
        load.end()
        withExtendedLifetime(playlist) {}
    }

    @Test(arguments: [(Codec.pcma, Codec.opus), (.pcma, .g722), (.g722, .opus)])
    func `two hundred ticks of a hundred legs that transcode and lose packets allocate nothing`(
        first: Codec, second: Codec
    ) throws {
        var load = try Load { $0 % 2 == 0 ? first : second }
        for pair in 0..<50 { load.order(.bridge(load.ids[pair * 2], load.ids[pair * 2 + 1])) }
        let allocated = Self.allocations(in: &load, ticks: 200)
        #expect(allocated == 0)
        let mixed = load.engine.counters[.mixedPackets]
        let concealed = load.engine.counters[.framesConcealed] + load.engine.counters[.framesRecovered]
        #expect(mixed > 19_000 && concealed > 1_000)
        load.end()
    }

    @Test func `bridges of three and of sixty-four allocate nothing, and nor does coming and going`() throws {
        var load = try Load { $0 % 25 == 0 ? .opus : $0 % 25 == 7 ? .g722 : .pcma }
        var numbers = BridgeNumbers(capacity: 4)
        // because four are there
        let (three, many) = (numbers.take()!, numbers.take()!)
        for index in 1...3 { load.order(.join(load.ids[index], three, .talk)) }
        for index in 10..<74 { load.order(.join(load.ids[index], many, .talk)) }
        let allocated = Self.allocations(in: &load, ticks: 300) { load, tick in
            let leg = load.ids[10 + tick % 80]
            switch tick % 10 {
            case 0: load.order(.leave(leg))
            case 1: load.order(.join(leg, many, tick % 3 == 0 ? .listen : .coach(load.ids[11])))
            case 2: load.order(.mute(leg, tick % 3 == 0))
            case 3: load.order(.bridge(leg, load.ids[95]))
            case 4: load.order(.join(leg, many, .talk))
            case 5: load.order(.leave(load.ids[3]))
            default: load.order(.join(load.ids[3], three, .talk))
            }
        }
        #expect(allocated == 0)
        let counters = load.engine.counters
        #expect(counters[.mixedPackets] > 15_000 && counters[.cutsToMix] > 10 && counters[.cutsToRelay] > 10)
        load.end()
    }

    @Test func `G_722 that is relayed, played, muted and joined anew all the time allocates nothing`() throws {
        var load = try Load { _ in .g722 }
        let prompt = try Prompt(samples16k: Tones.sine(440, rate: 16_000, from: 0, count: 3_200))
        let playlist = Playlist([prompt, prompt], loops: true)
        for pair in 0..<50 { load.order(.bridge(load.ids[pair * 2], load.ids[pair * 2 + 1])) }
        let voice = Voice()
        // Whatever is made at first use.
        for round in 0..<16 { Self.stir(&load, playlist, voice, round: round) }
        let before = allocation_count()
        for round in 0..<200 { Self.stir(&load, playlist, voice, round: round) }
        let allocated = allocation_count() - before
        #expect(allocated == 0)
        let relayed = load.engine.counters[.relayed]
        let played = load.engine.counters[.promptPackets]
        let silent = load.engine.counters[.silentPackets]
        #expect(relayed > 2_000 && played > 2_000 && silent > 500)
        load.end()
        withExtendedLifetime(playlist) {}
    }

    /// Every second leg begins to hear something else, and 20 ms pass.
    private static func stir(_ load: inout Load, _ playlist: Playlist, _ voice: Voice, round: Int) {
        for pair in 0..<50 {
            let leg = load.ids[2 * pair + round % 2]
            switch round % 8 {
            case 0, 1: load.order(.play(leg, playlist.view, token: UInt32(round)))
            case 4, 5: load.order(.stopPlaying(leg))
            case 6: load.order(.mute(leg, true))
            default: load.order(.mute(leg, false))
            }
        }
        load.pass(voice)
    }

    @Test(arguments: [Codec.pcma, .g722])
    func `a hundred legs that press keys in band all the time allocate nothing`(codec: Codec) throws {
        var load = try Load(events: []) { _ in codec }
        let key = Voice.key()
        // Whatever is made at first use.
        for packet in 0..<16 { load.pass(key[packet % key.count]) }
        let before = allocation_count()
        for packet in 0..<400 { load.pass(key[packet % key.count]) }
        let allocated = allocation_count() - before
        #expect(allocated == 0)
        let keys = load.engine.counters[.digitsInBand]
        #expect(keys > 3_000)
        load.end()
    }

    @Test
    func `two hundred ticks of a hundred legs that are cleaned allocate nothing, nor does a change of complexity`()
        throws
    {
        var load = try Load { $0 % 2 == 0 ? .pcma : .opus }
        for pair in 0..<50 { load.order(.bridge(load.ids[pair * 2], load.ids[pair * 2 + 1])) }
        let cleaning = SpeechCleaning(reducesNoise: true, evensLevel: true)
        for id in load.ids { load.order(.clean(id, try CleanerPointer.make(cleaning))) }
        while let event = load.queue.pop() { if case .cleaning(_, let cleaner) = event { cleaner.free() } }
        load.isBusy = true
        let allocated = Self.allocations(in: &load, ticks: 200)
        #expect(allocated == 0)
        let mixed = load.engine.counters[.mixedPackets]
        let complexity = load.engine.counters[.opusComplexity]
        #expect(mixed > 19_000 && complexity == 0)
        load.end()
    }

    /// `order` is given the number of each tick.
    private static func allocations(
        in load: inout Load, ticks: Int, order: (inout Load, Int) -> Void = { _, _ in }
    ) -> UInt64 {
        let voice = Voice()
        // Tables and caches that are made at first use.
        for tick in 0..<50 {
            order(&load, tick)
            load.pass(voice)
        }
        let before = allocation_count()
        for tick in 0..<ticks {
            order(&load, tick)
            load.pass(voice)
        }
        return allocation_count() - before
    }

    @Test func `the counter counts`() {
        let before = allocation_count()
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 100, alignment: 8)
        memory.deallocate()
        #expect(allocation_count() > before)
    }
}
