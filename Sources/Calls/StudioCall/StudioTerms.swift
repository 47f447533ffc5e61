// What goes into the talk of an administrator who records prompts by telephone, and what comes out of it.

import Store

extension StudioDialogue {
    /// A prompt as the telephone knows it.
    struct Line: Sendable, Equatable {
        /// What is typed to choose it.
        let number: Int
        let language: String
        let text: String
    }

    /// Why no sound could be made of a recording.
    enum Flaw: Sendable { case silent, tooLong, technical }

    /// What came of number and PIN.
    enum Proof: Sendable, Equatable {
        case accepted(PageLanguage, unrecorded: Int)
        case wrong
        case locked(Duration)
        case busy
        case alreadyCalling
    }

    enum Choice: Sendable, Equatable {
        case number(Int)
        /// The next one without a recording behind this number.
        case next(after: Int)
    }

    enum Input: Sendable, Equatable {
        /// The caller can hear us; `isFull`: too many record already.
        case entered(isFull: Bool)
        case key(Character)
        /// All that was to be said or played was heard.
        case played
        case proved(Proof)
        case found(Line?)
        /// The caller said nothing more, or nothing at all, for a while.
        case quiet
        case polished
        case flawed(Flaw)
        case kept(isHeard: Bool)
        case notKept
        case notPermitted
        case deadline
    }

    enum Speech: Sendable, Equatable {
        case phrase(StudioPhrase, PageLanguage)
        /// A prompt's text.
        case text(String, language: String)
        /// What callers would hear of the recording.
        case take
    }

    enum Action: Sendable, Equatable {
        case say([Speech])
        case silence
        case prove(number: String, pin: String)
        case find(Choice)
        /// A tone, then everything that the caller says.
        case record
        /// Nothing more; answered by `polished` or `flawed`.
        case finishRecording
        /// Forgets what was recorded.
        case discard
        case keep
        case hangUp
    }

    enum State: Sendable, Equatable {
        case ringing
        case askingNumber
        case askingPIN(number: String)
        case proving
        case choosing
        case finding(Choice)
        /// Hears what the prompt says now.
        case presenting(Line)
        case recording(Line)
        case polishing(Line)
        case reviewing(Line)
        /// Nothing of the recording can be used: again, next or end.
        case flawed(Line)
        case keeping(Line)
        /// Hears a last sentence.
        case leaving
        case over
    }
}
