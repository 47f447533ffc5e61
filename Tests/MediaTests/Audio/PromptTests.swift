// Sounds cut into frames and encoded.

import Testing

@testable import Media

@Suite("Prompts")
struct PromptTests {
    @Test("every encoding has exactly the sound's length", arguments: [1, 319, 320, 321, 16_000, 16_001])
    func lengths(count: Int) throws {
        let prompt = try Prompt(samples16k: Signals.vowel(rate: 16_000, count: count))
        let frames = (count + 319) / 320
        let view = prompt.view
        #expect(Int(view.frames) == frames)
        #expect(prompt.duration == .milliseconds(20 * frames))
        #expect(view.opusOffsets[0] == 0)
        for frame in 0..<frames {
            let length = Int(view.opusOffsets[frame + 1] - view.opusOffsets[frame])
            #expect((1...OpusEncoder.maximumPayload).contains(length))
            let payload = view.opusBytes + Int(view.opusOffsets[frame])
            #expect(OpusDecoder.sampleCount(payload, length: length, rate: 16_000) == 320)
        }
    }

    @Test("the rest of the last frame is silence")
    func padding() throws {
        let prompt = try Prompt(samples16k: [Int16](repeating: 9_000, count: 330))
        #expect((0..<330).allSatisfy { prompt.view.pcm[$0] == 9_000 })
        #expect((330..<640).allSatisfy { prompt.view.pcm[$0] == 0 })
    }

    @Test("both laws hold the same sound in the same place")
    func companded() throws {
        let samples = Signals.sine(700, rate: 16_000, count: 8_000)
        let prompt = try Prompt(samples16k: samples)
        let narrow = stride(from: 0, to: samples.count, by: 2).map { samples[$0] }
        for (law, codes) in [(G711.Law.a, prompt.view.pcma), (.mu, prompt.view.pcmu)] {
            let decoded = (0..<4_000).map { G711.decode(codes[$0], law: law) }
            // Half a sample of the filter's delay stays: one sample at 16 kHz.
            let match = Signals.correlation(narrow, decoded, reach: 4)
            #expect(match.value > 0.95)
            #expect(match.delay <= 1)
        }
    }

    @Test("a prompt that was levelled is equally loud in every codec", arguments: [-40.0, -20, -6])
    func loudness(decibels: Double) throws {
        let speech = Signals.speech(rate: 16_000, seconds: 8, decibels: decibels)
        let levelled = Loudness.level(speech, sampleRate: 16_000, to: Loudness.speech)
        let prompt = try Prompt(samples16k: levelled)
        let view = prompt.view
        let frames = Int(view.frames)
        var decoder = try OpusDecoder(sampleRate: 16_000)
        var opus = [Int16](repeating: 0, count: frames * 320)
        opus.withUnsafeMutableBufferPointer { samples in
            for frame in 0..<frames {
                let begin = Int(view.opusOffsets[frame])
                _ = decoder.decode(
                    view.opusBytes + begin, length: Int(view.opusOffsets[frame + 1]) - begin,
                    into: samples.baseAddress! + frame * 320, capacity: 320)
            }
        }
        let narrow = [(G711.Law.a, view.pcma), (.mu, view.pcmu)].map { law, codes in
            (0..<frames * 160).map { G711.decode(codes[$0], law: law) }
        }
        let sounds = narrow.map { ($0, 8_000) } + [(opus, 16_000)]
        for (sound, rate) in sounds {
            let loudness = try #require(Loudness.measure(sound, sampleRate: rate))
            #expect(abs(loudness - Loudness.speech) < 1)
        }
        withExtendedLifetime(prompt) {}
    }

    @Test("a looping sound has no seam in G.711")
    func seamless() throws {
        // 50 whole periods: the end leads into the beginning.
        let samples = Signals.sine(500, rate: 16_000, count: 1_600, phase: 0.5)
        let prompt = try Prompt(samples16k: samples, seamless: true)
        let once = (0..<800).map { G711.decode(prompt.view.pcma[$0], law: .a) }
        let normal = Signals.greatestStep(once[100..<700])
        #expect(Signals.greatestStep(once + once) <= normal + normal / 8)
    }

    @Test("nothing and far too much are refused")
    func refusals() {
        #expect(throws: PromptError.self) { _ = try Prompt(samples16k: []) }
        #expect(throws: PromptError.self) {
            _ = try Prompt(samples16k: [Int16](repeating: 0, count: 320 * Prompt.maximumFrames + 1))
        }
    }

    @Test("a playlist shows its prompts in order and keeps them alive")
    func playlist() throws {
        var prompts: [Prompt] = try [320, 640, 960].map { try Prompt(samples16k: Signals.noise(count: $0)) }
        let playlist = Playlist(prompts, loops: true)
        prompts = []
        #expect(playlist.view.count == 3)
        #expect(playlist.view.loops)
        #expect((0..<3).map { playlist.view.prompts[$0].frames } == [1, 2, 3])
        #expect(playlist.duration == .milliseconds(120))
        #expect(playlist.view.prompts[2].pcm[959] == Signals.noise(count: 960)[959])
        #expect(Playlist([]).view.count == 0)
    }
}
