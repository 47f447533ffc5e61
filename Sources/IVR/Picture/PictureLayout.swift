// Where the boxes of a picture stand: columns by the number of steps from the start, few crossings, lines that do not run
// through boxes. A layered drawing after Sugiyama, Tagawa and Toda (1981), small enough to read.

/// Columns from left to right; a line that would be long or run back is left out, its row names its target.
struct PictureLayout {
    static let boxWidth = 244.0
    static let columnGap = 96.0
    static let boxGap = 22.0
    /// Lines over more columns than this are not drawn: nobody can follow them.
    static let longestLine = 3
    /// A step that more rows than this lead to is named by them and not joined: the lines would hide everything else.
    static let mostLines = 5

    struct Point: Equatable {
        var x: Double
        var y: Double
    }

    struct Box {
        let node: Int
        var at: Point
        let height: Double
    }

    struct Line {
        let node: Int
        let row: Int
        /// From the row's right end to the target's left side, with the gaps it passes in between.
        let points: [Point]
    }

    private(set) var boxes: [Box] = []
    private(set) var lines: [Line] = []
    private(set) var size = Point(x: 0, y: 0)

    /// A place in a column: a box, or a gap that a line passes.
    private struct Place {
        /// Nil for a gap.
        let node: Int?
        let height: Double
        var y = 0.0
        /// Places one column to the left, with the offset of the line on them.
        var left: [(place: Int, offset: Double)] = []
        var right: [Int] = []
    }

    private struct Draft {
        let node: Int
        let row: Int
        var passes: [Int]
    }

    private var places: [Place] = []
    private var columns: [[Int]] = []
    private var drafts: [Draft] = []

    /// - Parameters:
    ///   - nodes: the start first.
    ///   - heights: of each box.
    ///   - rowOffset: the middle of a row below its box's top.
    init(nodes: [PictureNode], heights: [Double], rowOffset: (_ node: Int, _ row: Int) -> Double) {
        guard !nodes.isEmpty else { return }
        let graph = Graph(nodes)
        place(graph, heights: heights, rowOffset: rowOffset)
        for round in 0..<12 { sort(leftwards: round % 2 == 1) }
        stack()
        for _ in 0..<8 { settle() }
        finish(nodes.count, rowOffset: rowOffset)
    }

    /// The steps and their exits as numbers.
    private struct Graph {
        var column: [Int]
        /// Exits that are drawn as lines: from, row, to.
        var lines: [(from: Int, row: Int, to: Int)] = []

        init(_ nodes: [PictureNode]) {
            let index = Dictionary(nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
            let targets = nodes.map { $0.rows.map { index[$0.target] } }
            column = Graph.columns(targets)
            var arriving = [Int](repeating: 0, count: nodes.count)
            for row in targets.joined() { if let row { arriving[row] += 1 } }
            for from in nodes.indices {
                for (row, to) in targets[from].enumerated() {
                    guard let to, arriving[to] <= PictureLayout.mostLines else { continue }
                    guard (1...PictureLayout.longestLine).contains(column[to] - column[from]) else { continue }
                    lines.append((from, row, to))
                }
            }
        }

        /// The fewest exits from the start; what no caller can reach begins again in the first column.
        private static func columns(_ targets: [[Int?]]) -> [Int] {
            var column = [Int?](repeating: nil, count: targets.count)
            for root in targets.indices where column[root] == nil {
                column[root] = 0
                var reached = [root]
                var next = 0
                while next < reached.count {
                    let node = reached[next]
                    next += 1
                    for target in targets[node] {
                        guard let target, column[target] == nil else { continue }
                        column[target] = (column[node] ?? 0) + 1
                        reached.append(target)
                    }
                }
            }
            return column.map { $0 ?? 0 }
        }
    }

    private mutating func place(_ graph: Graph, heights: [Double], rowOffset: (Int, Int) -> Double) {
        columns = Array(repeating: [], count: (graph.column.max() ?? 0) + 1)
        for node in graph.column.indices {
            places.append(Place(node: node, height: heights[node]))
            columns[graph.column[node]].append(node)
        }
        for line in graph.lines {
            var draft = Draft(node: line.from, row: line.row, passes: [])
            var last = (place: line.from, offset: rowOffset(line.from, line.row))
            for column in graph.column[line.from] + 1..<max(graph.column[line.from] + 1, graph.column[line.to]) {
                let gap = places.count
                places.append(Place(node: nil, height: 8))
                columns[column].append(gap)
                join(last, gap)
                draft.passes.append(gap)
                last = (gap, 4)
            }
            join(last, line.to)
            draft.passes.append(line.to)
            drafts.append(draft)
        }
    }

