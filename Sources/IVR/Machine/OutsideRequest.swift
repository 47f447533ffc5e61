// What the machine asks of the outside: a message, a transfer, a lookup.

/// Play a short tone, then record what the caller says, for a mailbox.
public struct MessageRequest: Sendable, Hashable {
    public var ticket: Ticket
    /// A key of `Hotline.mailboxes`.
    public var mailbox: String
    public var language: String
    /// The machine ends the message when it has passed.
    public var max: Duration
}

/// Call somebody else and join the caller with them.
public struct TransferRequest: Sendable, Hashable {
    public var ticket: Ticket
    public var target: TransferTarget
    /// How long it may ring; the machine ends the attempt when it has passed.
    public var ring: Duration
}

/// An HTTP request. Its text can be logged: secrets are only in `body`, and are not printed from there.
public struct LookupRequest: Sendable, Hashable {
    public var ticket: Ticket
    /// `http:` or `https:`, with the values filled in and percent-encoded.
    public var address: String
    /// A JSON object of texts to be sent with POST; empty: GET without a body.
    public var body: [String: CallValue]
    /// The fields that the answer must have, as a JSON object.
    public var fields: [String]
    /// How long the answer may take; the machine goes on when it has passed.
    public var within: Duration
}
