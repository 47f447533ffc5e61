// A text that somebody wants to make live, and what came of it.

import IVR

/// What a page sends to be published.
public struct HotlineDraft: Sendable {
    /// The name of the file that it shall replace.
    public var file: String
    public var text: String
    /// Digest of the file's text that the change was begun with.
    public var base: String
    /// Who publishes: an account's name.
    public var author: String
    /// One line for the history.
    public var note: String

    public init(file: String, text: String, base: String, author: String, note: String) {
        self.file = file
        self.text = text
        self.base = base
        self.author = author
        self.note = note
    }
}

/// What came of a draft.
public enum Publication: Sendable {
    /// It is on disk and calls that come now are led by it.
    case published(HotlineReload)
    /// It has errors, or the folder has with it: nothing was changed.
    case refused(HotlineReload)
    /// The file was changed meanwhile and holds this text now: nothing was changed.
    case conflict(String)
    /// The file cannot be written; why, for people.
    case failed(String)
    case noSuchFile
}

/// What came of making a hotline, of deleting one and of bringing it back.
public enum FolderChange: Sendable {
    case done(HotlineReload)
    /// It has errors, or the folder has with it or without it: nothing was changed.
    case refused(HotlineReload)
    /// There is a file of that name.
    case exists
    /// It is the only one: callers would find nobody.
    case last
    /// The file was changed since the page was opened.
    case changed
    /// The folder cannot be written; why, for people.
    case failed(String)
    case noSuchFile
    /// No name that a file may have.
    case badName
}
