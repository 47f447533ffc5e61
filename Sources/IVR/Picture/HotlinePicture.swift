// A hotline as an SVG picture (W3C SVG 1.1): steps by kind, exits by key, notice and recording marked, calls by colour.

/// Draws one hotline. Pure.
public struct HotlinePicture: Sendable {
    private static let margin = 24.0

    private let hotline: Hotline
    private let nodes: [PictureNode]
    private let text: PictureText
    private let traffic: PictureTraffic?

    /// - Parameters:
    ///   - language: `pl` or `en`: of the picture's own words; callers hear what is shown in it where the hotline has it.
    ///   - traffic: colours the picture by how many calls took which way.
    public init(_ hotline: Hotline, language: String, traffic: PictureTraffic? = nil) {
        self.hotline = hotline
        let spoken = hotline.languages.contains(language) ? language : hotline.languages.first ?? language
        nodes = hotline.pictureNodes(language: spoken)
        text = PictureText(language: language)
        self.traffic = traffic
    }

    /// The whole file. It needs nothing beside it: no style sheet, no script, no font.
    public var svg: String {
        let words = nodes.map { PictureText.lines($0.words, width: PictureText.wordsWidth, count: 2) }
        let bodies = words.map { PictureText.headHeight + 8 + Double($0.count) * PictureText.lineHeight }
        let heights = nodes.indices.map { bodies[$0] + Double(nodes[$0].rows.count) * PictureText.rowHeight + 6 }
        let layout = PictureLayout(nodes: nodes, heights: heights) { node, row in
            bodies[node] + (Double(row) + 0.5) * PictureText.rowHeight
        }
        var svg = SVGWriter()
        let width = max(layout.size.x, 560) + 2 * HotlinePicture.margin
        svg.begin(
            width: width, height: layout.size.y + 2 * HotlinePicture.margin + 82, title: text.title(hotline.title),
            summary: text.summary(steps: nodes.count))
        svg.open("g", [("transform", "translate(\(SVGWriter.number(HotlinePicture.margin)) 76)")])
        for line in layout.lines { draw(line, &svg) }
        for box in layout.boxes { draw(box, words[box.node], bodies[box.node], layout, &svg) }
        svg.close("g")
        legend(&svg)
        svg.close("svg")
        return svg.text
    }

    private func legend(_ svg: inout SVGWriter) {
        svg.text(text.title(hotline.title), x: HotlinePicture.margin, y: 28, style: "title")
        var marks = [("notice", "§ \(text.notice)"), ("rec", "● \(text.recorded)")]
        if traffic != nil { marks.append(("count", "\(text.busy) · × \(text.hangUps) · Σ \(text.together)")) }
        var x = HotlinePicture.margin
        for (style, words) in marks {
            svg.text(words, x: x, y: 48, style: style)
            x += Double(words.count) * 8 + 24
        }
    }

    private func draw(_ line: PictureLayout.Line, _ svg: inout SVGWriter) {
        var path = "M\(SVGWriter.point(line.points[0]))"
        for (from, to) in zip(line.points, line.points.dropFirst()) {
            guard abs(to.y - from.y) > 0.5 else {
                path += "L\(SVGWriter.point(to))"
                continue
            }
            let bend = min(60, (to.x - from.x) / 2)
            path += "C\(SVGWriter.point(.init(x: from.x + bend, y: from.y))) "
            path += "\(SVGWriter.point(.init(x: to.x - bend, y: to.y))) \(SVGWriter.point(to))"
        }
        let node = nodes[line.node]
        let row = node.rows[line.row]
        var attributes = [("class", row.recording == true ? "line consent" : "line"), ("d", path)]
        if let taken = traffic?.steps[node.name]?.taken(row, of: node), let busiest = traffic?.busiest, busiest > 0 {
            let share = Double(taken.surely + taken.perhaps) / Double(busiest)
            attributes.append(("stroke-width", SVGWriter.number(1 + 7 * share)))
        }
        svg.element("path", attributes)
    }

