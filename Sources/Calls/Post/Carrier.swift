// Takes one message to its address: by mail or to a system on the web.

import Foundation
import Logging
import Outside
import Store

struct Carrier: Sendable {
    /// Mail servers take 25 MB, a third of which is the encoding.
    static let largest = 18_000_000

    /// Nil: this server cannot send mail.
    let mail: MailClient?
    let outside: LookupClient
    let exports: RecordingExports
    /// Where people reach the pages; nil: letters hold no link.
    let pages: String?
    let log: Logger

    /// Nil: sent.
    func carry(_ item: FollowUp, _ delivery: Delivery) async -> SendError? {
        let sound: Data
        do {
            sound = try await self.sound(of: item)
        } catch {
            log.error("post.sound", metadata: ["message": "\(item.id)", "error": "\(error)"])
            return .noSound
        }
        let text = MessageText(item, delivery, hasSound: !sound.isEmpty, pages: pages)
        if let address = MailAddress(delivery.destination) {
            guard let mail else { return .noMailServer }
            return await mail.send(
                Letter(
                    to: address, subject: text.subject, text: text.body,
                    attachment: sound.isEmpty
                        ? nil : Letter.Attachment(name: text.file, type: "audio/mpeg", content: sound),
                    id: item.id, date: item.at))
        }
        guard let url = try? OutsideURL(delivery.destination) else { return .badAddress }
        var parts = [FormPost.Part(name: "message", type: "application/json", content: text.json)]
        if !sound.isEmpty {
            parts.append(FormPost.Part(name: "sound", type: "audio/mpeg", file: text.file, content: sound))
        }
        return await outside.send(FormPost(url: url, id: item.id, parts: parts))
    }

    /// MP3; empty when it is too large to be sent.
    private func sound(of item: FollowUp) async throws -> Data {
        let path = try await exports.file(message: item.id, format: "mp3")
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
        guard let size, size.intValue <= Self.largest else { return Data() }
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }
}
