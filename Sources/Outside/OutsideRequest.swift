// One of the two things that we want of a system on the web: an answer, or that it takes a message.

import AsyncHTTPClient
import Foundation
import NIOHTTP1

enum OutsideRequest: Sendable {
    case lookup(LookupRequest)
    case post(FormPost)

    var url: OutsideURL {
        switch self {
        case .lookup(let lookup): lookup.url
        case .post(let post): post.url
        }
    }

    var within: Duration {
        switch self {
        case .lookup(let lookup): lookup.within
        case .post: FormPost.within
        }
    }

    func message() throws -> HTTPClientRequest {
        var message = HTTPClientRequest(url: url.text)
        message.headers.add(name: "User-Agent", value: "Centrala")
        switch self {
        case .lookup(let lookup):
            message.headers.add(name: "Accept", value: "application/json")
            guard let send = lookup.send else { break }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            message.method = .POST
            message.headers.add(name: "Content-Type", value: "application/json")
            message.body = .bytes(try encoder.encode(send))
        case .post(let post):
            message.method = .POST
            message.headers.add(name: "Content-Type", value: post.contentType)
            message.headers.add(name: "Idempotency-Key", value: post.id)
            message.body = .bytes(post.body)
        }
        return message
    }
}