    private func draw(
        _ box: PictureLayout.Box, _ words: [String], _ body: Double, _ layout: PictureLayout, _ svg: inout SVGWriter
    ) {
        let node = nodes[box.node]
        let visits = traffic?.steps[node.name]
        svg.open(
            "g",
            [
                ("id", "step-\(node.name)"), ("class", "step \(node.kind)"), ("tabindex", "0"), ("role", "group"),
                ("aria-label", spoken(node, visits)),
                ("transform", "translate(\(SVGWriter.point(box.at)))"),
            ])
        svg.element(
            "rect", [("class", "box"), ("width", "244"), ("height", SVGWriter.number(box.height)), ("rx", "6")])
        var head = [("class", "head"), ("d", "M0 26V6Q0 0 6 0H238Q244 0 244 6V26Z")]
        // At half its strength each colour still leaves the name a contrast of 4.5, dark on light and light on dark.
        if let share = share(visits) { head.append(("fill-opacity", SVGWriter.number(0.1 + 0.4 * share))) }
        svg.element("path", head)
        svg.text(PictureText.clipped(node.name, 22), x: 10, y: 18, style: "name")
        svg.text(text.kind(node.kind), x: 234, y: 18, style: "kind", anchor: "end")
        for (number, line) in words.enumerated() {
            svg.text(
                line, x: 10, y: PictureText.headHeight + 17 + Double(number) * PictureText.lineHeight, style: "words")
        }
        marks(node, visits, &svg)
        for (number, row) in node.rows.enumerated() {
            draw(row, of: node, top: body + Double(number) * PictureText.rowHeight, visits, &svg)
        }
        svg.close("g")
    }

    /// Notice, recording and hang-ups stand on the upper edge of the box.
    private func marks(_ node: PictureNode, _ visits: PictureTraffic.Visits?, _ svg: inout SVGWriter) {
        var marks: [(style: String, sign: String, title: String)] = []
        if node.name == hotline.start.step { marks.append(("begin", "▶", text.start)) }
        if node.hasNotice { marks.append(("notice", "§", text.notice)) }
        if node.records { marks.append(("rec", "●", text.recorded)) }
        if let visits {
            marks.append(("count", "\(visits.entries)", text.entries))
            if visits.hangUps > 0 { marks.append(("rec", "× \(visits.hangUps)", text.hangUps)) }
        }
        var x = 10.0
        for mark in marks {
            svg.text(mark.sign, x: x, y: -4, style: mark.style, title: mark.title)
            x += 12 + 7 * Double(mark.sign.count)
        }
    }

    private func draw(
        _ row: PictureNode.Row, of node: PictureNode, top: Double, _ visits: PictureTraffic.Visits?,
        _ svg: inout SVGWriter
    ) {
        let middle = top + PictureText.rowHeight / 2
        svg.element("path", [("class", "rule"), ("d", "M0 \(SVGWriter.number(top))H244")])
        let label = PictureText.clipped(text.exit(row.label), PictureText.rowWidth - 6)
        svg.text(label, x: 10, y: middle + 4, style: row.label.hasPrefix("key") ? "key" : "exit")
        var x = 18 + Double(label.count) * 7.2
        if let recording = row.recording {
            svg.text(
                recording ? "●" : "○", x: x, y: middle + 4, style: "rec", title: recording ? text.consent : text.refusal
            )
            x += 14
        }
        if let note = row.note { svg.text(PictureText.clipped(note, 12), x: x, y: middle + 4, style: "note") }
        let count = visits.map { Self.count($0.taken(row, of: node)) } ?? ""
        svg.link(
            to: "#step-\(row.target)", PictureText.clipped(row.target, PictureText.rowWidth) + count, x: 236,
            y: middle + 4, style: "target")
    }

    private static func count(_ taken: (surely: Int, perhaps: Int)) -> String {
        switch taken {
        case (0, 0): ""
        case (let surely, 0): " (\(surely))"
        case (0, let perhaps): " (Σ \(perhaps))"
        case (let surely, let perhaps): " (\(surely) + Σ \(perhaps))"
        }
    }

    private func share(_ visits: PictureTraffic.Visits?) -> Double? {
        guard let traffic else { return nil }
        let busiest = traffic.busiest
        return busiest == 0 ? 0 : Double(visits?.entries ?? 0) / Double(busiest)
    }

    /// The box for those who hear the page.
    private func spoken(_ node: PictureNode, _ visits: PictureTraffic.Visits?) -> String {
        var parts = ["\(node.name), \(text.kind(node.kind))"]
        if !node.words.isEmpty { parts.append(PictureText.clipped(node.words, 120)) }
        if node.hasNotice { parts.append(text.notice) }
        if node.records { parts.append(text.recorded) }
        if let visits { parts.append("\(text.entries): \(visits.entries), \(text.hangUps): \(visits.hangUps)") }
        parts += node.rows.map { "\(text.exit($0.label)) → \($0.target)" }
        return parts.joined(separator: "; ")
    }
}
