// What is sent to a web address: a form with files (multipart/form-data, RFC 7578).

public import Foundation

public struct FormPost: Sendable {
    public struct Part: Sendable {
        /// `name`, `type` and `file` are ours: letters, digits and .-_/ only.
        let name: String
        let type: String
        let file: String?
        let content: Data

        public init(name: String, type: String, file: String? = nil, content: Data) {
            self.name = name
            self.type = type
            self.file = file
            self.content = content
        }
    }

    /// For everything: a long message on a slow line.
    static let within = Duration.seconds(60)

    let url: OutsideURL
    /// Letters, digits and hyphens: the same at each try, so that whoever gets it twice can tell.
    let id: String
    let parts: [Part]

    public init(url: OutsideURL, id: String, parts: [Part]) {
        self.url = url
        self.id = id
        self.parts = parts
    }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    private var boundary: String { "centrala-\(id)" }

    var body: Data {
        var body = Data()
        for part in parts {
            let file = part.file.map { "; filename=\"\($0)\"" } ?? ""
            let head =
                "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(part.name)\"\(file)\r\nContent-Type: \(part.type)\r\n\r\n"
            body += Data(head.utf8) + part.content + Data("\r\n".utf8)
        }
        return body + Data("--\(boundary)--\r\n".utf8)
    }
}