    private mutating func join(_ left: (place: Int, offset: Double), _ right: Int) {
        places[right].left.append(left)
        places[left.place].right.append(right)
    }

    /// Orders each column by the middle of its neighbours.
    private mutating func sort(leftwards: Bool) {
        var rank = [Double](repeating: 0, count: places.count)
        for column in columns {
            for (order, place) in column.enumerated() { rank[place] = Double(order) }
        }
        let order = leftwards ? Array(columns.indices.reversed()) : Array(columns.indices)
        for column in order {
            var wish: [Int: Double] = [:]
            for place in columns[column] {
                let neighbours =
                    leftwards
                    ? places[place].right.map { rank[$0] }
                    : places[place].left.map { rank[$0.place] + $0.offset / 10_000 }
                wish[place] = neighbours.isEmpty ? rank[place] : neighbours.reduce(0, +) / Double(neighbours.count)
            }
            let sorted = columns[column].enumerated().sorted { first, second in
                let (one, other) = (wish[first.element] ?? 0, wish[second.element] ?? 0)
                return one == other ? first.offset < second.offset : one < other
            }
            columns[column] = sorted.map(\.element)
            for (order, place) in columns[column].enumerated() { rank[place] = Double(order) }
        }
    }

    private mutating func stack() {
        for column in columns {
            var y = 0.0
            for place in column {
                places[place].y = y
                y += places[place].height + PictureLayout.boxGap
            }
        }
    }

    /// Moves each place towards where its lines come from, without changing the order in its column.
    private mutating func settle() {
        for column in columns {
            let wishes = column.map { place -> Double? in
                let entry = places[place].node == nil ? 4 : PictureText.headHeight / 2
                let pulls = places[place].left.map { places[$0.place].y + $0.offset - entry }
                return pulls.isEmpty ? nil : pulls.reduce(0, +) / Double(pulls.count)
            }
            spread(column, wishes)
        }
    }

    /// Gives places the tops that are nearest to their wishes (least squares) while none overlaps the one above:
    /// neighbours that would overlap move as one block (pool adjacent violators). What wishes nothing joins the block
    /// above it.
    private mutating func spread(_ column: [Int], _ wishes: [Double?]) {
        /// `sum` and `count` of wishes, each less what stands above it in the block.
        var blocks: [(first: Int, sum: Double, count: Int, height: Double)] = []
        for (order, place) in column.enumerated() {
            blocks.append(
                (order, wishes[order] ?? 0, wishes[order] == nil ? 0 : 1, places[place].height + PictureLayout.boxGap))
            while blocks.count > 1 {
                let (above, below) = (blocks[blocks.count - 2], blocks[blocks.count - 1])
                let isApart = above.sum / Double(above.count) + above.height <= below.sum / Double(below.count)
                if above.count > 0, below.count > 0, isApart { break }
                blocks.removeLast(2)
                blocks.append(
                    (
                        above.first, above.sum + below.sum - Double(below.count) * above.height,
                        above.count + below.count, above.height + below.height
                    ))
            }
        }
        for (number, block) in blocks.enumerated() {
            var top = block.count == 0 ? 0 : block.sum / Double(block.count)
            let end = number + 1 < blocks.count ? blocks[number + 1].first : column.count
            for order in block.first..<end {
                places[column[order]].y = top
                top += places[column[order]].height + PictureLayout.boxGap
            }
        }
    }

    private mutating func finish(_ count: Int, rowOffset: (Int, Int) -> Double) {
        let top = places.map(\.y).min() ?? 0
        let step = PictureLayout.boxWidth + PictureLayout.columnGap
        var x = [Double](repeating: 0, count: places.count)
        for (number, column) in columns.enumerated() {
            for place in column {
                places[place].y -= top
                x[place] = Double(number) * step
            }
        }
        boxes = (0..<count).map {
            Box(node: $0, at: Point(x: x[$0], y: places[$0].y), height: places[$0].height)
        }
        for draft in drafts {
            let from = Point(
                x: x[draft.node] + PictureLayout.boxWidth,
                y: places[draft.node].y + rowOffset(draft.node, draft.row))
            var points = [from]
            for pass in draft.passes {
                let item = places[pass]
                guard item.node == nil else {
                    points.append(Point(x: x[pass], y: item.y + PictureText.headHeight / 2))
                    continue
                }
                points.append(Point(x: x[pass], y: item.y + 4))
                points.append(Point(x: x[pass] + PictureLayout.boxWidth, y: item.y + 4))
            }
            lines.append(Line(node: draft.node, row: draft.row, points: points))
        }
        size = Point(
            x: Double(columns.count) * step - PictureLayout.columnGap,
            y: places.map { $0.y + $0.height }.max() ?? 0)
    }
}
