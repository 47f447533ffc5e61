// The picture of a hotline: everything is in it, nothing lies on anything else, and it is XML.

import Foundation
import FoundationXML
import TestTools
import Testing

@testable import IVR

@Suite struct PictureTests {
    private func infolinia() throws -> Hotline {
        let checked = HotlineChecker.check(path: Fixture.path("infolinia.yaml"), surroundings: Fixture.surroundings)
        return try #require(checked.hotline)
    }

    private func parses(_ svg: String) -> Bool { XMLParser(data: Data(svg.utf8)).parse() }

    @Test(arguments: ["pl", "en"])
    func `every step is a box, every exit a row that names its target`(language: String) throws {
        let hotline = try infolinia()
        let svg = HotlinePicture(hotline, language: language).svg
        #expect(parses(svg))
        for step in hotline.steps.values {
            #expect(svg.contains("id=\"step-\(step.name)\""))
            for exit in hotline.exits(of: step) { #expect(svg.contains("href=\"#step-\(exit.exit.step)\"")) }
        }
        let rows = hotline.steps.values.reduce(0) { $0 + hotline.exits(of: $1).count }
        #expect(svg.components(separatedBy: "class=\"target\"").count - 1 == rows)
    }

    @Test func `the notice and the steps where callers may be recorded are marked`() throws {
        let hotline = try infolinia()
        let nodes = hotline.pictureNodes(language: "pl")
        #expect(nodes.filter(\.hasNotice).map(\.name) == ["zgoda", "poczta"])
        #expect(nodes.filter(\.records).map(\.name) == ["rozmowa", "czekam", "poczta"])
        let consent = try #require(nodes.first { $0.name == "zgoda" })
        #expect(consent.rows.map(\.recording) == [true, false, nil])
    }

    @Test func `words that look like markup are written as text`() throws {
        let hotline = try Fixture.hotline(
            steps: "start: { hangup: a }",
            more: "title: 'A & B <script>\"'")
        let svg = HotlinePicture(hotline, language: "pl").svg
        #expect(parses(svg))
        #expect(svg.contains("A &amp; B &lt;script&gt;&quot;") && !svg.contains("<script>"))
    }

    @Test func `traffic colours heads, counts rows and shows where callers hung up`() throws {
        var traffic = PictureTraffic()
        traffic.steps["powitanie"] = .init(entries: 200, hangUps: 3, next: [.init(exit: "then", step: "jezyk"): 197])
        traffic.steps["jezyk"] = .init(entries: 100, next: [.init(exit: nil, step: "godziny"): 90])
        let svg = HotlinePicture(try infolinia(), language: "en", traffic: traffic).svg
        #expect(parses(svg))
        #expect(svg.contains("× 3") && svg.contains("jezyk (197)"))
        #expect(svg.contains("godziny (Σ 90)"), "three exits lead there, and which was taken was not written down")
        #expect(svg.contains("fill-opacity=\"0.5\"") && svg.contains("fill-opacity=\"0.3\""))
    }

    @Test func `exits that lead to one step are counted apart as far as it is known which was taken`() throws {
        let hotline = try infolinia()
        let node = try #require(hotline.pictureNodes(language: "pl").first { $0.name == "jezyk" })
        let rows = node.rows.filter { $0.target == "godziny" }
        #expect(rows.count == 3)
        var visits = PictureTraffic.Visits(entries: 60)
        for (row, count) in zip(rows, [30, 20, 0]) where count > 0 {
            visits.next[.init(exit: row.label, step: "godziny")] = count
        }
        #expect(rows.map { visits.taken($0, of: node).surely } == [30, 20, 0])
        #expect(rows.map { visits.taken($0, of: node).perhaps } == [0, 0, 0])
        visits.next[.init(exit: nil, step: "godziny")] = 7
        visits.next[.init(exit: "key 9", step: "godziny")] = 3
        #expect(rows.map { visits.taken($0, of: node).perhaps } == [10, 10, 10], "an exit of a former version too")
        let svg = HotlinePicture(hotline, language: "en", traffic: PictureTraffic(steps: ["jezyk": visits])).svg
        #expect(svg.contains("godziny (30 + Σ 10)") && svg.contains("godziny (Σ 10)"))
    }

    /// Hotlines as no administrator would write them: up to 100 steps that lead anywhere.
    @Test(arguments: 0..<20)
    func `boxes never lie on one another and lines run from left to right between them`(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let count = 2 + seed * 5
        let nodes = (0..<count).map { index in
            let rows = (0..<Int.random(in: 0...6, using: &random)).map { row in
                let target = Bool.random(using: &random) ? index + 1 : Int.random(in: 0..<count, using: &random)
                return PictureNode.Row(label: "key \(row)", target: "s\(target)")
            }
            return PictureNode(name: "s\(index)", kind: "menu", words: "", rows: rows)
        }
        let heights = nodes.map { 40 + 21 * Double($0.rows.count) }
        let layout = PictureLayout(nodes: nodes, heights: heights) { _, row in 40 + 21 * (Double(row) + 0.5) }
        #expect(layout.boxes.count == count)
        for (index, box) in layout.boxes.enumerated() {
            for other in layout.boxes[..<index] where box.at.x == other.at.x {
                let gap = max(box.at.y - other.at.y - other.height, other.at.y - box.at.y - box.height)
                #expect(gap >= PictureLayout.boxGap - 0.01)
            }
        }
        for line in layout.lines {
            #expect(zip(line.points, line.points.dropFirst()).allSatisfy { $0.x < $1.x })
            for point in line.points.dropFirst().dropLast() {
                for box in layout.boxes where point.x >= box.at.x && point.x <= box.at.x + PictureLayout.boxWidth {
                    #expect(point.y < box.at.y || point.y > box.at.y + box.height)
                }
            }
        }
        let size = layout.size
        #expect(layout.boxes.allSatisfy { $0.at.y >= -0.01 && $0.at.y + $0.height <= size.y + 0.01 })
    }
}
