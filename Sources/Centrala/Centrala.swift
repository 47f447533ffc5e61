// The command: everything that a person does with Centrala from a terminal begins here.

import ArgumentParser

@main
struct Centrala: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "centrala",
        abstract: "A telephone hotline in one program: SIP, IVR, queues, consultants in the browser, recordings.",
        discussion: "Start with `centrala serve`. Every command explains itself with --help.",
        subcommands: [
            Serve.self, Check.self, Test.self, Call.self, Draw.self, Schema.self, Reload.self, Simulate.self,
            Render.self,
            Speak.self,
        ]
    )
}
