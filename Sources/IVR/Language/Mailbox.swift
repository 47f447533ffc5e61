// Where messages of callers go.

import YAML

/// One entry of `mailboxes:`.
public struct Mailbox: Sendable, Hashable {
    public enum Destination: Sendable, Hashable {
        /// The list of the supervisors; the others are on it as well.
        case tickets
        /// An address of electronic mail: ASCII, without quotes.
        case mail(String)
        /// An `https:` or `http:` address.
        case url(String)
    }

    public var name: String
    public var destination: Destination
    /// The longest message.
    public var max: Duration
    /// How long messages are kept; nil: the file does not say.
    public var keep: Duration?
    var position: Position
}
