// The halfband filter, measured.

import Glibc
import Testing

@testable import Media

@Suite("Resampling between 8 and 16 kHz")
struct ResamplerTests {
    private func up(_ samples: [Int16], step: Int = 160) -> [Int16] {
        var upsampler = Upsampler()
        var output = [Int16](repeating: 0, count: 2 * samples.count)
        output.withUnsafeMutableBufferPointer { output in
            samples.withUnsafeBufferPointer { samples in
                var done = 0
                while done < samples.count {
                    let count = min(step, samples.count - done)
                    upsampler.process(samples.baseAddress! + done, count: count, into: output.baseAddress! + 2 * done)
                    done += count
                }
            }
        }
        return output
    }

    private func down(_ samples: [Int16], step: Int = 320) -> [Int16] {
        var downsampler = Downsampler()
        var output = [Int16](repeating: 0, count: samples.count / 2)
        output.withUnsafeMutableBufferPointer { output in
            samples.withUnsafeBufferPointer { samples in
                var done = 0
                while done < samples.count {
                    let count = min(step, samples.count - done)
                    downsampler.process(samples.baseAddress! + done, count: count, into: output.baseAddress! + done / 2)
                    done += count
                }
            }
        }
        return output
    }

    @Test("speech frequencies pass unchanged upwards and leave no image", arguments: [300, 1_000, 2_000, 3_000, 3_400])
    func upwards(frequency: Int) {
        let output = up(Signals.sine(Double(frequency), rate: 8_000, count: 1_760)).dropFirst(320)
        let passed = Signals.amplitude(of: Double(frequency), in: output, rate: 16_000)
        let image = Signals.amplitude(of: Double(8_000 - frequency), in: output, rate: 16_000)
        #expect(abs(Signals.decibels(passed / 10_000)) < 0.1)
        #expect(Signals.decibels(image / 10_000) < -60)
    }

    @Test("speech frequencies pass unchanged downwards", arguments: [300, 1_000, 2_000, 3_000, 3_400])
    func downwards(frequency: Int) {
        let output = down(Signals.sine(Double(frequency), rate: 16_000, count: 3_520)).dropFirst(160)
        let passed = Signals.amplitude(of: Double(frequency), in: output, rate: 8_000)
        #expect(abs(Signals.decibels(passed / 10_000)) < 0.1)
    }

    @Test("what 8 kHz cannot carry is gone, not folded", arguments: [4_600, 5_000, 6_000, 7_000, 7_900])
    func stopband(frequency: Int) {
        let output = down(Signals.sine(Double(frequency), rate: 16_000, count: 3_520)).dropFirst(160)
        #expect(Signals.decibels(Signals.rms(output) * 2.0.squareRoot() / 10_000) < -60)
    }

    @Test("the way of cutting a stream into blocks changes nothing", arguments: [2, 80, 160, 240, 480])
    func blocks(step: Int) {
        let samples = Signals.noise(count: 960)
        #expect(up(samples, step: step / 2) == up(samples, step: 960))
        #expect(down(samples, step: step) == down(samples, step: 960))
    }

    @Test("up and down again is the same sound, 31 samples later")
    func thereAndBack() {
        let samples = Signals.sine(1_000, rate: 8_000, count: 1_600)
        let again = down(up(samples))
        let shifted = Array(again.dropFirst(31))
        let error = zip(samples, shifted).dropFirst(64).map { Int16(Int($0) - Int($1)) }
        #expect(Signals.decibels(Signals.rms(error) / Signals.rms(samples)) < -50)
    }

    @Test("the loudest square wave saturates and does not wrap")
    func saturation() {
        let square = (0..<800).map { Int16($0 / 8 % 2 == 0 ? 32_767 : -32_767) }
        #expect(Signals.greatestStep(up(square)) <= 65_534)
        let wide = up(square)
        for index in stride(from: 400, to: 800, by: 1) where abs(Int(wide[index])) == 32_767 {
            #expect((wide[index] > 0) == (wide[index] >= 0))
        }
        #expect(wide.contains(32_767))
    }

    @Test(
        "files of any usual rate become 16 kHz, in place and in full",
        arguments: [8_000, 11_025, 22_050, 44_100, 48_000])
    func files(rate: Int) throws {
        let converted = try #require(
            RateConverter.convert(Signals.sine(1_000, rate: rate, count: rate), from: rate, to: 16_000))
        #expect(converted.count == 16_000)
        let wanted = Signals.sine(1_000, rate: 16_000, count: 16_000)
        let error = zip(wanted, converted).dropFirst(400).dropLast(400).map { Int16(Int($0) - Int($1)) }
        #expect(Signals.decibels(Signals.rms(error) / Signals.rms(wanted)) < -40)
    }

    @Test("a rate of nothing is refused and an empty sound stays empty")
    func edges() {
        #expect(RateConverter.convert([1, 2], from: 0, to: 16_000) == nil)
        #expect(RateConverter.convert([], from: 8_000, to: 16_000) == [])
    }

    /// What is not the sine, relative to it: distortion, images, noise of the samples.
    private static func distortion(of frequency: Int, in samples: ArraySlice<Int16>, rate: Int) -> Double {
        let samples = Array(samples)
        let angles = samples.indices.map { 2 * Double.pi * Double(frequency) * Double($0) / Double(rate) }
        let real = zip(samples, angles).reduce(0) { $0 + Double($1.0) * cos($1.1) } * 2 / Double(samples.count)
        let imaginary = zip(samples, angles).reduce(0) { $0 + Double($1.0) * sin($1.1) } * 2 / Double(samples.count)
        let rest = zip(samples, angles).map { Double($0) - real * cos($1) - imaginary * sin($1) }
        let power = rest.reduce(0) { $0 + $1 * $1 } / Double(samples.count)
        return Signals.decibels((2 * power / (real * real + imaginary * imaginary)).squareRoot())
    }

    @Test("every resampler adds less than -60 dB to a sine (THD+N)", arguments: [300, 1_000, 2_000, 3_400])
    func addsNothing(frequency: Int) throws {
        func sine(_ rate: Int) -> [Int16] {
            Signals.sine(Double(frequency), rate: rate, count: rate / 2, amplitude: 16_384)
        }
        func worst(_ samples: [Int16], _ rate: Int) -> Double {
            Self.distortion(of: frequency, in: samples[rate / 10..<rate * 4 / 10], rate: rate)
        }
        #expect(worst(up(sine(8_000)), 16_000) < -60)
        #expect(worst(down(sine(16_000)), 8_000) < -60)
        for (from, to) in [(8_000, 16_000), (22_050, 16_000), (44_100, 16_000), (48_000, 16_000), (16_000, 8_000)] {
            let converted = try #require(RateConverter.convert(sine(from), from: from, to: to))
            #expect(worst(converted, to) < -60, "\(from) to \(to)")
        }
    }
}
