// A letter with a sound file, byte for byte (RFC 5322, MIME of RFC 2045).

public import Foundation

/// The same letter is the same bytes at each try, with the same `Message-ID`: whoever gets it twice can tell.
public struct Letter: Sendable {
    /// A file that goes with it.
    public struct Attachment: Sendable {
        public var name: String
        /// `audio/mpeg`
        public var type: String
        public var content: Data

        public init(name: String, type: String, content: Data) {
            self.name = name
            self.type = type
            self.content = content
        }
    }

    public var to: MailAddress
    public var subject: String
    public var text: String
    public var attachment: Attachment?
    /// Letters, digits and hyphens; no other letter of this server has it.
    public var id: String
    /// Unix ms.
    public var date: Int64

    public init(
        to: MailAddress, subject: String, text: String, attachment: Attachment?, id: String, date: Int64
    ) {
        self.to = to
        self.subject = subject
        self.text = text
        self.attachment = attachment
        self.id = id
        self.date = date
    }

    func bytes(from: MailAddress) -> Data {
        let boundary = "centrala-\(id)"
        var lines = [
            "From: <\(from.text)>", "To: <\(to.text)>", "Subject: \(HeaderText.encoded(subject))",
            "Date: \(Self.day(date))", "Message-ID: <\(id)@\(from.domain.text)>",
            // Robots do not answer it (RFC 3834 §5).
            "Auto-Submitted: auto-generated",
            "MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=\"\(boundary)\"", "",
            "--\(boundary)", "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64", "",
        ]
        lines += Self.base64(Data(text.utf8))
        if let attachment {
            lines += [
                "--\(boundary)", "Content-Type: \(attachment.type); name=\"\(attachment.name)\"",
                "Content-Transfer-Encoding: base64",
                "Content-Disposition: attachment; filename=\"\(attachment.name)\"", "",
            ]
            lines += Self.base64(attachment.content)
        }
        lines += ["--\(boundary)--", ""]
        return Data(lines.joined(separator: "\r\n").utf8)
    }

    /// Lines of 76 characters (RFC 2045 §6.8), in one text.
    private static func base64(_ data: Data) -> [String] {
        [
            data.base64EncodedString(options: [
                .lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed,
            ])
        ]
    }

    /// `Sat, 21 Nov 2026 14:05:09 +0000`
    private static func day(_ unixMilliseconds: Int64) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = .gmt
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss Z"
        return format.string(from: Date(timeIntervalSince1970: Double(unixMilliseconds / 1000)))
    }
}
