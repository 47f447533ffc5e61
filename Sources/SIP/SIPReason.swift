// Why a call ends, as told to and by the peer (RFC 3326, RFC 6432).

public struct SIPReason: Hashable, Sendable {
    public enum Source: String, Sendable {
        /// A SIP status code.
        case sip = "SIP"
        /// An ITU-T Q.850 cause, as telephone networks give it: 16 is normal clearing.
        case q850 = "Q.850"
    }

    public var source: Source
    public var cause: Int
    public var text: String?

    public init(source: Source, cause: Int, text: String? = nil) {
        self.source = source
        self.cause = cause
        self.text = text
    }

    /// The call ended as calls do.
    public static let normal = SIPReason(source: .q850, cause: 16, text: "Normal call clearing")

    var headerValue: String {
        "\(source.rawValue);cause=\(cause)" + (text.map { ";text=" + SIPText.quoted(String($0.prefix(80))) } ?? "")
    }

    init?(source: String?, cause: String?, text: String?) {
        guard let cause = cause.flatMap({ Int($0) }), 0...999 ~= cause else { return nil }
        switch source?.lowercased() {
        case "sip": self.source = .sip
        case "q.850": self.source = .q850
        default: return nil
        }
        self.cause = cause
        self.text = text.map { $0.trimmed.filter { $0 != "\"" && $0 != "\\" } }
    }
}
