// "Did you mean …?": the known name with the smallest edit distance.

/// Guesses which known name was meant.
public enum Similarity {
    /// `did you mean 'x'?`, when one of the names is near enough to be a slip of the fingers.
    public static func hint(for written: String, among known: some Sequence<String>) -> FindingText? {
        nearest(to: written, among: known).map { "did you mean '\($0)'?" }
    }

    /// The nearest name, at most a third of its letters away (one for short names); the first of equals in the alphabet.
    public static func nearest(to written: String, among known: some Sequence<String>) -> String? {
        guard written.count <= 60 else { return nil }
        let letters = Array(written.lowercased())
        var best: (name: String, distance: Int)?
        for name in known where name != written {
            let allowed = max(1, min(3, max(name.count, written.count) / 3))
            guard abs(name.count - written.count) <= allowed else { continue }
            let distance = distance(letters, Array(name.lowercased()))
            guard distance <= allowed, distance < name.count else { continue }
            if let best, (best.distance, best.name) <= (distance, name) { continue }
            best = (name, distance)
        }
        return best?.name
    }

    /// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours count one each.
    static func distance(_ a: [Character], _ b: [Character]) -> Int {
        var twoBefore = [Int](repeating: 0, count: b.count + 1)
        var before = Array(0...b.count)
        for i in 0..<a.count {
            var row = [i + 1]
            row.reserveCapacity(b.count + 1)
            for j in 0..<b.count {
                var cost = min(row[j] + 1, before[j + 1] + 1, before[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, twoBefore[j - 1] + 1) }
                row.append(cost)
            }
            twoBefore = before
            before = row
        }
        return before[b.count]
    }
}
