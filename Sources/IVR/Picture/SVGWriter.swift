// Writes SVG text: elements, escaped attributes, the style of the picture.

/// One SVG document as it grows.
struct SVGWriter {
    private(set) var text = ""

    mutating func begin(width: Double, height: Double, title: String, summary: String) {
        let (wide, high) = (SVGWriter.number(width), SVGWriter.number(height))
        text += "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(wide)\" height=\"\(high)\" "
        text += "viewBox=\"0 0 \(wide) \(high)\" role=\"group\" aria-labelledby=\"picture-title picture-summary\">\n"
        text += "<title id=\"picture-title\">\(SVGWriter.escaped(title))</title>\n"
        text += "<desc id=\"picture-summary\">\(SVGWriter.escaped(summary))</desc>\n"
        text += "<style>\(SVGWriter.style)</style>\n<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n"
    }

    mutating func open(_ name: String, _ attributes: [(String, String)]) {
        text += "<\(name)\(SVGWriter.list(attributes))>\n"
    }

    mutating func close(_ name: String) { text += "</\(name)>\n" }

    mutating func element(_ name: String, _ attributes: [(String, String)]) {
        text += "<\(name)\(SVGWriter.list(attributes))/>\n"
    }

    mutating func text(
        _ words: String, x: Double, y: Double, style: String, anchor: String? = nil, title: String? = nil
    ) {
        var attributes = [("class", style), ("x", SVGWriter.number(x)), ("y", SVGWriter.number(y))]
        if let anchor { attributes.append(("text-anchor", anchor)) }
        let hint = title.map { "<title>\(SVGWriter.escaped($0))</title>" } ?? ""
        text += "<text\(SVGWriter.list(attributes))>\(hint)\(SVGWriter.escaped(words))</text>\n"
    }

    mutating func link(to target: String, _ words: String, x: Double, y: Double, style: String) {
        text += "<a href=\"\(SVGWriter.escaped(target))\">"
        text +=
            "<text class=\"\(style)\" x=\"\(SVGWriter.number(x))\" y=\"\(SVGWriter.number(y))\" text-anchor=\"end\">"
        text += "\(SVGWriter.escaped(words))</text></a>\n"
    }

    private static func list(_ attributes: [(String, String)]) -> String {
        attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
    }

    static func point(_ point: PictureLayout.Point) -> String { "\(number(point.x)) \(number(point.y))" }

    /// At most one decimal place, a dot whatever the locale.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
    }

    /// Characters that XML 1.0 does not allow are left out.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += " "
            default: if scalar.value >= 0x20, scalar.value & 0xFFFE != 0xFFFE { result.unicodeScalars.append(scalar) }
            }
        }
        return result
    }

    /// Contrast of all text at least 4.5 to 1 on its ground, light and dark.
    private static let style = """
        text{font:13px system-ui,sans-serif;fill:#1b1f24}.paper{fill:#fff}.title{font-size:18px;font-weight:600}\
        .box{fill:#fff;stroke:#57606a}.head{fill:#57606a}.step .name{font-weight:600;fill:#fff}.step .kind{fill:#fff}\
        .words{font-size:12px}.rule{stroke:#d0d7de}.key{font-weight:700}.exit,.note{fill:#57606a}.target{fill:#0550ae}\
        .rec{fill:#b3261e;font-weight:700}.notice{fill:#6639ba;font-weight:700}.begin{fill:#1a7f37}.count{fill:#57606a}\
        .line{fill:none;stroke:#8c959f}.line:not([stroke-width]){stroke-width:1.4}.line.consent{stroke:#b3261e}\
        .menu .head,.ask .head{fill:#0550ae}.queue .head,.callback .head{fill:#116329}.hours .head,.when .head{fill:#7d4e00}\
        .voicemail .head,.survey .head{fill:#6639ba}.hangup .head{fill:#82071e}.transfer .head,.lookup .head{fill:#0a5a66}\
        .head[fill-opacity]~.name,.head[fill-opacity]~.kind{fill:#1b1f24}\
        .step:focus{outline:none}.step:focus .box{stroke:#0550ae;stroke-width:3}a:focus text{text-decoration:underline}\
        @media (prefers-color-scheme:dark){text{fill:#e6edf3}.paper{fill:#0d1117}.box{fill:#161b22;stroke:#8b949e}\
        .rule{stroke:#30363d}.exit,.note,.count{fill:#9ea7b3}.target{fill:#79b8ff}.rec{fill:#ff8a80}.notice{fill:#d2a8ff}\
        .begin{fill:#56d364}.line{stroke:#8b949e}.line.consent{stroke:#ff8a80}\
        .head[fill-opacity]~.name,.head[fill-opacity]~.kind{fill:#e6edf3}}
        """
}
