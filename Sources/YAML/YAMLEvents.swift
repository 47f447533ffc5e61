// Owns one libyaml parser and reads its events (YAML 1.1). The only file that imports CYAML.

import CYAML

/// One event with the index of the scalar (Unicode code point) at which it begins.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart(hasDirectives: Bool)
        case documentEnd
        case alias(name: String)
        case scalar(text: String)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    let kind: Kind
    let index: Int
    var anchor: String?
    var tag: String?
}

/// Why libyaml stopped.
struct YAMLSyntaxError: Error {
    enum Place {
        case scalar(index: Int)
        case byte(offset: Int)
    }

    let message: FindingText
    let place: Place
}

/// The events of one text. Ends with `streamEnd` or an error; not to be asked again after either.
final class YAMLEvents {
    // Pointers, because libyaml keeps addresses into the parser and into the input: neither may move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let input: UnsafeMutableBufferPointer<UInt8>

    init(_ utf8: some Collection<UInt8>) {
        input = .allocate(capacity: max(utf8.count, 1))
        _ = input.initialize(fromContentsOf: utf8)
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else { fatalError("out of memory for a YAML parser") }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, input.baseAddress, utf8.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
        input.deallocate()
    }

    func next() throws(YAMLSyntaxError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw syntaxError() }
        defer { yaml_event_delete(&event) }
        return Self.copy(event)
    }

    private static func copy(_ event: yaml_event_t) -> YAMLEvent {
        let index = Int(event.start_mark.index)
        switch event.type {
        case YAML_DOCUMENT_START_EVENT:
            let start = event.data.document_start
            let directives = start.version_directive != nil || start.tag_directives.start != start.tag_directives.end
            return YAMLEvent(kind: .documentStart(hasDirectives: directives), index: index)
        case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, index: index)
        case YAML_ALIAS_EVENT:
            return YAMLEvent(kind: .alias(name: string(event.data.alias.anchor) ?? ""), index: index)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return YAMLEvent(
                kind: .scalar(text: text), index: index, anchor: string(scalar.anchor), tag: string(scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return YAMLEvent(
                kind: .sequenceStart, index: index, anchor: string(start.anchor), tag: string(start.tag))
        case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .sequenceEnd, index: index)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return YAMLEvent(kind: .mappingStart, index: index, anchor: string(start.anchor), tag: string(start.tag))
        case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, index: index)
        case YAML_STREAM_START_EVENT: return YAMLEvent(kind: .streamStart, index: index)
        default: return YAMLEvent(kind: .streamEnd, index: index)  // because YAML_NO_EVENT also means there is no more
        }
    }

    private func syntaxError() -> YAMLSyntaxError {
        let problem =
            parser.pointee.problem.map { FindingText(foreign: String(cString: $0)) } ?? "cannot be read as YAML"
        switch parser.pointee.error {
        case YAML_READER_ERROR:
            return YAMLSyntaxError(message: problem, place: .byte(offset: Int(parser.pointee.problem_offset)))
        case YAML_MEMORY_ERROR:
            return YAMLSyntaxError(message: "too large to be read", place: .scalar(index: 0))
        default:
            let context = parser.pointee.context.map { FindingText(foreign: String(cString: $0)) }
            let index = Int(parser.pointee.problem_mark.index)
            return YAMLSyntaxError(
                message: context.map { "\($0): \(problem)" } ?? problem, place: .scalar(index: index))
        }
    }

    private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        text.map { String(cString: $0) }
    }
}
