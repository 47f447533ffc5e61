// What the prompts studio says on the telephone.

import IVR
import Store

/// A whole sentence or more, so that the synthesiser's melody is right.
struct StudioPhrase: Hashable, Sendable {
    private let polish: String
    private let english: String

    private init(_ polish: String, _ english: String) {
        self.polish = polish
        self.english = english
    }

    func text(in language: PageLanguage) -> String {
        switch language {
        case .polish: polish
        case .english: english
        }
    }
}

// MARK: At the door

extension StudioPhrase {
    static let askNumber = StudioPhrase(
        "Studio zapowiedzi. Podaj swój numer i krzyżyk.", "Prompts studio. Enter your number, then hash.")
    static let askPIN = StudioPhrase("Podaj PIN i krzyżyk.", "Enter your PIN, then hash.")
    static let wrong = StudioPhrase(
        "Numer albo PIN nie jest prawidłowy.", "The number or the PIN is not right.")
    static let tooManyAttempts = StudioPhrase(
        "Za dużo nieudanych prób. Spróbuj później, albo ustaw nowy PIN na stronie.",
        "Too many failed attempts. Try later, or set a new PIN on the page.")
    static func locked(_ wait: Duration) -> StudioPhrase {
        StudioPhrase(
            "Po nieudanych próbach telefon jest zablokowany. Spróbuj ponownie za "
                + SpokenWait.words(wait, language: "pl", after: "za") + ".",
            "After failed attempts the telephone is locked. Try again in "
                + SpokenWait.words(wait, language: "en", after: "in") + ".")
    }
    /// Too many prove themselves at once, or record.
    static let linesBusy = StudioPhrase(
        "Za dużo osób dzwoni w tej chwili. Spróbuj później.", "Too many people are calling now. Try later.")
    static let alreadyCalling = StudioPhrase(
        "Nagrywasz już w innej rozmowie.", "You are already recording in another call.")
    static let notPermitted = StudioPhrase(
        "To konto nie może już nagrywać.", "This account may not record any more.")
    static let timeIsUp = StudioPhrase("Minął czas tej rozmowy.", "The time for this call is over.")
    static let goodbye = StudioPhrase("Do usłyszenia.", "Goodbye.")
}

// MARK: In the studio

extension StudioPhrase {
    /// How many prompts have no recording.
    static func unrecorded(_ count: Int) -> StudioPhrase {
        StudioPhrase("Zapowiedzi bez nagrania: \(count).", "Prompts without a recording: \(count).")
    }
    static let menu = StudioPhrase(
        "Krzyżyk: następna zapowiedź bez nagrania. Albo podaj numer zapowiedzi i krzyżyk. Gwiazdka kończy.",
        "Hash: the next prompt without a recording. Or enter a prompt's number, then hash. Star ends.")
    static let noSuchPrompt = StudioPhrase(
        "Nie ma zapowiedzi o tym numerze.", "There is no prompt with this number.")
    static let nothingLeft = StudioPhrase(
        "Żadna inna zapowiedź nie czeka na nagranie.", "No other prompt waits for a recording.")
    static func prompt(number: Int, language: String) -> StudioPhrase {
        language == "pl"
            ? StudioPhrase("Zapowiedź numer \(number), po polsku:", "Prompt number \(number), in Polish:")
            : StudioPhrase("Zapowiedź numer \(number), po angielsku:", "Prompt number \(number), in English:")
    }
    static let speakAfterTone = StudioPhrase(
        "Mów po sygnale. Krzyżyk kończy nagranie.", "Speak after the tone. Hash ends the recording.")
    static let review = StudioPhrase(
        "Jeden: zachowaj. Dwa: nagraj jeszcze raz. Trzy: następna. Gwiazdka kończy.",
        "One: keep. Two: record again. Three: next. Star ends.")
    static let retry = StudioPhrase(
        "Dwa: nagraj jeszcze raz. Trzy: następna. Gwiazdka kończy.", "Two: record again. Three: next. Star ends.")
    static let silent = StudioPhrase("Nie słychać głosu.", "No voice is heard.")
    static let tooLong = StudioPhrase("Nagranie jest za długie.", "The recording is too long.")
    static let kept = StudioPhrase("Zachowane.", "Kept.")
    /// Callers hear it once the files are mended.
    static let keptUnheard = StudioPhrase(
        "Zachowane, ale dzwoniący jeszcze tego nie słyszą: pliki infolinii mają błędy.",
        "Kept, but callers do not hear it yet: the hotlines' files have errors.")
    static let technical = StudioPhrase(
        "To się nie udało z powodu usterki. Spróbuj później.", "A fault prevented this. Try later.")
}
