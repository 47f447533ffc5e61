// The numbers by which prompts are chosen on the telephone.

import IVR

/// All prompts that can be recorded, counted from 1 as the page lists them: hotlines by name, each in the order of its file.
struct PhoneOrder: Sendable {
    private let lines: [PromptLine]
    private let numbers: [PromptPlace: Int]

    init(_ hotlines: [Hotline]) {
        lines = hotlines.flatMap(\.promptSheet).filter(\.isRecordable)
        numbers = Dictionary(lines.enumerated().map { ($1.place, $0 + 1) }) { first, _ in first }
    }

    func number(of line: PromptLine) -> Int? { numbers[line.place] }

    func line(_ number: Int) -> PromptLine? { lines.indices.contains(number - 1) ? lines[number - 1] : nil }

    /// Those behind a number, then those before it.
    func lines(after number: Int) -> [PromptLine] {
        let place = min(max(number, 0), lines.count)
        return Array(lines[place...] + lines[..<max(place - 1, 0)])
    }
}
