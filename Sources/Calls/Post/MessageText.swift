// What is written with a caller's message: for people in the hotline's language, for programs as JSON.

import Foundation
import Store
import YAML

struct MessageText {
    private let item: FollowUp
    private let delivery: Delivery
    private let hasSound: Bool
    private let language: ReportLanguage
    /// Of the page "To do" at this message.
    private let link: String?

    /// - Parameter pages: the address of the pages, without a slash at its end.
    init(_ item: FollowUp, _ delivery: Delivery, hasSound: Bool, pages: String?) {
        self.item = item
        self.delivery = delivery
        self.hasSound = hasSound
        language = ReportLanguage(rawValue: delivery.language) ?? .en
        link = pages.map { "\($0)/followups?all=1#\(item.id)" }
    }

    var file: String { "\(item.id).mp3" }

    var subject: String {
        let who = item.number.map { language.text("od \($0)", "from \($0)") }
        let withheld = language.text("z numeru zastrzeżonego", "from a withheld number")
        return language.text("Wiadomość głosowa", "Voice message") + " \(who ?? withheld) – \(delivery.title)"
    }

    var body: String {
        var lines = [
            language.text("Infolinia", "Hotline") + ": \(delivery.title)",
            language.text("Skrzynka", "Mailbox") + ": \(item.place)",
            language.text("Numer", "Number") + ": " + (item.number ?? language.text("zastrzeżony", "withheld")),
            language.text("Kiedy", "When") + ": \(moment("yyyy-MM-dd HH:mm")) (\(delivery.zone))",
            language.text("Długość", "Length") + ": \(length)", "",
        ]
        lines.append(
            hasSound
                ? language.text("Nagranie jest w załączniku.", "The recording is attached.")
                : language.text(
                    "Nagranie jest za duże, aby je wysłać; można je odsłuchać na stronie „Do załatwienia”.",
                    "The recording is too large to be sent; it can be heard on the page \"To do\"."))
        if let link { lines.append(language.text("Do załatwienia", "To do") + ": \(link)") }
        // What callers and files say stays in its line.
        return lines.map(Self.oneLine).joined(separator: "\r\n") + "\r\n"
    }

    /// The keys stand in docs/mailboxes.md.
    var json: Data {
        struct Message: Encodable {
            let id, contact, hotline, title, mailbox, language, at: String
            let number, link: String?
            let seconds: Double
            let sound: Bool
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let message = Message(
            id: item.id, contact: item.contact, hotline: item.hotline ?? "", title: delivery.title, mailbox: item.place,
            language: item.language ?? delivery.language, at: moment("yyyy-MM-dd'T'HH:mm:ssxxx"), number: item.number,
            link: link, seconds: Double(item.duration ?? 0) / 1000, sound: hasSound)
        // because texts and finite numbers can always be encoded.
        return try! encoder.encode(message)
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private var length: String {
        let seconds = (item.duration ?? 0) / 1000
        return "\(seconds / 60):\(seconds % 60 < 10 ? "0" : "")\(seconds % 60)"
    }

    /// When the message was complete, on the hotline's clock.
    private func moment(_ pattern: String) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(identifier: delivery.zone) ?? .gmt
        format.dateFormat = pattern
        return format.string(from: Date(timeIntervalSince1970: Double(item.at) / 1000))
    }
}
