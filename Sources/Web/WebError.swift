// What can go wrong when the web server starts.

/// Each says to an administrator what to mend.
public enum WebError: Error, CustomStringConvertible, Equatable {
    /// Templates or texts are not in this folder.
    case missingResources(String)
    /// A certificate without its key, or a key without its certificate.
    case halfCertificate
    /// The certificate or key cannot be read.
    case badCertificate(String)

    public var description: String {
        switch self {
        case .missingResources(let folder): "The pages' templates are not in \(folder)."
        case .halfCertificate: "HTTPS needs both a certificate and its private key."
        case .badCertificate(let why): "The certificate or its private key cannot be used: \(why)"
        }
    }
}
