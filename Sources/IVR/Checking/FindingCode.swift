// The codes of findings: stable, for looking up.

public import YAML

/// One code and what it finds.
public struct FindingCode: Sendable, Hashable {
    /// `E010`; E are errors, W warnings.
    public let code: String
    /// One sentence without a full stop.
    public let note: FindingText

    private init(_ code: String, _ note: FindingText) {
        self.code = code
        self.note = note
    }

    public static let all = [
        FindingCode("E001", "Not YAML"),
        FindingCode("E002", "An unknown key or option"),
        FindingCode("E003", "A key, name or number given twice"),
        FindingCode("E004", "A missing required key"),
        FindingCode("E005", "A value not of its type"),
        FindingCode("E006", "Larger, longer or deeper than a hotline may be"),
        FindingCode("E007", "A feature of YAML that is not used: anchor, alias, tag, directive"),
        FindingCode("E008", "A file that cannot be read"),
        FindingCode("E009", "Known, but not supported here"),
        FindingCode("E010", "An exit that leads to no step"),
        FindingCode("E011", "A prompt, queue, calendar or mailbox that does not exist"),
        FindingCode("W015", "A step that no caller can reach"),
        FindingCode("E016", "A round that the caller can never leave by choosing"),
        FindingCode("E020", "A prompt without a text in a language in which callers can reach it"),
        FindingCode("E022", "A plural form that the language needs"),
        FindingCode("E024", "An audio file that is missing, empty or too long"),
        FindingCode("W025", "No recording, and text to speech is off"),
        FindingCode("E026", "A value that is not known where it is used"),
        FindingCode("E030", "A menu that does not say where a caller goes after the last try"),
        FindingCode("E033", "A text that tells callers to press a key that is not there"),
        FindingCode("W033", "A key that the text never offers"),
        FindingCode("W034", "A menu of more than five keys"),
        FindingCode("E040", "A span that ends before it begins"),
        FindingCode("E042", "A day that does not exist"),
        FindingCode("W043", "An exception that is already past"),
        FindingCode("E050", "An unknown strategy"),
        FindingCode("E051", "A queue where a caller may wait for ever"),
        FindingCode("W052", "A ring time that alone misses the service level"),
        FindingCode("E053", "A queue step without a required exit"),
        FindingCode("E054", "A skill or group that no consultant has"),
        FindingCode("W055", "An `after_call` that is never reached"),
        FindingCode("W056", "A language that no consultant speaks"),
        FindingCode("W057", "A callback window shorter than its attempts"),
        FindingCode("E060", "A way on which a caller can be recorded without having heard the notice"),
        FindingCode("E061", "A retention that differs from the time the notice tells"),
        FindingCode("E071", "Two hotlines that claim one number"),
        FindingCode("W081", "A test in the hour that daylight saving skips"),
    ]
}

extension Finding {
    /// What a finding of its code is, in general.
    public var kind: FindingText? { FindingCode.all.first { $0.code == code }?.note }
}
