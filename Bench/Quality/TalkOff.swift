// Speech for the detector of keys in band, hours of it: how often does it hear a key in what is only said?

import CESpeak
import Foundation
import Media

/// Two languages, 15 voices of espeak-ng, four paces, three pitches, and each utterance as it is, slower and faster by a sixth.
struct TalkOff: ~Copyable {
    struct Result: Codable {
        /// Of speech that was listened to.
        var hours = 0.0
        /// What was heard, and in what.
        var keys: [String] = []
    }

    private static let voices =
        ["", "croak", "whisper"] + (1...7).map { "m\($0)" } + (1...5).map { "f\($0)" }
    private static let paces: [Int32] = [120, 155, 200, 260]
    private static let pitches: [Int32] = [20, 50, 80]
    private static let tempos = [0.85, 1, 1.18]
    /// Root of the mean square, −20 dB of full scale: as loud as speech in the telephone network.
    private static let level = 2_320.0

    private let rate: Int
    private var detector = ToneDetector()
    private(set) var result = Result()

    init() throws {
        rate = Int(espeak_Initialize(AUDIO_OUTPUT_SYNCHRONOUS, 0, nil, Int32(espeakINITIALIZE_DONT_EXIT)))
        guard rate > 0 else { throw QualityError.noSpeech("espeak-ng") }
        espeak_SetSynthCallback(collect)
    }

    /// Every `shares`-th utterance, from the `share`-th one on.
    mutating func listen(share: Int, shares: Int) {
        var number = 0
        for (language, texts) in Self.texts.sorted(by: { $0.key < $1.key }) {
            for voice in Self.voices {
                for (pace, pitch) in Self.paces.flatMap({ pace in Self.pitches.map { (pace, $0) } }) {
                    for text in texts {
                        number += 1
                        guard number % shares == share else { continue }
                        let name = voice.isEmpty ? language : "\(language)+\(voice)"
                        hear(speak(text, as: name, pace: pace, pitch: pitch), told: "\(name) \(pace) \(pitch): \(text)")
                    }
                }
            }
        }
    }

    private func speak(_ text: String, as voice: String, pace: Int32, pitch: Int32) -> [Int16] {
        espeak_SetVoiceByName(voice)
        espeak_SetParameter(espeakRATE, pace, 0)
        espeak_SetParameter(espeakPITCH, pitch, 0)
        let sound = Spoken()
        _ = text.withCString { bytes in
            // because the object outlives the call, which returns when the last sample has been given to it
            espeak_Synth(
                bytes, text.utf8.count + 1, 0, POS_CHARACTER, 0, UInt32(espeakCHARS_UTF8), nil,
                Unmanaged.passUnretained(sound).toOpaque())
        }
        return sound.samples
    }

    private mutating func hear(_ spoken: [Int16], told: String) {
        let energy = spoken.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(max(1, spoken.count))
        guard energy > 0 else { return }
        let gain = Self.level / energy.squareRoot()
        let levelled = spoken.map { Int16(max(-32_767, min(32_767, Double($0) * gain))) }
        for tempo in Self.tempos {
            let played = Int((Double(rate) * tempo).rounded())
            guard let samples = RateConverter.convert(levelled, from: played, to: Ear.sampleRate) else { continue }
            result.hours += Double(samples.count) / Double(Ear.sampleRate) / 3_600
            // As it comes from a telephone.
            let line = samples.map { G711.decode(G711.encode($0, law: .a), law: .a) }
            line.withUnsafeBufferPointer { line in
                guard let start = line.baseAddress else { return }
                for index in stride(from: 0, through: line.count - Ear.sampleCount, by: Ear.sampleCount) {
                    guard let key = detector.detect(start + index, count: Ear.sampleCount) else { continue }
                    result.keys.append("\(Character(UnicodeScalar(key))) in \(told)")
                }
            }
        }
    }
}

private final class Spoken {
    var samples: [Int16] = []
}

/// Called with a block of samples, or nil at the end; 0 means go on.
private nonisolated func collect(
    _ samples: UnsafeMutablePointer<Int16>?, _ count: Int32, _ events: UnsafeMutablePointer<espeak_EVENT>?
) -> Int32 {
    guard let samples, count > 0, let owner = events?.pointee.user_data else { return 0 }
    // because `speak` keeps the object alive until the library returns
    let sound = Unmanaged<Spoken>.fromOpaque(owner).takeUnretainedValue()
    sound.samples += UnsafeBufferPointer(start: samples, count: Int(count))
    return 0
}

extension TalkOff {
    /// Sentences for their vowels and whistling consonants: the hotline's own, tongue twisters, Harvard sentences, numbers.
    fileprivate static let texts = [
        "pl": [
            "Dzień dobry, tu przychodnia przy ulicy Lipowej. Aby umówić wizytę u lekarza, proszę nacisnąć jeden.",
            "Wszyscy konsultanci są zajęci. Prosimy poczekać na linii albo zadzwonić później, po godzinie osiemnastej.",
            "W Szczebrzeszynie chrząszcz brzmi w trzcinie i Szczebrzeszyn z tego słynie.",
            "Litwo, ojczyzno moja, ty jesteś jak zdrowie; ile cię trzeba cenić, ten tylko się dowie, kto cię stracił.",
            "Zażółć gęślą jaźń. Pójdźże, kiń tę chmurność w głąb flaszy.",
            "Numer zamówienia to osiem, siedem, sześć, pięć, cztery, trzy, dwa, jeden, zero.",
            "Król Karol kupił królowej Karolinie korale koloru koralowego.",
            "Nie pieprz, Pietrze, pieprzem wieprza, bo bez pieprzu wieprz jest lepszy.",
            "Stół z powyłamywanymi nogami stoi u sąsiada na werandzie, a obok stoi rower mojej siostry.",
            "Proszę podać imię, nazwisko i numer telefonu, pod którym możemy oddzwonić jutro rano.",
            "Idzie Grześ przez wieś, worek piasku niesie, a przez dziurkę piasek ciurkiem sypie się za Grzesiem.",
            "Halo, czy mnie słychać? Ja państwa słyszę, tylko bardzo słabo, i coś tu trzeszczy.",
        ],
        "en": [
            "Good morning, you have reached the city library. To renew a book that you have borrowed, please press one.",
            "You will wait for about three minutes. You can also leave your number, and we will call you back this afternoon.",
            "The quick brown fox jumps over the lazy dog. She sells sea shells by the sea shore.",
            "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background.",
            "It is easy to tell the depth of a well. These days a chicken leg is a rare dish.",
            "Rice is often served in round bowls. The juice of lemons makes fine punch.",
            "The box was thrown beside the parked truck. The hogs were fed chopped corn and garbage.",
            "Four hours of steady work faced us. A large size in stockings is hard to sell.",
            "How much wood would a woodchuck chuck, if a woodchuck could chuck wood?",
            "My order number is nine, eight, seven, six, five, four, three, two, one, zero.",
            "Hello? Yes, I can hear you now. No, I have been waiting here for an hour, and nobody has told me anything.",
            "We were away a year ago, when you were eager to see our new yellow house in Iowa.",
        ],
    ]
}
