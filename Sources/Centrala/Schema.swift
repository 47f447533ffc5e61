// `centrala schema`: the hotline language as a JSON Schema, for editors that complete and check YAML while one types.

import ArgumentParser
import IVR

struct Schema: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print the JSON Schema of the hotline language.",
        discussion: """
            For editors with a YAML language server: centrala schema > hotline.schema.json, and as the first line of a
            hotline file: # yaml-language-server: $schema=hotline.schema.json
            """)

    func run() { print(HotlineSchema.json) }
}
