// The text with which a new hotline begins: a small one, or a copy of one that is there.

import Foundation
import YAML

/// What a page sends to make a hotline.
public struct NewHotline: Sendable {
    /// Of the hotline and, with `.yaml`, of its file.
    public var name: String
    public var number: String
    /// The file to copy; nil: the small one.
    public var model: String?
    /// Who makes it: an account's name.
    public var author: String

    public init(name: String, number: String, model: String?, author: String) {
        self.name = name
        self.number = number
        self.model = model
        self.author = author
    }

    /// Small letters, digits, - and _, at most 40: the same on every file system, and nothing that leads elsewhere.
    public static func isName(_ name: String) -> Bool { name.wholeMatch(of: #/[a-z0-9][a-z0-9_-]{0,39}/#) != nil }

    var file: String { name + ".yaml" }
}

enum HotlineTemplate {
    /// Says one sentence and hangs up; checks clean and has a test.
    static func small(_ new: NewHotline) -> String {
        """
        hotline: 1
        \(head(new))
        timezone: Europe/Warsaw
        languages: [pl]
        start: powitanie

        prompts:
          witamy:
            pl: Dzień dobry. Ta infolinia jest w przygotowaniu. Prosimy zadzwonić później.

        steps:
          powitanie: { hangup: witamy }

        tests:
          - test: kto dzwoni, słyszy powitanie
            expect: [ hear witamy, hang up ]

        """
    }

    /// The same hotline under another name and number. Both stand at the left margin, as does every key of a file's top level.
    static func copy(of text: String, _ new: NewHotline) -> String {
        var lines: [Substring] = []
        var isReplaced = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.first?.isLetter == true {
                let key = line.prefix { $0 != ":" }
                isReplaced = ["name", "title", "numbers"].contains(key)
                if key == "name" { lines += head(new).split(separator: "\n") }
            }
            // A list below its key belongs to it; a comment at the margin does not.
            if isReplaced, line.first == "#" { isReplaced = false }
            if !isReplaced { lines.append(line) }
        }
        return lines.joined(separator: "\n")
    }

    private static func head(_ new: NewHotline) -> String {
        let number = new.number.filter { $0.isASCII && !"\"\\".contains($0) && $0 >= " " }
        return """
            name: \(new.name)
            title: "\(new.name)"
            numbers: ["\(number)"]
            """
    }
}
