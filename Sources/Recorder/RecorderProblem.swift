// What can go wrong while recording. Calls go on in every case.

/// A plain sentence for the log, and an alarm.
public enum RecorderProblem: Error, Sendable, Equatable, CustomStringConvertible {
    case disk(action: String, path: String, reason: String)
    /// The contact's name could not be a file's name.
    case badContact(String)
    /// Nothing is open under this number.
    case notOpen(UInt32)
    /// A disk that took nothing for long: so many payloads of one recording were not kept.
    case lost(contact: String, payloads: UInt64)
    /// A recording that could not be written works again.
    case recovered(contact: String)

    public var description: String {
        switch self {
        case .disk(let action, let path, let reason): "recordings: cannot \(action) \(path): \(reason)"
        case .badContact(let contact): "recordings: \"\(contact)\" cannot be a recording's name"
        case .notOpen(let recording): "recordings: \(recording) is not open"
        case .lost(let contact, let payloads): "recordings: \(payloads) packets of \(contact) could not be kept"
        case .recovered(let contact): "recordings: \(contact) is being written again"
        }
    }
}
