// What the web server needs to know before it starts.

/// Where to listen, with which certificate, and where the files are that pages are made of.
public struct WebConfiguration: Sendable {
    /// The address to listen on, IPv4 or IPv6 without brackets.
    public var address = "127.0.0.1"
    /// The TCP port for pages and WebSockets; 0 lets the system choose one (see `WebServer.listeningPort()`).
    public var port = 8080
    /// PEM files. With both the port speaks HTTPS only; without, plain HTTP, and browsers then give a microphone to
    /// `localhost` and `127.0.0.1` alone.
    public var certificatePath: String?
    public var privateKeyPath: String?
    /// Origins (`https://hotline.example`) under which a reverse proxy shows these pages, besides our own.
    public var allowedOrigins: [String] = []
    /// Bootstrap 5 as Debian's libjs-bootstrap5 installs it, served under /assets/bootstrap/.
    public var bootstrapDirectory = "/usr/share/javascript/bootstrap5"
    /// CodeMirror 5 as Debian's libjs-codemirror installs it, served under /assets/codemirror/.
    public var codemirrorDirectory = "/usr/share/javascript/codemirror"
    /// Templates, texts, styles and scripts; nil: the ones built into the package.
    public var resourcesDirectory: String?
    /// Whether anybody may dial from the page /call; otherwise only who is logged in.
    public var publicCallPage = true
    /// More connections than this wait in the system's backlog.
    public var maximumConnections = 1_000

    public init() {}

    var isSecure: Bool { certificatePath != nil }
}
