// Hold music of our own, so that nobody's licence is in the way: soft chords and a slow broken chord over them.

import Glibc
import Media

/// 24 s in C major, eight bars of 3 s. Every note is added round the loop's end into its beginning, so that there is no
/// seam at all. Notes lie between 196 and 1,047 Hz: what a telephone carries well.
enum HoldMusic {
    private static let barSeconds = 3.0
    private static let notesInBar = 8
    /// MIDI numbers. Cmaj7, Am7, Fmaj7, G6, Em7, Am7, Dm7, Gsus4.
    private static let chords: [[Int]] = [
        [60, 64, 67, 71], [57, 64, 67, 72], [57, 60, 65, 69], [55, 62, 67, 71],
        [59, 64, 67, 71], [57, 60, 64, 69], [62, 65, 69, 72], [55, 60, 62, 67],
    ]
    /// Which tone of the chord comes when; the second half of it an octave higher.
    private static let pattern = [0, 2, 1, 3, 4, 3, 2, 1]

    static func samples() -> [Int16] {
        let count = Int(barSeconds * Double(chords.count)) * Frame.sampleRate
        var loop = Loop(count: count)
        for (bar, chord) in chords.enumerated() {
            let start = Double(bar) * barSeconds
            for note in chord { loop.addPad(note: note, at: start, seconds: barSeconds * 1.4, level: 0.05) }
            for (place, tone) in pattern.enumerated() {
                let note = tone < chord.count ? chord[tone] + 12 : chord[0] + 24
                // The beat is a little stronger, as a hand would play it.
                let level: Float = place % 4 == 0 ? 0.16 : 0.11
                loop.addPluck(note: note, at: start + barSeconds * Double(place) / Double(notesInBar), level: level)
            }
        }
        loop.addEcho(seconds: barSeconds / 4, level: 0.22)
        return loop.samples()
    }
}

/// Sound without beginning or end.
private struct Loop {
    private var values: [Float]

    init(count: Int) { values = [Float](repeating: 0, count: count) }

    /// A soft chord tone: three partials, swelling and ebbing over its whole length.
    mutating func addPad(note: Int, at start: Double, seconds: Double, level: Float) {
        for (partial, share) in [(1.0, Float(1)), (2.0, 0.35), (3.0, 0.12)] {
            var sine = Sine(frequency: Self.frequency(note) * partial)
            let length = Int(seconds * Double(Frame.sampleRate))
            let step = Float.pi / Float(length)
            add(at: start, length: length) { index in
                let swell = sinf(step * Float(index))
                return sine.next() * share * level * swell * swell
            }
        }
    }

    /// A plucked tone: higher partials die away sooner. 8 ms of attack, so that nothing clicks.
    mutating func addPluck(note: Int, at start: Double, level: Float) {
        for (partial, share, seconds) in [(1.0, Float(1), 0.55), (2.0, 0.30, 0.30), (4.0, 0.10, 0.12)] {
            var sine = Sine(frequency: Self.frequency(note) * partial)
            let decay = Float(exp(-1 / (seconds * Double(Frame.sampleRate))))
            var strength = share * level
            add(at: start, length: Int(seconds * 6 * Double(Frame.sampleRate))) { index in
                strength *= decay
                return sine.next() * strength * min(1, Float(index) / 128)
            }
        }
    }

    mutating func addEcho(seconds: Double, level: Float) {
        let delay = Int(seconds * Double(Frame.sampleRate))
        let dry = values
        for index in values.indices {
            values[index] += level * dry[(index + dry.count - delay) % dry.count]
        }
    }

    func samples() -> [Int16] {
        let peak = values.reduce(Float(0.001)) { max($0, abs($1)) }
        return values.map { Int16($0 / peak * 20_000) }
    }

    private mutating func add(at start: Double, length: Int, _ value: (Int) -> Float) {
        let count = values.count
        values.withUnsafeMutableBufferPointer { values in
            var place = Int(start * Double(Frame.sampleRate)) % count
            for index in 0..<length {
                values[place] += value(index)
                place += 1
                if place == count { place = 0 }
            }
        }
    }

    /// Equal temperament; A above middle C, number 69, is 440 Hz.
    private static func frequency(_ note: Int) -> Double { 440 * pow(2, Double(note - 69) / 12) }
}

/// A sine by recursion.
private struct Sine {
    private let factor: Double
    private var last = 0.0
    private var beforeLast: Double

    init(frequency: Double) {
        let step = 2 * Double.pi * frequency / Double(Frame.sampleRate)
        factor = 2 * cos(step)
        beforeLast = -sin(step)
    }

    mutating func next() -> Float {
        let value = factor * last - beforeLast
        beforeLast = last
        last = value
        return Float(value)
    }
}
