// Files over HTTP: validators and byte ranges (RFC 9110 §13, §14).

import Foundation
import Hummingbird

/// One file on disk, answered whole, in part, or as "unchanged".
struct FileSlice: Sendable {
    let path: String
    let type: String

    /// What a Range header asks for.
    enum Range: Equatable {
        case whole
        case part(ClosedRange<Int>)
        case unsatisfiable
    }

    /// Throws 404 when there is no such file.
    func response(to request: Request, _ context: PageContext) async throws -> Response {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: realPath),
            attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int,
            let modified = attributes[.modificationDate] as? Date
        else { throw HTTPError(.notFound) }
        let tag = "\"\(String(Int(modified.timeIntervalSince1970 * 1000), radix: 36))-\(String(size, radix: 36))\""
        var headers: HTTPFields = [.contentType: type, .acceptRanges: "bytes", .eTag: tag]
        if request.headers[values: .ifNoneMatch].contains(where: { $0.contains(tag) }) {
            return Response(status: .notModified, headers: headers)
        }
        let isCurrent = request.headers[.ifRange].map { $0 == tag } ?? true
        switch isCurrent ? Self.range(request.headers[.range], size: size) : .whole {
        case .whole:
            return Response(
                status: .ok, headers: headers, body: try await FileIO().loadFile(path: path, context: context))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
            return Response(
                status: .partialContent, headers: headers,
                body: try await FileIO().loadFile(path: path, range: range, context: context))
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    private var realPath: String { URL(fileURLWithPath: path).resolvingSymlinksInPath().path }

    /// §14.2: whatever is not understood, several ranges too, is answered with the whole.
    static func range(_ header: String?, size: Int) -> Range {
        guard let header, header.hasPrefix("bytes=") else { return .whole }
        let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2, ends.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }) else { return .whole }
        switch (Int(ends[0]), Int(ends[1])) {
        case (let first?, let last?):
            guard first <= last else { return .whole }
            return first < size ? .part(first...min(last, size - 1)) : .unsatisfiable
        case (let first?, nil):
            guard ends[1].isEmpty else { return .whole }
            return first < size ? .part(first...(size - 1)) : .unsatisfiable
        case (nil, let suffix?):
            guard ends[0].isEmpty else { return .whole }
            return suffix > 0 && size > 0 ? .part(max(0, size - suffix)...(size - 1)) : .unsatisfiable
        case (nil, nil): return .whole
        }
    }
}

extension Site {
    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "json": "application/json",
        "map": "application/json", "svg": "image/svg+xml",
    ]

    func asset(_ request: Request, _ context: PageContext) async throws -> Response {
        var response = try await file(under: resources + "/assets", prefix: "/assets/", request, context)
        response.headers[.cacheControl] = "no-cache"
        return response
    }

    func bootstrap(_ request: Request, _ context: PageContext) async throws -> Response {
        try await library(configuration.bootstrapDirectory, "/assets/bootstrap/", request, context)
    }

    func codemirror(_ request: Request, _ context: PageContext) async throws -> Response {
        try await library(configuration.codemirrorDirectory, "/assets/codemirror/", request, context)
    }

    private func library(
        _ folder: String, _ prefix: String, _ request: Request, _ context: PageContext
    ) async throws -> Response {
        var response = try await file(under: folder, prefix: prefix, request, context)
        response.headers[.cacheControl] = "public, max-age=86400"
        return response
    }

    private func file(
        under folder: String, prefix: String, _ request: Request, _ context: PageContext
    ) async throws -> Response {
        guard let name = Self.safeName(request.uri.path.dropFirst(prefix.count)),
            let type = Self.types[String(name.split(separator: ".").last ?? "")]
        else { throw HTTPError(.notFound) }
        return try await FileSlice(path: folder + "/" + name, type: type).response(to: request, context)
    }

    /// Folders and a file, each of plain letters, digits, hyphen, underscore and dot, none beginning with a dot. All
    /// else, percent signs too, is no file of ours.
    static func safeName(_ text: some StringProtocol) -> String? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && !part.hasPrefix(".")
                && part.utf8.allSatisfy { byte in
                    byte < 128 && (Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber)
                        || "-_.".utf8.contains(byte)
                }
        }
        return isPlain && parts.count <= 5 ? String(text) : nil
    }
}
