// One request and its answer: resolved, checked, connected, read.

import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOSSL
import Timing

struct Exchange: Sendable {
    /// A name may have many addresses; a caller does not wait for all of them.
    private static let addressesTried = 3

    let policy: OutsidePolicy
    let names: NameResolver
    let clients: HTTPClients

    /// Ends soon after its task was cancelled.
    @concurrent func answer(to request: OutsideRequest, now: Instant) async -> LookupAnswer {
        do {
            let host = request.url.host
            let addresses = try await addresses(of: host, now: now)
            if let kind = policy.refusal(of: host, leadingTo: addresses) { return .failed(.addressRefused(kind)) }
            return .answered(try await ask(request, at: addresses.prefix(Self.addressesTried)))
        } catch {
            return .failed(Task.isCancelled ? .cancelled : LookupError(reading: error))
        }
    }

    private func addresses(of host: OutsideURL.Host, now: Instant) async throws -> [IPAddress] {
        switch host {
        case .address(let address): [address]
        case .name(let name): try await names.addresses(of: name, now: now)
        }
    }

    /// The next address is tried only when there was no connection: nothing is ever sent twice.
    private func ask(_ request: OutsideRequest, at addresses: ArraySlice<IPAddress>) async throws -> [String: String] {
        for address in addresses.dropLast() {
            do {
                return try await ask(request, at: address)
            } catch {
                guard LookupError(reading: error) == .unreachable else { throw error }
            }
        }
        guard let last = addresses.last else { throw LookupError.unknownName }
        return try await ask(request, at: last)
    }

    private func ask(_ request: OutsideRequest, at address: IPAddress) async throws -> [String: String] {
        let host = CheckedHost(host: request.url.host, address: address)
        let client = await clients.borrow(host)
        let result: Result<[String: String], any Error>
        do {
            result = .success(try await ask(request, by: client))
        } catch {
            result = .failure(error)
        }
        await clients.giveBack(host)
        return try result.get()
    }

    private func ask(_ request: OutsideRequest, by client: HTTPClient) async throws -> [String: String] {
        // The limit is the caller's, for all of it; this one would end with the head.
        let response = try await client.execute(try request.message(), deadline: .distantFuture)
        switch response.status.code {
        case 200..<300: break
        case 300..<400: throw LookupError.redirected
        case let code: throw LookupError.status(Int(code))
        }
        switch request {
        case .lookup(let lookup):
            guard Self.isJSON(response.headers.first(name: "Content-Type")) else { throw LookupError.notJSON }
            let body = try await response.body.collect(upTo: AnswerReader.largest)
            return try AnswerReader.fields(lookup.wanted, in: Data(body.readableBytesView))
        case .post: return [:]
        }
    }

    /// `application/json`, or a type built on it (RFC 6839 §3.1), with any parameters.
    private static func isJSON(_ contentType: String?) -> Bool {
        guard let type = contentType?.prefix(while: { $0 != ";" }) else { return false }
        let words = type.trimmingCharacters(in: .whitespaces).lowercased()
        return words == "application/json" || words.hasPrefix("application/") && words.hasSuffix("+json")
    }
}

extension LookupError {
    /// What the libraries below say, in our words.
    init(reading error: any Error) {
        switch error {
        case let error as LookupError: self = error
        case is NIOTooManyBytesError: self = .tooLarge
        case NIOSSLError.uncleanShutdown: self = .broken
        case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: self = .untrusted
        case let error as HTTPClientError where Self.noConnectionInTime.contains(error): self = .unreachable
        case ChannelError.connectTimeout: self = .unreachable
        case let error as IOError where Self.noConnection.contains(error.errnoCode): self = .unreachable
        case is CancellationError: self = .cancelled
        default: self = .broken
        }
    }

    private static let noConnectionInTime: [HTTPClientError] = [
        .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout,
    ]

    /// What `connect` gives. None of it comes from a connection that was there, within our time limits.
    private static let noConnection: Set<CInt> = [
        ECONNREFUSED, ENETUNREACH, EHOSTUNREACH, EADDRNOTAVAIL, EAFNOSUPPORT, EACCES, EPERM,
    ]
}
