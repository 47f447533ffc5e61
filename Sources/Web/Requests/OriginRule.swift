// Which other pages may make a browser act here: none but our own.

/// Compares a request's Origin (RFC 6454 §7) with the address under which the browser reached us.
struct OriginRule: Sendable {
    let isSecure: Bool
    let allowed: Set<String>

    init(isSecure: Bool, allowed: [String]) {
        self.isSecure = isSecure
        self.allowed = Set(allowed.map { $0.lowercased() })
    }

    /// Browsers send Origin with every WebSocket and every unsafe request; without it nobody is let in.
    func permits(origin: String?, host: String?) -> Bool {
        guard let origin = origin?.lowercased(), origin != "null" else { return false }
        if allowed.contains(origin) { return true }
        guard let host = host?.lowercased(), !host.isEmpty else { return false }
        return origin == (isSecure ? "https://" : "http://") + host
    }
}
