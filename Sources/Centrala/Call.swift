// `centrala call`: a hotline walked with the keyboard, before anybody dials it.

import ArgumentParser
import Foundation
import IVR
import Timing
import YAML

struct Call: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Walk through a hotline with the keyboard, as a caller would.",
        discussion: """
            What would be heard is printed. Type keys (1, 12#) and Enter; Enter alone hears a text to its end or lets the time
            pass that the hotline waits. What others do (a consultant who answers) is offered as letters. Nothing is called,
            stored or asked outside.
            """)

    @Argument(help: "The hotline file.")
    var file: String

    @Option(help: "When the call comes, in the hotline's time zone: \"2026-02-03 10:15\". Now, unless given.")
    var at: String?

    @Option(help: "The caller's number, or anonymous.")
    var from = "+48600000000"

    @Option(help: "The language of this command's own words: pl or en.")
    var language = ReportLanguage.pl

    @Option(help: "The folder of recorded prompts.")
    var prompts = "prompts"

    func run() throws {
        let hotline = try HotlineFiles.read(file, prompts: prompts)
        var call = KeyboardCall(
            hotline, caller: try caller(), unixMilliseconds: try moment(hotline), language: language)
        show(call.begin())
        while !call.isOver {
            print("(\(call.prompt))\n> ", terminator: "")
            flush()
            guard let line = readLine() else {
                show(call.hangUp())
                break
            }
            show(call.type(line))
        }
    }

    private func show(_ lines: [String]) {
        for line in lines { print(line) }
    }

    private func caller() throws -> String? {
        if from == "anonymous" { return nil }
        guard let number = PhoneNumber.normalised(from) else {
            throw ValidationError("\(from) is no telephone number and not 'anonymous'.")
        }
        return number
    }

    private func moment(_ hotline: Hotline) throws -> Int64 {
        guard let at else { return Clock.unixMilliseconds() }
        guard let moment = hotline.unixMilliseconds(at: at) else {
            throw ValidationError("\(at) is no local time, such as \"2026-02-03 10:15\".")
        }
        return moment
    }
}
