// What a caller of the store can get wrong or run into; all else is an error of the database itself.

public enum StoreError: Error, Equatable {
    /// The file was written by a later version of this program.
    case newerSchema
    /// 1–64 of a–z, 0–9, dot, hyphen, underscore and @.
    case invalidName
    case nameTaken
    case noSuchAccount
    /// Nobody would be left to administrate.
    case lastAdministrator
    case passwordTooShort(minimum: Int)
    case passwordTooLong(maximum: Int)
    /// So much work of this kind is under way that more would wait too long; try again in some seconds.
    case busy
    /// The system gave no random bytes or no memory.
    case cryptography
}
